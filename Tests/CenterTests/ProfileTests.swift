// An agent's profile: what of a change the router hears, what it costs, and who may make it.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct ProfileTests {
    static let file =
        CenterStage.file + """
            groups: [{id: G}]
            call_centers:
              - {service_user_id: a@example.com, group: G, joinable: true, bounced_after: 2, agents: [{login_name: ana, available: false}]}
              - {service_user_id: b@example.com, group: G, log_off_allowed: false, agents: [{login_name: ana}]}
              - {service_user_id: p@example.com, group: G, type: Premium, routing_type: skill_based, joinable: true, log_off_allowed: false}

            """

    static func run(_ kind: EngineKind, _ body: (CenterStage) async throws -> Void) async throws {
        try await CenterStage.run(kind, file: file) { stage in
            try await stage.provision(
                """
                workspace: north
                agents: [{login_name: ana, group: G}, {login_name: bo, group: G, admin_level: group_administrator}]
                """)
            try await body(stage)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a presence alone reads no settings anew, nor does a profile sent back as it is`(
        _ kind: EngineKind
    ) async throws {
        try await Self.run(kind) { stage in
            let (ana, by) = (try stage.agent("ana"), try stage.by("ana", via: .apio))
            var change = ProfileChange()
            change.presence = .available
            let before = stage.directory
            try await stage.floor.changeProfile(ana, change, by: by)
            change.usesDefaultGuard = true
            change.guardIsOn = false
            change.guardS = 5
            change.usesDefaultUnavailable = true
            change.bouncedNumber = 3
            change.centers = [.init(serviceUserID: "a@example.com", isJoined: false)]
            change.presence = .unavailable
            try await stage.floor.changeProfile(ana, change, by: by)
            #expect(stage.directory === before)
            #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == .unavailable)
            let seq = try await stage.count("SELECT MAX(seq) AS n FROM journal")
            try await stage.floor.changeProfile(ana, change, by: by)
            #expect(try await stage.count("SELECT MAX(seq) AS n FROM journal") == seq, "nothing is new")
            change.guardS = 6
            try await stage.floor.changeProfile(ana, change, by: by)
            #expect(stage.directory !== before)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the router hears what is in force`(_ kind: EngineKind) async throws {
        try await Self.run(kind) { stage in
            let (ana, by) = (try stage.agent("ana"), try stage.by("ana", via: .apio))
            let (a, b) = (
                try #require(stage.center("a@example.com")), try #require(stage.center("b@example.com"))
            )
            func change(_ body: (inout ProfileChange) -> Void) async throws {
                var change = ProfileChange()
                body(&change)
                try await stage.floor.changeProfile(ana, change, by: by)
            }
            try await change { $0.centers = [.init(serviceUserID: "a@example.com", isJoined: true)] }
            var now = try await stage.agentSettings("ana")
            #expect(Set(now.queues).isSuperset(of: [a.queue, b.queue]) && now.bouncedLimit == 2)
            try await change {
                $0.usesDefaultGuard = false
                $0.guardIsOn = true
                $0.guardS = 15
                $0.usesDefaultUnavailable = false
                $0.forcesOnDoNotDisturb = true
                $0.forcesOnBounced = true
                $0.bouncedNumber = 4
            }
            now = try await stage.agentSettings("ana")
            #expect(now.guardMs == 15_000 && now.bouncedLimit == 4)
            #expect(now.forcing.doNotDisturb == .yes(nil) && now.forcing.personalCall == .no)
            try await change {
                $0.guardIsOn = false
                $0.usesDefaultUnavailable = true
            }
            now = try await stage.agentSettings("ana")
            #expect(now.guardMs == 0 && now.bouncedLimit == 2 && now.forcing.doNotDisturb == .no)
            let shown = try #require(stage.directory.agent(ana))
            #expect(shown.profile.forcesOnDoNotDisturb && stage.directory.bouncedLimit(shown) == (true, 4))
            try await stage.restart()
            #expect(try await stage.agentSettings("ana") == now)
            // What a file says is in force, whatever was chosen before.
            try await stage.provision(
                "workspace: north\nagents: [{login_name: ana, forced_unavailable: {personal_call: true}}]")
            now = try await stage.agentSettings("ana")
            #expect(now.forcing.personalCall == .yes(nil) && now.forcing.doNotDisturb == .yes(nil))
            #expect(stage.directory.agent(ana)?.usesDefaultUnavailable == false)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `signing out gives errands back, and every door shows it`(_ kind: EngineKind) async throws {
        try await Self.run(kind) { stage in
            let ana = try stage.agent("ana")
            try await stage.ready("ana")
            #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == .available)
            let errand = try await stage.arrives("support")
            #expect(try await stage.accepts("ana") == errand)
            var change = ProfileChange()
            change.presence = .signedOut
            try await stage.floor.changeProfile(ana, change, by: try stage.by("ana", via: .apio))
            #expect(try await stage.item(of: errand)?.state == .waiting)
            #expect(try await stage.floor.desk(ana, in: stage.workspace).presence == .signedOut)
            let records = try await stage.rows("SELECT action, via FROM login_record ORDER BY id")
            #expect(records.map { $0.text("action") } == ["Login", "Logout"])
            #expect(records.map { $0.text("via") } == ["api", "apio"])
            change.presence = .wrapUp
            try await stage.floor.changeProfile(ana, change, by: try stage.by("ana", via: .apio))
            try await stage.restart()
            #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == .wrapUp)
            stage.clock.pass(s: 60)
            _ = try await stage.record("ana")
            #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == .available)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what is asked for during a call is shown at once, and so when it is over`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            let ana = try stage.agent("ana")
            try await stage.ready("ana")
            let call = try await stage.calls()
            _ = try await stage.floor.accept(try #require(call.offers.first).name, by: try stage.pbx)
            var change = ProfileChange()
            for presence in [Presence.unavailable, .available, .signedOut] {
                change.presence = presence
                try await stage.floor.changeProfile(ana, change, by: try stage.by("ana", via: .apio))
                #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == presence)
                #expect(try await stage.record("ana").presence == .available)
            }
            try await stage.restart()
            #expect(stage.floor.presence(of: ana, in: stage.workspace).presence == .signedOut)
            _ = try await stage.floor.endItem(WorkItemID(call.id), by: try stage.pbx)
            stage.clock.pass(s: 20)
            #expect(try await stage.record("ana").presence == .signedOut)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `assigning oneself is for open call centers, and levels begin at one`(
        _ kind: EngineKind
    ) async throws {
        try await Self.run(kind) { stage in
            let (ana, by) = (try stage.agent("ana"), try stage.by("ana", via: .apio))
            func members() -> [String: [CallCenter.Member]] {
                Dictionary(
                    uniqueKeysWithValues: stage.directory.callCenters.map { ($0.serviceUserID, $0.agents) })
            }
            try await stage.floor.assign(ana, to: ["p@example.com", "b@example.com"], by: by)
            #expect(members()["a@example.com"] == [])
            #expect(
                members()["p@example.com"]
                    == [.init(agent: ana, level: 1, weight: 0, isJoined: true)], "no log-off, so joined")
            try await stage.floor.assign(ana, to: ["a@example.com"], by: by)
            #expect(members()["a@example.com"]?.map(\.isJoined) == [false])
            #expect(members()["b@example.com"] == [] && members()["p@example.com"] == [])
            let before = try await stage.stored()
            await #expect(throws: Refusal.self) {
                try await stage.floor.assign(ana, to: ["a@example.com", "b@example.com"], by: by)
            }
            #expect(try await stage.stored() == before)
        }
    }

    @Test func `only who may manage an agent changes the agent`() async throws {
        try await Self.run(.sqlite) { stage in
            let (ana, cy) = (try stage.agent("ana"), try stage.agent("cy"))
            var change = ProfileChange()
            change.presence = .available
            func isForbidden(_ agent: AgentID, by login: String) async throws -> Bool {
                do {
                    try await stage.floor.changeProfile(agent, change, by: try stage.by(login))
                    return false
                } catch {
                    if case .forbidden? = error as? Refusal { return true }
                    throw error
                }
            }
            #expect(try await isForbidden(ana, by: "cy"))
            #expect(try await isForbidden(cy, by: "bo"), "another group's")
            #expect(try await !isForbidden(ana, by: "bo"))
            #expect(try await !isForbidden(cy, by: "cy"))
            #expect(try await !isForbidden(cy, by: "root"))
            await #expect(throws: Refusal.self) {
                try await stage.floor.assign(ana, to: [], by: try stage.by("cy"))
            }
            let center = try #require(stage.center("a@example.com")).id
            for login in ["ana", "cy"] {
                await #expect(throws: Refusal.self) {
                    try await stage.floor.staff(center, with: [], by: try stage.by(login))
                }
                await #expect(throws: Refusal.self) {
                    try await stage.floor.deleteCallCenter(center, by: try stage.by(login))
                }
            }
            try await stage.floor.staff(center, with: [], by: try stage.by("bo"))
            try await stage.floor.deleteCallCenter(center, by: try stage.by("bo"))
        }
    }
}
