// Lists: tabs, counts, pages that stay put, filters, and taking from the list.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import Store
import TestStores
import Testing

@testable import Center
@testable import Desk

@Suite struct ListTests {
    @Test(arguments: EngineKind.tested)
    func pagesStayPutWhileErrandsArrive(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let count = ListLimits.pageMax * 2 + 20
            var ids: [Int64] = []
            for n in 0..<count {
                // Several in one millisecond too.
                if n % 3 == 0 { clock.move(ms: 1) }
                ids.append(try await stage.arrives("Errand \(n)").raw)
            }
            let ana = try await stage.signIn("ana")
            for order in ["oldest", "newest"] {
                var seen: [Int64] = []
                var next: String? = "\(ana.base)/areas/\(try stage.sales())?list=new&order=\(order)"
                while let address = next {
                    let page = try await stage.get(address, as: ana).text
                    let shown = rows(page)
                    #expect(shown.count <= ListLimits.pageMax)
                    seen += shown
                    // One arrives while the agent reads.
                    clock.move(ms: 1)
                    _ = try await stage.arrives("Late")
                    next = link("next-page", in: page)
                }
                let wanted = order == "oldest" ? ids : ids.reversed()
                #expect(seen.filter { ids.contains($0) } == wanted)
                #expect(Set(seen).count == seen.count)
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func tabsHoldWhatTheySayAndCountIt(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            let waiting = try await stage.arrives("Waiting")
            let mine = try await stage.arrives("Ana's")
            let bos = try await stage.arrives("Bo's")
            let closed = try await stage.arrives("Closed")
            for (errand, browser) in [(mine, ana), (bos, bo), (closed, bo)] {
                let path = "\(browser.base)/errands/\(errand)"
                let taken = try await stage.post("\(path)/take", [:], as: browser)
                #expect(taken.headers[.location] == path)
            }
            let version = between(
                "name=\"version\" value=\"", "\"",
                in: try await stage.get("\(bo.base)/errands/\(closed)", as: bo).text)
            _ = try await stage.post("\(bo.base)/errands/\(closed)/close", ["version": version], as: bo)
            let area = "\(ana.base)/areas/\(try stage.sales())"
            for (list, wanted) in [
                ("new", [waiting]), ("mine", [mine]), ("taken", [mine, bos]), ("closed", [closed]),
            ] {
                let page = try await stage.get("\(area)?list=\(list)", as: ana).text
                #expect(rows(page) == wanted.map(\.raw))
                #expect(between("id=\"count-new\" data-count>", "<", in: page) == "1")
                #expect(between("id=\"count-mine\" data-count>", "<", in: page) == "1")
                #expect(between("id=\"count-taken\" data-count>", "<", in: page) == "2")
            }
            #expect(try await rows(stage.get("\(ana.base)/mine", as: ana).text) == [mine.raw])
            #expect(try await rows(stage.get("\(bo.base)/mine?list=closed", as: bo).text) == [closed.raw])
            #expect(try await rows(stage.get("\(ana.base)/mine?list=closed", as: ana).text).isEmpty)
            let areas = try await stage.get("\(ana.base)/areas", as: ana).text
            #expect(areas.contains(">Sales</a>") && !areas.contains(">Vault</a>"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func filtersNarrowAndKeepThroughTabsAndPages(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let old = try await stage.arrives("Old", from: "Åsa@Example.com")
            clock.move(hours: 24)
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            let recent = try await stage.arrives("Recent", from: "åsa@example.COM")
            let other = try await stage.arrives("Other", from: "kim@example.com")
            let area = "\(ana.base)/areas/\(try stage.sales())"
            func found(_ query: String) async throws -> [Int64] {
                rows(try await stage.get("\(area)?\(query)", as: ana).text)
            }
            #expect(try await found("address=%C3%A5sa%40example.com") == [old.raw, recent.raw])
            #expect(try await found("address=nobody%40example.com").isEmpty)
            #expect(try await found("address=sa%40example.com").isEmpty)
            #expect(try await found("from=2026-03-03") == [recent.raw, other.raw])
            #expect(try await found("until=2026-03-02") == [old.raw])
            #expect(
                try await found("from=2026-03-03&until=2026-03-03&address=kim%40example.com") == [other.raw])
            #expect(try await found("channel=form") == [old.raw, recent.raw, other.raw])
            #expect(try await found("channel=email").isEmpty)
            for (errand, browser) in [(old, ana), (recent, bo)] {
                _ = try await stage.post("\(browser.base)/errands/\(errand)/take", [:], as: browser)
            }
            let boID = try stage.agent("bo").agent.id.raw
            #expect(try await found("list=taken&agent=\(boID)") == [recent.raw])
            #expect(
                try await found("list=taken&agent=\(boID)&address=%C3%A5sa%40example.com") == [recent.raw])
            #expect(try await found("list=closed&agent=\(boID)").isEmpty)
            let page = try await stage.get("\(area)?list=taken&agent=\(boID)&from=2026-03-01", as: ana).text
            #expect(page.contains("list=closed&amp;agent=\(boID)&amp;from=2026-03-01"))
            let file = try ProvisionFile.read("workspace: north\ntags: [rush, odd]", name: "tags.yaml")
            _ = try await stage.floor.provision(file)
            let (directory, agent) = try stage.agent("ana")
            let rush = try #require(directory.tags.first { $0.name == "rush" }).id
            let principal = Principal(workspace: directory.workspace, actor: .agent(agent.id), via: .desk)
            try await stage.floor.tagErrand(other, rush, by: principal)
            try await stage.floor.tagErrand(old, rush, by: principal)
            #expect(try await found("tag=\(rush)") == [other.raw])
            #expect(try await found("tag=\(rush)&list=taken&order=newest") == [old.raw])
            #expect(try await found("tag=\(rush)&address=kim%40example.com&channel=form") == [other.raw])
            #expect(try await found("tag=\(rush)&from=2026-03-04").isEmpty)
            // One that too many have is looked for along the list.
            try await stage.tagManyOthers(rush)
            #expect(try await found("tag=\(rush)") == [other.raw])
            for bad in [
                "list=lost", "order=up", "after=x", "after=1", "agent=999", "channel=fax", "tag=999",
                "from=2026-02-30",
            ] {
                #expect(try await stage.get("\(area)?\(bad)", as: ana).status == .badRequest)
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func aFilterThatFindsLittleSaysHowFarItLooked(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let first = try await stage.arrives("The only one")
            let sales = try stage.sales()
            // More than one scan looks at, all by another channel.
            let copies = ListLimits.scanMax + 5
            try await stage.copy(first, times: copies, channel: "email")
            let ana = try await stage.signIn("ana")
            clock.move(hours: 1)
            let last = try await stage.arrives("The last one")
            let page = try await stage.get("\(ana.base)/areas/\(sales)?channel=form", as: ana).text
            #expect(rows(page) == [first.raw])
            #expect(page.contains("Looked as far as"))
            let next = try #require(link("next-page", in: page))
            let further = try await stage.get(next, as: ana).text
            #expect(rows(further) == [last.raw])
            #expect(link("next-page", in: further) == nil)
            let count = between(
                "id=\"count-new\" data-count>", "<",
                in: try await stage.get("\(ana.base)/areas/\(sales)", as: ana).text)
            #expect(count == "999+")
        }
    }

    @Test(arguments: EngineKind.tested)
    func onlyWhoWorksIsShownTheButtonToTake(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            let errand = try await stage.arrives("Take me")
            let path = "/s/north/desk/areas/\(try stage.sales())"
            let ana = try await stage.signIn("ana")
            #expect(try await stage.get(path, as: ana).text.contains("data-test=\"take-from-list\""))
            let di = try await stage.signIn("di")
            let observed = try await stage.get(path, as: di).text
            #expect(rows(observed) == [errand.raw] && !observed.contains("take-from-list"))
            let refused = try await stage.post("/s/north/desk/errands/\(errand)/take", [:], as: di)
            #expect(refused.status == .forbidden)
            // An administrator sees areas of no group of theirs.
            let ed = try await stage.signIn("ed")
            #expect(try await rows(stage.get(path, as: ed).text) == [errand.raw])
            #expect(try await stage.get("\(ed.base)/areas", as: ed).text.contains("not in your groups"))
            let cy = try await stage.signIn("cy")
            for list in ErrandList.allCases {
                #expect(try await stage.get("\(path)?list=\(list.rawValue)", as: cy).status == .notFound)
            }
        }
    }

