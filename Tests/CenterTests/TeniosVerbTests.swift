// What TENIOS's calls do to an agent: ready or not, details, wrap-up; on both engines, and replayed.
import Routing
import Store
import Testing
import TestStores

@testable import Center

@Suite struct TeniosVerbTests {
    private static func details(
        _ stage: CenterStage, acd: Bool = true, ready: Bool, skills: [String] = []
    ) -> ACDDetails {
        ACDDetails(
            cloudACDEnabled: acd, sipEnabled: false, externalNumberEnabled: true,
            externalNumber: "+4922155400300", isReady: ready,
            skills: stage.directory.skills.map { .init(name: $0.name, has: skills.contains($0.name)) })
    }

    private static func tenios(_ stage: CenterStage) -> Principal {
        Principal(workspace: stage.workspace, actor: .teniosKey(TeniosKeyID(1)), via: .tenios)
    }

    private static func isReady(_ login: String, _ stage: CenterStage) throws -> Bool {
        let agent = try #require(stage.directory.agent(login: login))
        return stage.floor.isReady(agent, in: stage.workspace)
    }

    @Test(
        "each presence is read as the table says, and each change does what it says",
        arguments: EngineKind.tested)
    func presences(_ kind: EngineKind) async throws {
        // From, its reason; asked, with a reason; to, its reason; and whether it was read as ready before.
        typealias Case = (Presence, String?, Bool, String?, Presence, String?, Bool)
        let cases: [Case] = [
            (.signedOut, nil, false, nil, .signedOut, nil, false),
            (.signedOut, nil, false, "lunch", .signedOut, nil, false),
            (.signedOut, nil, true, nil, .available, nil, false),
            (.signedIn, nil, false, nil, .unavailable, nil, false),
            (.signedIn, nil, true, "lunch", .available, nil, false),
            (.available, nil, true, nil, .available, nil, true),
            (.available, nil, false, nil, .unavailable, nil, true),
            (.available, nil, false, "lunch", .unavailable, "lunch", true),
            (.unavailable, "lunch", false, nil, .unavailable, nil, false),
            (.unavailable, nil, false, "lunch", .unavailable, "lunch", false),
            (.unavailable, "lunch", true, nil, .available, nil, false),
            (.wrapUp, nil, true, nil, .wrapUp, nil, true),
            (.wrapUp, nil, false, nil, .unavailable, nil, true),
        ]
        try await CenterStage.run(kind) { stage in
            let bo = try stage.agent("bo")
            for (number, (from, why, ready, reason, to, left, was)) in cases.enumerated() {
                try await stage.floor.setPresence(bo, .signedOut, by: try stage.by("bo"))
                if from != .signedOut {
                    try await stage.floor.setPresence(bo, from, reason: why, by: try stage.by("bo"))
                }
                #expect(try Self.isReady("bo", stage) == was, "case \(number)")
                let logins = try await stage.count("SELECT COUNT(*) AS n FROM login_record")
                try await stage.floor.setReadiness(
                    bo, Readiness(isReady: ready, reason: reason), by: Self.tenios(stage))
                let record = try await stage.record("bo")
                #expect(record.presence == to, "case \(number)")
                #expect(record.reason.flatMap(stage.directory.reason)?.code == left, "case \(number)")
                let records = try await stage.rows("SELECT action, via FROM login_record ORDER BY id")
                let signedIn = from == .signedOut && to != .signedOut
                #expect(Int64(records.count) == logins + (signedIn ? 1 : 0), "case \(number)")
                if signedIn {
                    #expect(records.last?.text("action") == "Login" && records.last?.text("via") == "tenios")
                }
                let desk = try await stage.floor.desk(bo, in: stage.workspace)
                #expect(desk.presence == to && desk.reason == record.reason, "case \(number)")
            }
        }
    }

