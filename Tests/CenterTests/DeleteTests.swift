// Deleting an agent, an area or a skill returns or refuses its work, and never strands it.

import Routing
import Store
import TestStores
import Testing

@testable import Center

/// The refusal that `body` ends in; nil when it succeeds.
func refusal(_ body: () async throws -> Void) async throws -> Refusal? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal
    }
}

extension Refusal {
    var kind: String { String("\(self)".prefix { $0 != "(" }) }
}

@Suite struct DeleteTests {
    @Test(arguments: EngineKind.tested)
    func `a deleted agent's offers are withdrawn, work goes back to the head, sessions and keys end`(
        _ kind: EngineKind
    ) async throws {
        let file = CenterStage.file + "access_keys:\n  - {name: page, agent: ana}\n"
        try await CenterStage.run(kind, file: file) { stage in
            let ana = try stage.agent("ana")
            try await stage.ready("ana")
            let first = try await stage.arrives("support")
            try await stage.accepts("ana")
            let offeredErrand = try await stage.arrives("support", from: "lea@example.com")
            let offered = try #require(try await stage.offer(to: "ana"))
            let late = try await stage.arrives("support", from: "mo@example.com")
            try await stage.plantSession(of: ana)

            try await stage.floor.deleteAgent(ana, by: try stage.by("root"))
            #expect(stage.directory.agent(ana)?.active == false)
            #expect(try await stage.look { $0.agentRecord(ana) } == nil)
            for errand in [first, offeredErrand, late] {
                #expect(try await stage.item(of: errand)?.state == .waiting)
            }
            #expect(try await stage.item(of: first)?.firstOffered != nil, "at the head, as bounced work")
            let gone = try await refusal {
                _ = try await stage.floor.acceptOffer(
                    offered.id, epoch: offered.epoch, by: try stage.by("ana"))
            }
            #expect(gone?.kind == "forbidden")
            for table in ["session WHERE agent", "access_key WHERE revoked_at IS NULL AND agent"] {
                let left = try await stage.count(
                    SQL(name: "SELECT COUNT(*) AS n FROM \(table) = \(ana.raw)"))
                #expect(left == 0, "\(table)")
            }
            let records = try await stage.rows(
                "SELECT action FROM login_record WHERE agent = \(ana) ORDER BY id")
            #expect(records.map { $0.text("action") } == ["Login", "Logout"])
            try await stage.audit("deleted")

            try await stage.floor.deleteAgent(ana, by: try stage.by("root"))
            try await stage.restart()
            try await stage.audit("restarted")
            try await stage.ready("cy")
            #expect(try await stage.accepts("cy") == first)

            try await stage.floor.reviveAgent(ana, by: try stage.by("root"))
            #expect(try await stage.record("ana").presence == .signedOut)
            try await stage.ready("ana")
            #expect(try await stage.accepts("ana") == late, "cy is asked for the other one")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `who may delete, and whom not`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let bo = try stage.agent("bo")
            let root = try stage.agent("root")
            let unknown = AgentID(99)
            let token = try #require(stage.directory.tokens.first)
            let site = Principal(workspace: stage.workspace, actor: .token(token.id), via: .cention)
            let cases: [(Principal, AgentID, String?)] = [
                (try stage.by("ana"), bo, "forbidden"), (try stage.by("ole"), bo, "forbidden"),
                (site, bo, "forbidden"), (try stage.by("root"), unknown, "notFound"),
                (try stage.by("root"), root, "conflict"), (stage.operatorHere, root, "conflict"),
            ]
            for (principal, agent, expected) in cases {
                let said = try await refusal { try await stage.floor.deleteAgent(agent, by: principal) }
                #expect(said?.kind == expected)
            }
            let area = try stage.area("Sales").id
            let french = try stage.skill("french")
            let said = [
                try await refusal { try await stage.floor.deleteArea(area, by: try stage.by("ana")) },
                try await refusal { try await stage.floor.deleteSkill(french, by: try stage.by("ana")) },
                try await refusal { try await stage.floor.reviveAgent(bo, by: try stage.by("ana")) },
            ]
            #expect(said.map { $0?.kind } == ["forbidden", "forbidden", "forbidden"])
            #expect(stage.directory.agent(bo)?.active == true)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an agent comes back only while nobody else has the e-mail address`(_ kind: EngineKind) async throws
    {
        let file = """
            workspace: north
            agents:
              - {login_name: ana, email_address: a@example.com}
              - {login_name: root, admin_level: administrator}
            """
        try await CenterStage.run(kind, file: file) { stage in
            let ana = try stage.agent("ana")
            try await stage.floor.deleteAgent(ana, by: stage.operatorHere)
            _ = try await stage.floor.provision(
                try ProvisionFile.read(
                    "workspace: north\nagents:\n  - {login_name: eva, email_address: A@example.com}\n",
                    name: "n.yaml"))
            let said = try await refusal { try await stage.floor.reviveAgent(ana, by: stage.operatorHere) }
            #expect(said?.kind == "conflict" && said?.message.contains("e-mail") == true)
            // Naming the deleted agent in a file does not bring it back, nor give it a key.
            _ = try await stage.floor.provision(
                try ProvisionFile.read(
                    "workspace: north\nagents:\n  - {login_name: ana, user_name: A}\n", name: "n.yaml"))
            #expect(stage.directory.agent(ana)?.active == false)
            await #expect(throws: ProvisionProblem.self) {
                _ = try await stage.floor.provision(
                    try ProvisionFile.read(
                        "workspace: north\naccess_keys:\n  - {name: k, agent: ana}\n", name: "n.yaml"))
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an area with work is refused, and says what to do`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let sales = try stage.area("Sales").id
            let errand = try await stage.arrives("sales")
            let root = try stage.by("root")
            let busy = try await refusal { try await stage.floor.deleteArea(sales, by: root) }
            #expect(busy?.message.hasPrefix("Sales has 1 open errand; close them first") == true)
            let itself = try await refusal {
                try await stage.floor.deleteArea(sales, movingTo: sales, by: root)
            }
            #expect(itself?.kind == "invalid")
            try await stage.floor.takeErrand(errand, by: try stage.by("bo"))
            try await stage.floor.closeErrand(
                errand, version: try await stage.version(errand), by: try stage.by("bo"))
            let landing = try await refusal { try await stage.floor.deleteArea(sales, by: root) }
            #expect(landing?.message.contains("access tokens sales") == true)
            #expect(try stage.area("Sales").id == sales)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the work of a deleted area goes on in another one`(_ kind: EngineKind) async throws {
        let file =
            CenterStage.file
            + "callbacks:\n  - {name: c, endpoint: \"http://localhost:9/\", areas: [Support]}\n"
        try await CenterStage.run(kind, file: file) { stage in
            let support = try stage.area("Support")
            let sales = try stage.area("Sales")
            try await stage.ready("cy")
            let inHand = try await stage.arrives("support")
            try await stage.accepts("cy")
            let offered = try await stage.arrives("support", from: "lea@example.com")
            #expect(try await stage.offer(to: "cy") != nil)
            let since = try await stage.item(of: inHand)?.state
            var waiting: [ErrandID] = []
            for n in 0..<AreaLimits.movedAtOnceMax {
                waiting.append(try await stage.arrives("support", from: "k\(n)@example.com"))
            }
            let first = try #require(waiting.first)
            let entered = try await stage.item(of: first)?.entered
            stage.clock.pass(s: 5)

            try await stage.floor.deleteArea(support.id, movingTo: sales.id, by: try stage.by("root"))
            #expect(stage.directory.area(support.id) == nil)
            #expect(stage.directory.areaName(support.id) == "Support")
            #expect(stage.directory.living(support.id)?.id == sales.id)
            #expect(try await stage.item(of: inHand)?.state == since, "in the same hands since the same time")
            #expect(try await stage.item(of: offered)?.state == .waiting, "cy has no part in Sales")
            #expect(try await stage.item(of: first)?.entered == entered)
            let elsewhere = try await stage.count(
                "SELECT COUNT(*) AS n FROM errand WHERE state = 1 AND area <> \(sales.id)")
            #expect(elsewhere == 0)
            let callback = try #require(stage.directory.callbacks.first)
            #expect(callback.areas == [support.id, sales.id])
            try await stage.audit("moved")

            let late = try await stage.arrives("support", from: "late@example.com")
            #expect(
                try await stage.rows("SELECT area FROM errand WHERE id = \(late)")[0].int("area")
                    == sales.id.raw)
            try await stage.floor.closeErrand(
                inHand, version: try await stage.version(inHand), by: try stage.by("cy"))
            try await stage.restart()
            try await stage.audit("restarted")
            try await stage.floor.deleteArea(support.id, by: try stage.by("root"))

            _ = try await stage.floor.provision(
                try ProvisionFile.read("workspace: north\nareas:\n  - {name: Support}\n", name: "n.yaml"))
            #expect(try stage.area("Support").id == support.id)
            #expect(try stage.area("Support").settings == support.settings)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a required skill is refused with its areas, a desired one is let go`(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind) { stage in
            let root = try stage.by("root")
            let german = try stage.skill("german")
            let said = try await refusal { try await stage.floor.deleteSkill(german, by: root) }
            #expect(said == .conflict("german is required by German; take it off there first."))
            try await stage.ready("bo")
            let errand = try await stage.arrives("sales")
            #expect(try await stage.offer(to: "bo") == nil, "french is wanted for 40 s")
            try await stage.floor.deleteSkill(try stage.skill("french"), by: root)
            #expect(try await stage.accepts("bo") == errand, "at once: nobody can have it any more")
            try await stage.restart()
            #expect(try stage.area("Sales").settings.desiredSkills.isEmpty)
            let again = try await refusal { try await stage.floor.deleteSkill(SkillID(99), by: root) }
            #expect(again?.kind == "notFound")
        }
    }
}

extension CenterStage {
    /// A session's row, without the time that hashing a password takes.
    func plantSession(of agent: AgentID) async throws {
        try await floor.perform(Plan("plant session", checksFirst: true), by: .system(workspace)) { work in
            try work.execute(
                """
                INSERT INTO session (workspace, digest, agent, csrf, via, created_at, seen_at, expires_at)
                VALUES (\(work.workspace), \("planted"), \(agent), \("c"), \("desk"), \(work.now), \(work.now),
                    \(work.now + 3_600_000))
                """)
        }
    }
}