    /// Each list in both orders is one walk along one index: no sort, and no more than the page is read.
    @Test(arguments: EngineKind.tested)
    func everyOrderHasItsIndex(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let (directory, ana) = try stage.agent("ana")
            let sales = try #require(directory.areas.first { $0.name == "Sales" }).id
            let cursor = ListCursor(at: Instant(ms: 5), id: ErrandID(5))
            var byAgent = ListFilter()
            byAgent.agent = ana.id
            var byDay = ListFilter()
            byDay.from = Instant(ms: 1)
            byDay.until = Instant(ms: 9)
            let scopes: [(ListScope, [ErrandList])] = [
                (.area(sales), ErrandList.allCases), (.own, [.mine, .closed]),
            ]
            for (scope, lists) in scopes {
                for list in lists {
                    for filter in [ListFilter(), byAgent, byDay] {
                        for cards in [nil, [ContactID(1)]] {
                            for newestFirst in [false, true] {
                                let query = ListQuery(
                                    workspace: directory.workspace, scope: scope, list: list, filter: filter,
                                    cards: cards, asking: ana.id, newestFirst: newestFirst, tagIsRare: false)
                                for after in [nil, cursor] {
                                    let plan = try await stage.plan(query.scan(after: after, limit: 51))
                                    let what = "\(scope) \(list) \(filter) \(newestFirst): \(plan)"
                                    #expect(
                                        !plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "\(what)")
                                    #expect(!plan.contains("SCAN") && !plan.contains("Seq Scan"), "\(what)")
                                    #expect(plan.contains("errand_"), "\(what)")
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func rows(_ page: String) -> [Int64] {
        page.components(separatedBy: "<tr data-row=\"").dropFirst().compactMap {
            Int64($0.prefix { $0 != "\"" })
        }
    }

    private func link(_ id: String, in page: String) -> String? {
        let address = between("id=\"\(id)\" href=\"", "\"", in: page)
        return address.isEmpty ? nil : address.replacing("&amp;", with: "&")
    }
}

extension DeskStage {
    func sales() throws -> AreaID {
        let directory = try #require(floor.roster.workspace(named: "north"))
        return try #require(directory.areas.first { $0.name == "Sales" }).id
    }

    /// Copies of an errand's row, past every verb: for lists longer than a test could fill.
    func copy(_ errand: ErrandID, times: Int, channel: String) async throws {
        let kept = try await floor.store.engine.read { reader in
            try reader.query("SELECT workspace, area, contact, arrived_at FROM errand WHERE id = \(errand)")[
                0]
        }
        let connection = try floor.store.engine.connect()
        defer { connection.close() }
        try connection.begin()
        for n in 0..<times {
            try connection.execute(
                """
                INSERT INTO errand (workspace, id, state, area, channel, work_item, contact, priority, thread,
                    subject, from_name, from_address, arrived_at, handling_ms, changed_at, version)
                VALUES (\(kept.int("workspace")), \(1_000_000 + n), 1, \(kept.int("area")), \(channel),
                    \(1_000_000 + n), \(kept.int("contact")), 0, \(1_000_000 + n), 'Copy', '', 'x@example.com',
                    \(kept.int("arrived_at")), 0, 0, 1)
                """)
        }
        try connection.commit()
    }

    /// Puts a tag on more errands than are looked at, none of which is in any list.
    func tagManyOthers(_ tag: Int64) async throws {
        let workspace = try agent("ana").directory.workspace
        let connection = try floor.store.engine.connect()
        defer { connection.close() }
        try connection.begin()
        for n in 0...ListLimits.scanMax {
            try connection.execute(
                """
                INSERT INTO errand_tag (workspace, errand, tag, at)
                VALUES (\(workspace), \(2_000_000 + n), \(tag), 0)
                """)
        }
        try connection.commit()
    }

    /// How the engine would run the statement; on PostgreSQL, which prefers to read small tables whole, forbidden to.
    func plan(_ sql: SQL) async throws -> String {
        let dialect = floor.store.engine.dialect
        let connection = try floor.store.engine.connect()
        defer { connection.close() }
        switch dialect {
        case .sqlite:
            return try connection.query("EXPLAIN QUERY PLAN " + sql).map { $0.text("detail") }
                .joined(separator: "\n")
        case .postgres:
            try connection.executeNow("SET enable_seqscan = off; SET enable_bitmapscan = off")
            return try connection.query("EXPLAIN " + sql).map { $0.text("QUERY PLAN") }.joined(
                separator: "\n")
        }
    }
}