    @Test("a refused change changes nothing", arguments: EngineKind.tested)
    func refusals(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let (bo, cy) = (try stage.agent("bo"), try stage.agent("cy"))
            try await stage.floor.deleteAgent(cy, by: stage.operatorHere)
            let before = try await stage.stored()
            let by = Self.tenios(stage)
            await #expect(throws: Refusal.invalid("There is no such not-ready reason.", pointer: "/reason")) {
                try await stage.floor.setReadiness(bo, Readiness(isReady: true, reason: "tea"), by: by)
            }
            await #expect(throws: Refusal.notFound("There is no such agent.")) {
                try await stage.floor.setReadiness(cy, Readiness(isReady: true), by: by)
            }
            await #expect(throws: Refusal.notFound("There is no such agent.")) {
                try await stage.floor.setACDDetails(cy, Self.details(stage, ready: true), by: by)
            }
            var details = Self.details(stage, ready: true)
            details.skills[0].name = details.skills[1].name
            let twice = details
            let missing = Refusal.invalid("Name every skill of the workspace once.", pointer: "/skills")
            await #expect(throws: missing) { try await stage.floor.setACDDetails(bo, twice, by: by) }
            await #expect(throws: Refusal.self) {
                try await stage.floor.setACDDetails(bo, Self.details(stage, acd: false, ready: true), by: by)
            }
            await #expect(throws: Refusal.conflict("This agent is not in wrap-up.")) {
                try await stage.floor.extendWrapUp(bo, until: stage.floor.now + 1_000, by: by)
            }
            await #expect(throws: Refusal.conflict("This agent is not in wrap-up.")) {
                try await stage.floor.cancelWrapUp(bo, by: by)
            }
            #expect(try await stage.stored() == before)
            #expect(try await stage.record("bo").presence == .signedOut)
        }
    }

    @Test(
        "details are set in one; skills keep their level; the router hears of it",
        arguments: EngineKind.tested)
    func details(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.provision(
                "workspace: north\nagents: [{login_name: cy, skills: [{name: german, level: 4}]}]")
            let cy = try stage.agent("cy")
            let by = Self.tenios(stage)
            try await stage.floor.setACDDetails(
                cy, Self.details(stage, ready: true, skills: ["german", "french"]), by: by)
            let agent = try #require(stage.directory.agent(cy))
            let levels = [try stage.skill("german"): Int64(4), try stage.skill("french"): 1]
            #expect(agent.skills.allSatisfy { levels[$0.skill] == $0.level } && agent.skills.count == 2)
            #expect(try await stage.agentSettings("cy").skills == agent.skills)
            #expect(agent.telephony.externalNumber == "+4922155400300" && !agent.telephony.sipEnabled)
            #expect(try await stage.record("cy").presence == .available)
            // Only the agent was read anew; the picture is that of the rows all the same.
            let workspace = stage.workspace
            let read = try await stage.floor.view { try Directory.read(workspace, $0) }
            #expect(read.agents == stage.directory.agents)
            // The same once more is a change of nothing: no line in the journal.
            let journal = try await stage.count("SELECT COUNT(*) AS n FROM journal")
            try await stage.floor.setACDDetails(
                cy, Self.details(stage, ready: true, skills: ["german", "french"]), by: by)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM journal") == journal)
            try await stage.floor.setACDDetails(
                cy, Self.details(stage, ready: false, skills: ["french"]), by: by)
            #expect(
                try #require(stage.directory.agent(cy)).skills.map(\.skill) == [try stage.skill("french")])
            #expect(try await stage.record("cy").presence == .unavailable)
            let told = try await stage.rows(
                "SELECT actor_kind, actor, via FROM journal WHERE kind = \("agent.changed") ORDER BY seq")
            #expect(told.map { $0.text("via") } == ["tenios", "tenios"])
            #expect(told.map { $0.text("actor_kind") } == ["tenios_key", "tenios_key"])
        }
    }

    @Test(
        "without the ACD an agent is not ready and is offered no calls, and errands go on",
        arguments: EngineKind.tested)
    func disabled(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let bo = try stage.agent("bo")
            let help = try #require(stage.center("help@example.com")).queue
            let by = Self.tenios(stage)
            try await stage.ready("bo")
            let before = try await stage.agentSettings("bo")
            #expect(before.capacity.call == 2 && before.queues.contains(help))
            try await stage.provision(
                "workspace: north\nagents: [{login_name: bo, cloud_acd_enabled: false}]")
            let after = try await stage.agentSettings("bo")
            #expect(after.capacity.call == 0 && !after.queues.contains(help))
            #expect(after.capacity.errand == before.capacity.errand)
            #expect(after.queues == before.queues.filter { $0 != help })
            #expect(try !Self.isReady("bo", stage))
            #expect(try await stage.record("bo").presence == .available)
            let why = try await stage.floor.explain(agent: bo, for: bo, in: stage.workspace).sentences
            #expect(why.contains("Calls are not offered to bo: cloud_acd_enabled is false."))
            try await stage.arrives("support")
            #expect(try await stage.accepts("bo") != nil)
            await #expect(throws: Refusal.self) {
                try await stage.floor.setReadiness(bo, Readiness(isReady: true), by: by)
            }
            try await stage.floor.setACDDetails(bo, Self.details(stage, ready: true), by: by)
            #expect(try await stage.agentSettings("bo") == before)
            #expect(try Self.isReady("bo", stage))
        }
    }

    @Test("what waits for the end of a call is what was said", arguments: EngineKind.tested)
    func pending(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("bo")
            try withConnection(stage) { connection in
                try connection.execute("UPDATE agent_state SET pending_presence = 3 WHERE presence = 2")
            }
            try await stage.restart()
            #expect(try !Self.isReady("bo", stage))
            try await stage.floor.setReadiness(
                try stage.agent("bo"), Readiness(isReady: true), by: Self.tenios(stage))
            let record = try await stage.record("bo")
            #expect(record.presence == .available && record.pending == nil)
            #expect(try Self.isReady("bo", stage))
        }
    }

    private func withConnection(_ stage: CenterStage, _ body: (any Connection) throws -> Void) throws {
        let connection = try stage.database.open().engine.connect()
        defer { connection.close() }
        try body(connection)
    }

    @Test("a wrap-up ends when it is told to", arguments: EngineKind.tested)
    func wrapUp(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let cy = try stage.agent("cy")
            let by = Self.tenios(stage)
            func wrapsUp() async throws {
                try await stage.arrives("support")
                let errand = try #require(try await stage.accepts("cy"))
                var answer = NewAnswer()
                answer.body = "Yes."
                try await stage.floor.answerErrand(
                    errand, answer, version: try await stage.version(errand), by: try stage.by("cy"))
            }
            try await stage.ready("cy")
            try await wrapsUp()
            let end = stage.floor.now + 100_000
            try await stage.floor.extendWrapUp(cy, until: end, by: by)
            #expect(try await stage.record("cy").wrapUpUntil == end)
            #expect(try Self.isReady("cy", stage))
            stage.clock.pass(s: 99)
            #expect(try await stage.record("cy").wrapUpUntil == end)
            stage.clock.pass(s: 1)
            #expect(try await stage.record("cy").wrapUpUntil == nil)
            try await wrapsUp()
            for until in [stage.floor.now, stage.floor.now + Floor.wrapUpAheadMaxMs + 1] {
                await #expect(throws: Refusal.self) {
                    try await stage.floor.extendWrapUp(cy, until: until, by: by)
                }
            }
            try await stage.floor.cancelWrapUp(cy, by: by)
            #expect(try await stage.record("cy").wrapUpUntil == nil)
            try await stage.floor.setPresence(cy, .wrapUp, by: try stage.by("cy"))
            try await stage.floor.extendWrapUp(cy, until: stage.floor.now + 7_000, by: by)
            stage.clock.pass(s: 7)
            #expect(try await stage.record("cy").presence == .available)
        }
    }
}
