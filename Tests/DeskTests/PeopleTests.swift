// Agents, their groups, skills, keys and invitation links, and calendars, as administrators set them at the desk.
import Center
import Foundation
import HTTPTypes
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct PeopleTests {
    private struct Office: Sendable {
        let stage: DeskStage
        let ada: Browser

        var admin: String { "\(ada.base)/admin" }
        var directory: Directory { get throws { try stage.agent("ada").directory } }

        func agent(_ login: String) throws -> Agent { try #require(try directory.agent(login: login)) }

        func post(_ path: String, _ fields: [(String, String)] = []) async throws -> TestResponse {
            try await stage.postAll("\(admin)/\(path)", fields, as: ada)
        }

        /// A link for the agent, from the desk's path on.
        func link(_ login: String) async throws -> String {
            let page = try await post("agents/\(try agent(login).id.raw)/invite")
            return try #require(page.minted.first)
        }

        func accept(_ link: String, _ new: String, again: String? = nil) async throws -> TestResponse {
            let key = String(link.split(separator: "=").last ?? "")
            return try await stage.post(
                "/s/north/desk/invitation", ["key": key, "new": new, "again": again ?? new])
        }
    }

    private func run(
        _ kind: EngineKind, clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        _ body: @escaping @Sendable (Office) async throws -> Void
    ) async throws {
        try await DeskStage.run(kind, clock: clock) { stage in
            try await body(Office(stage: stage, ada: try await stage.signIn("ada")))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an agent is made and sets a password by a link, once`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let fields = [
                ("login_name", "eva"), ("user_name", "Eva Lund"), ("email_address", "eva@example.com"),
                ("admin_level", "agent"),
            ]
            func refused(_ field: String, _ typed: String) async throws -> String {
                let page = try await office.post("agents", fields.filter { $0.0 != field } + [(field, typed)])
                #expect(
                    page.status == RefusedForm.status
                        && page.text.contains("Eva Lund") == (field != "user_name"))
                return page.problem("new-agent-\(field)")
            }
            #expect(
                try await refused("login_name", "e v a") == "Login name cannot be empty or contain spaces.")
            #expect(try await refused("user_name", "") == "User name cannot be empty.")
            #expect(try await refused("email_address", "eva").contains("ana@example.com"))
            let taken = try await office.post("agents", fields.dropFirst() + [("login_name", "ana")])
            #expect(taken.text.contains("Another agent has this login name."))
            let made = try await office.post("agents", fields)
            let eva = try office.agent("eva")
            #expect(made.headers[.location] == "\(office.admin)/agents/\(eva.id.raw)?said=agent-made")
            #expect(!eva.hasPassword && eva.emailAddress == "eva@example.com")

            let first = try await office.link("eva")
            let link = try await office.link("eva")
            #expect(link.hasPrefix("/s/north/desk/invitation?key=") && link != first)
            let old = try await office.stage.get(first)
            #expect(old.status == .notFound && old.text.contains("Ask your administrator"))
            let page = try await office.stage.get(link)
            #expect(
                page.status == .ok && page.text.contains("Eva Lund")
                    && page.text.contains("data-test=\"login\">eva<"))
            #expect(
                page.headers[.init("Referrer-Policy")!] == "no-referrer"
                    && page.headers[.cacheControl] == "no-store")
            #expect(try await office.accept(link, "short").text.contains("too short"))
            #expect(
                try await office.accept(link, "a fine sentence", again: "another").text.contains("differ"))
            #expect(try await office.accept(link, "Eva Lund").text.contains("must not be your name"))
            let set = try await office.accept(link, DeskStage.password)
            #expect(set.headers[.location] == "/s/north/desk/sign-in?said=password-set")
            #expect(
                try await office.stage.get("/s/north/desk/sign-in?said=password-set").text.contains("is set"))
            #expect(try await office.accept(link, "another sentence").status == .notFound)
            #expect(!(try await office.stage.signIn("eva").csrf.isEmpty))
            #expect(try await office.stage.get("/s/south/desk/invitation?key=x").status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a link for a forgotten password ends the sessions, and itself in time`(_ kind: EngineKind)
        async throws
    {
        let clock = TestClock()
        try await run(kind, clock: clock.read) { office in
            let ana = try await office.stage.signIn("ana")
            let errand = try await office.stage.arrives("In hand")
            _ = try await office.stage.post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
            let link = try await office.link("ana")
            #expect(try await office.stage.get(ana.base, as: ana).status == .ok, "a link alone ends nothing")
            // Locked out by guesses, as who forgot a password often is.
            for _ in 0...5 {
                _ = try await office.stage.post(
                    "/s/north/desk/sign-in", ["login_name": "ana", "password": "guess"])
            }
            #expect(try await office.accept(link, "a brand new sentence").status == .seeOther)
            #expect(try await office.stage.get(ana.base, as: ana).status == .seeOther)
            #expect(try await office.stage.view(errand, of: "ada").itemState == .waiting)
            #expect(try await office.stage.state(of: "ana").presence == .signedOut)
            let old = try await office.stage.post(
                "/s/north/desk/sign-in", ["login_name": "ana", "password": DeskStage.password])
            #expect(old.status == .unauthorized)
            let new = try await office.stage.post(
                "/s/north/desk/sign-in", ["login_name": "ana", "password": "a brand new sentence"])
            #expect(new.status == .seeOther)

            let late = try await office.link("bo")
            clock.move(hours: 7 * 24 - 1)
            #expect(try await office.stage.get(late).status == .ok)
            clock.move(hours: 1)
            #expect(try await office.stage.get(late).status == .notFound)
            #expect(try await office.accept(late, "a brand new sentence").status == .notFound)
            try await office.stage.floor.forgetInvitations()
            #expect(try await invitations(office.stage) == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a link ends with its agent, and with a password that is changed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let cy = try office.agent("cy").id.raw
            let link = try await office.link("cy")
            _ = try await office.post("agents/\(cy)/delete")
            _ = try await office.post("agents/\(cy)/revive")
            #expect(try await office.stage.get(link).status == .notFound)
            let other = try await office.link("bo")
            let bo = try await office.stage.signIn("bo")
            _ = try await office.stage.post(
                "\(bo.base)/account/password",
                ["old": DeskStage.password, "new": "a brand new sentence", "again": "a brand new sentence"],
                as: bo)
            #expect(try await office.stage.get(other).status == .notFound)
            #expect(try await invitations(office.stage) == 0)
            // Another site's form is refused, and the secret stands in no row.
            let third = try await office.link("ana")
            let key = String(third.split(separator: "=").last ?? "")
            let foreign = try await office.stage.desk.execute(
                uri: "/s/north/desk/invitation", method: .post,
                headers: [
                    .init("Sec-Fetch-Site")!: "cross-site", .contentType: "application/x-www-form-urlencoded",
                ],
                body: .init(string: "key=\(key)&new=abcdefghij&again=abcdefghij"))
            #expect(foreign.status == .forbidden)
            let stored = try await office.stage.floor.store.read { reader in
                try reader.query("SELECT digest FROM invitation")
            }
            #expect(stored.count == 1 && stored[0].text("digest") != key)
        }
    }

    private func invitations(_ stage: DeskStage) async throws -> Int64? {
        try await stage.floor.store.read { reader in
            try reader.query("SELECT COUNT(*) AS n FROM invitation").first?.int("n")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an agent's name, level and skills are changed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            #expect(try await office.post("skills", [("name", " German ")]).status == .seeOther)
            let twice = try await office.post("skills", [("name", "GERMAN")])
            #expect(twice.problem("new-skill-name") == "There is the skill German already.")
            _ = try await office.post("skills", [("name", "Danish")])
            let skills = try office.directory.skills
            #expect(skills.map(\.name) == ["German", "Danish"])
            let ana = try office.agent("ana").id
            let path = "agents/\(ana.raw)"
            let german = "skill.\(skills[0].id.raw)"
            let wrong = try await office.post("\(path)/skills", [(german, "21")])
            #expect(wrong.problem("agent-skills-\(german)").contains("from 1 to 20"))
            #expect(try await office.post("\(path)/skills", [(german, "3")]).status == .seeOther)
            #expect(try office.agent("ana").skills == [AgentSkill(skill: skills[0].id, level: 3)])
            _ = try await office.post("\(path)/skills", [(german, "")])
            #expect(try office.agent("ana").skills.isEmpty)

            let told = try await office.post(
                "\(path)/identity",
                [
                    ("user_name", "Ana Berg-Lind"), ("email_address", ""),
                    ("admin_level", "group_administrator"),
                ])
            #expect(told.status == .seeOther)
            #expect(try office.agent("ana").adminLevel == .group_administrator)
            #expect(try office.agent("ana").userName == "Ana Berg-Lind")
            let last = try await office.post(
                "agents/\(try office.agent("ada").id.raw)/identity",
                [("user_name", "Ada Lund"), ("email_address", ""), ("admin_level", "agent")])
            #expect(last.status == RefusedForm.status && last.text.contains("last administrator"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `access keys are made, listed and revoked on the agent's page`(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await run(kind, clock: clock.read) { office in
            let ana = try office.agent("ana").id
            let path = "agents/\(ana.raw)"
            let over = try await office.post("\(path)/keys", [("expiry", "2020-01-01")])
            #expect(over.problem("new-key-expiry").contains("is over"))
            let made = try await office.post("\(path)/keys", [("expiry", "2026-03-31")])
            #expect(made.minted.count == 2 && made.minted.allSatisfy { $0.count == 40 })
            let (id, secret) = (made.minted[0], made.minted[1])
            let workspace = try office.directory.workspace
            #expect(try await office.stage.floor.accessKey(id, in: workspace)?.secret == secret)
            let page = try await office.stage.get("\(office.admin)/\(path)", as: office.ada)
            #expect(page.rows("access-key").count == 1 && !page.text.contains(secret))
            #expect(page.rows("access-key")[0].contains("in force") && page.text.contains("1 Apr 0:00"))
            let revoked = try await office.post("\(path)/keys/revoke", [("key", id)])
            #expect(revoked.headers[.location] == "\(office.admin)/\(path)?said=key-revoked")
            #expect(try await office.stage.floor.accessKey(id, in: workspace) == nil)
            let unknown = try await office.post("\(path)/keys/revoke", [("key", "x")])
            #expect(unknown.status == .notFound)
            let after = try await office.stage.get("\(office.admin)/\(path)", as: office.ada).rows(
                "access-key")
            #expect(after.count == 1 && after[0].contains("revoked") && !after[0].contains("<form"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `groups are made, changed and deleted, and count at once`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let ada = try await office.stage.get(office.ada.base, as: office.ada).text
            #expect(ada.contains("You are in no agent group that serves an area"))
            #expect(ada.contains("As an administrator you may open every area"))
            let nameless = try await office.post("groups", [("name", " ")])
            #expect(nameless.problem("new-group-name") == "Name has 1 to 200 characters.")
            #expect(try await office.post("groups", [("name", "sellers")]).text.contains("has this name"))
            let made = try await office.post("groups", [("name", "night")])
            let night = try #require(try office.directory.groups.first { $0.name == "night" })
            #expect(made.headers[.location] == "\(office.admin)/groups/\(night.id)?said=queue-changed")
            let vault = try #require(try office.directory.areas.first { $0.name == "Vault" }).id
            let bo = try office.agent("bo").id
            let cy = try office.agent("cy").id
            let path = "groups/\(night.id)"
            // Every open desk looks anew at what waits where.
            let heard = Heard()
            let interest = Interest(
                workspace: try office.directory.workspace, agent: cy, errand: nil, floor: office.stage.floor)
            let listening = try office.stage.floor.bus.listen { events in
                let isLast = events.contains { $0.kind == .groupChanged }
                heard.add("cy", interest.pings(events).map(\.0), last: isLast)
            }
            let saved = try await office.post(
                path,
                [
                    ("name", "late"), ("areas.\(vault)", "yes"), ("agents.\(bo.raw)", "yes"),
                    ("agents.\(cy.raw)", "yes"),
                ])
            #expect(saved.status == .seeOther)
            #expect(try office.agent("bo").areas.contains(vault))
            await heard.everybodySawTheEnd(1)
            listening.cancel()
            #expect(heard.pings("cy") == [.counts])
            // Who is deleted meanwhile is still in it when coming back.
            _ = try await office.post("agents/\(cy.raw)/delete")
            _ = try await office.post(path, [("name", "late"), ("areas.\(vault)", "yes")])
            #expect(try office.directory.groups.first { $0.id == night.id }?.agents == [cy])
            #expect(try !office.agent("bo").areas.contains(vault))
            let other = try await office.stage.signIn("ana")
            for path in ["groups", path] {
                #expect(try await office.stage.get("\(office.admin)/\(path)", as: other).status == .forbidden)
                #expect(
                    try await office.stage.post("\(office.admin)/\(path)", ["name": "x"], as: other).status
                        == .forbidden)
            }
            let gone = try await office.post("\(path)/delete")
            #expect(gone.headers[.location] == "\(office.admin)/groups?said=group-deleted")
            #expect(try await office.post("\(path)/delete").status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `many areas and agents are named a line each`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let areas = (1...PickedList.ticksMax).map { "{name: Area \($0)}" }.joined(separator: ", ")
            let file = "workspace: north\nareas: [\(areas)]"
            _ = try await office.stage.floor.provision(try ProvisionFile.read(file, name: "many.yaml"))
            let group = try #require(try office.directory.groups.first { $0.name == "sellers" })
            let path = "groups/\(group.id)"
            let page = try await office.stage.get("\(office.admin)/\(path)", as: office.ada).text
            #expect(page.contains("<textarea id=\"group-areas\"") && page.contains("\nSales</textarea>"))
            let unknown = try await office.post(path, [("name", "sellers"), ("areas", "Sales\nArea x")])
            #expect(
                unknown.problem("group-areas").contains("Area x") && unknown.text.contains("Sales\nArea x"))
            let ana = try office.agent("ana").id.raw
            _ = try await office.post(
                path, [("name", "sellers"), ("areas", " Area 7 \r\n\r\nArea 200"), ("agents.\(ana)", "yes")])
            let names = try office.agent("ana").areas.compactMap { try office.directory.areaName($0) }
            #expect(names == ["Area 7", "Area 200"])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a calendar is deleted once nobody keeps its hours`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let file = """
                workspace: north
                calendars: [{name: office, hours: {mon: ["08:00-17:00"]}}]
                areas: [{name: Sales, calendar: office}]
                call_centers: [{service_user_id: help@example.com, name: Help, calendar: office}]
                """
            _ = try await office.stage.floor.provision(try ProvisionFile.read(file, name: "c.yaml"))
            let calendar = try #require(try office.directory.calendars.first)
            let path = "calendars/\(calendar.id)/delete"
            let refused = try await office.post(path)
            #expect(refused.status == .conflict)
            #expect(refused.text.contains("Help, Sales keep its hours; choose another calendar there first."))
            let other = try await office.stage.signIn("ana")
            #expect(
                try await office.stage.post("\(office.admin)/\(path)", [:], as: other).status == .forbidden)
            let free = """
                workspace: north
                areas: [{name: Sales, calendar: null}]
                """
            _ = try await office.stage.floor.provision(try ProvisionFile.read(free, name: "d.yaml"))
            let help = try #require(try office.directory.callCenters.first)
            #expect(try await office.post(path).text.contains("Help keeps its hours"))
            _ = try await office.post("call-centers/\(help.id)/delete")
            let gone = try await office.post(path)
            #expect(gone.headers[.location] == "\(office.admin)/calendars?said=calendar-deleted")
            #expect(try office.directory.calendars.isEmpty)
            #expect(try await office.post(path).status == .notFound)
        }
    }
}
