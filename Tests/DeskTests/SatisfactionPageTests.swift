// The customer's page of the satisfaction meter: looking counts nothing, a choice once, and nobody is recognised.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct SatisfactionPageTests {
    @Test(arguments: EngineKind.tested)
    func lookingCountsNothingAndAChoiceCountsOnce(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let (errand, paths) = try await stage.asked()
            // Mail programs look, ask for the head, and fetch ahead.
            for path in [paths[3], "/s/north" + paths[3], paths[3] + "/"] {
                for method in [HTTPRequest.Method.get, .head, .get] {
                    let page = try await stage.desk.execute(
                        uri: path, method: method,
                        headers: [.init("Purpose")!: "prefetch", .init("Sec-Purpose")!: "prefetch"])
                    #expect(page.status == .ok)
                    guard method == .get else { continue }
                    #expect(page.text.contains("North &amp; Sons"))
                    #expect(page.text.contains("How &lt;b&gt;did&lt;/b&gt; we do?"))
                    #expect(
                        page.text.contains(
                            "<strong dir=\"auto\" data-test=\"choice\">Good &amp; fine</strong>"))
                    #expect(page.text.contains("<form method=\"post\""))
                    #expect(!page.text.contains("<script") && !page.text.contains("csrf"))
                    #expect(page.headers[.setCookie] == nil)
                    let policy = try #require(page.headers[.contentSecurityPolicy])
                    #expect(
                        policy.hasPrefix("default-src 'none';") && policy.contains("frame-ancestors 'none'"))
                    #expect(page.headers[.frameOptions] == "DENY")
                    #expect(page.headers[.referrerPolicy] == "no-referrer")
                    #expect(page.headers[.cacheControl] == "no-store")
                }
            }
            #expect(
                try await stage.page(of: errand).contains("data-test=\"opinion\" dir=\"auto\">not answered"))
            let sent = try await stage.post(paths[3], [:])
            #expect(sent.status == .ok && sent.text.contains("has been counted"))
            #expect(sent.headers[.setCookie] == nil)
            for path in paths {
                let again = try await stage.post(path, [:])
                #expect(again.status == .ok)
                #expect(again.text.contains("Your answer has been given already: “Good &amp; fine”"))
                let look = try await stage.get(path)
                #expect(look.status == .ok && look.text.contains("given already"))
                #expect(!look.text.contains("<form"))
            }
            let page = try await stage.page(of: errand)
            #expect(page.contains("data-test=\"opinion\" dir=\"auto\">Good &amp; fine (4 of 5)"))
            #expect(page.contains("The customer answered how satisfied they are: 4 of 5"))
            // An agent reads what was asked, and has no link to answer it.
            #expect(page.contains("Sent with the question <q dir=\"auto\">How &lt;b&gt;did"))
            #expect(!page.contains("satisfaction/meter"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aLinkThatIsNotWholeSaysSo(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let (_, paths) = try await stage.asked()
            let broken = [
                String(paths[0].dropLast()), paths[0] + "0", "/s/south" + paths[0], "/s/nowhere" + paths[0],
                "\(SatisfactionLink.prefix)/aa/bb", "\(SatisfactionLink.prefix)/%00/%zz",
            ]
            for path in broken {
                for method in [HTTPRequest.Method.get, .post] {
                    let page = try await stage.desk.execute(uri: path, method: method)
                    #expect(page.status == .notFound, "\(path)")
                    #expect(page.text.contains("This link is not complete"))
                    #expect(!page.text.contains("North"))
                    #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
                }
            }
            let long = try await stage.desk.execute(
                uri: paths[0], method: .post, body: ByteBuffer(repeating: 97, count: 100_000))
            #expect(long.status == .contentTooLarge)
            #expect(try await stage.get(paths[0]).text.contains("<form"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func timeAndErasureEndIt(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let (_, paths) = try await stage.asked()
            clock.move(hours: 24 * SatisfactionLimits.openDays)
            for page in [try await stage.get(paths[1]), try await stage.post(paths[1], [:])] {
                #expect(page.status == .gone)
                #expect(page.text.contains("open for 90 days") && !page.text.contains("<form"))
            }
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            _ = try await stage.floor.eraseContact(
                address: "kim@example.com",
                by: Principal(workspace: directory.workspace, actor: .operator, via: .system))
            for page in [try await stage.get(paths[1]), try await stage.post(paths[1], [:])] {
                #expect(page.status == .gone && page.text.contains("has been deleted"))
                #expect(!page.text.contains("we do?"))
            }
        }
    }
}

extension DeskStage {
    /// An errand that ana answered, and the paths of its five links.
    fileprivate func asked() async throws -> (ErrandID, [String]) {
        let file = """
            workspace: north
            areas:
              - name: Sales
                satisfaction: {question: "How <b>did</b> we do?", labels: [Awful, Bad, Fair, Good & fine, Great]}
            """
        _ = try await floor.provision(try ProvisionFile.read(file, name: "asks.yaml"))
        let errand = try await arrives("Asked")
        let ana = try await signIn("ana")
        _ = try await post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
        let version = between("name=\"version\" value=\"", "\"", in: try await page(of: errand))
        let answered = try await post(
            "\(ana.base)/errands/\(errand)/answer", ["body": "Yes.", "version": version], as: ana)
        #expect(answered.status == .seeOther)
        let workspace = try #require(floor.roster.workspace(named: "north")).workspace
        return (errand, SatisfactionQuestion.levels.map { floor.satisfactionPath(errand, $0, in: workspace) })
    }

    fileprivate func page(of errand: ErrandID) async throws -> String {
        let ana = try await signIn("ana")
        return try await get("\(ana.base)/errands/\(errand)", as: ana).text
    }
}
