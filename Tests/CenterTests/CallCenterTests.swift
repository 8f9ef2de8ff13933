// Call centers and routing rules: provisioned, restarted, changed; contradictions refused before a row changes.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct CallCenterTests {
    @Test(arguments: EngineKind.tested)
    func `what the file says of queues is what the router knows, after a restart too`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let sales = try #require(stage.center("sales@example.com"))
            let help = try #require(stage.center("help@example.com"))
            let support = try stage.area("Support")
            let spill = try stage.area("Spill").queue
            let (ana, bo, cy) = (try stage.agent("ana"), try stage.agent("bo"), try stage.agent("cy"))

            let settings = try #require(try await stage.queueSettings(sales.queue))
            #expect(settings.policy == .circular && settings.routingType == .skillBased)
            #expect(settings.offerTimeoutMs == 25_000 && settings.wrapUpMs == 20_000)
            #expect(settings.guardMs == 3_000 && settings.rank == 2)
            #expect(settings.requiredSkills == [try stage.skill("german")])
            #expect(settings.overflow.size == 5, "the queue length is less than the size")
            #expect(settings.overflow.waitMs == 60_000 && settings.overflow.estimatedWaitMs == 120_000)
            #expect(settings.overflow.action == .queue(help.queue, keepWait: true))
            #expect(settings.night == .number && settings.holiday == .busy)
            #expect(settings.forcedForwarding == .ringing)
            #expect(settings.stranded == .queue(spill, keepWait: true))
            #expect(
                settings.members == [
                    QueueMember(agent: cy, level: 1), QueueMember(agent: ana, level: 20, weight: 40),
                ])
            #expect(sales.treatments.first { $0.kind == .night }?.number == "+49301111")
            #expect(sales.type == .premium && sales.group == "G1" && sales.joinable)
            #expect(sales.phoneNumber == "+4930123456" && sales.extensionNumber == "700")
            #expect(
                sales.supervisors == [.init(agent: try stage.agent("root"), agents: [ana, cy].sorted())])
            #expect(sales.dnis.map(\.phoneNumber) == ["+4930123457", "+4930123458"])
            #expect(
                sales.dnis.map(\.priority) == [1, 0] && sales.dnis.map(\.allowOutgoing) == [true, false])

            let area = try #require(try await stage.queueSettings(support.queue))
            #expect(area.policy == .weighted && area.routingType == .skillBased && area.offersInWrapUp)
            #expect(area.rank == 3 && area.priority == 3, "an area's rank is its priority")
            #expect(area.overflow.action == .queue(spill, keepWait: false) && area.overflow.size == 10)
            #expect(area.night == .queue(spill, keepWait: true) && area.forcedForwarding == nil)
            #expect(area.members.map(\.weight) == [30, 70] && area.members.map(\.agent) == [bo, ana])

            #expect(try await stage.agentSettings("cy").queues.count == 4)
            #expect(
                try await stage.agentSettings("ana").queues == [support.queue, spill].sorted(),
                "who has not joined takes no calls")
            let restored = try await stage.snapshot()
            try await stage.restart()
            let after = try await stage.snapshot()
            #expect(after.queueIDs == restored.queueIDs)
            #expect(after.queueSettings == restored.queueSettings)
            #expect(after.agentSettings == restored.agentSettings)
            try await stage.provision(CenterStage.centers)
            let twice = try await stage.snapshot()
            #expect(twice.queueSettings == restored.queueSettings, "the same file twice changes nothing")
            #expect(twice.agentSettings == restored.agentSettings)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what the file says of an agent's rules is what the router knows`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let reason = try #require(stage.directory.reasons.first { $0.code == "DND" }).id
            let ana = try await stage.agentSettings("ana")
            #expect([ana.unansweredLimit, ana.busyLimit, ana.errorLimit] == [3, 0, 4])
            #expect(ana.bouncedLimit == 2 && ana.bouncedReason == reason)
            #expect(ana.forcing.doNotDisturb == .yes(reason) && ana.forcing.personalCall == .yes(nil))
            #expect(ana.forcing.notReachable == .no && ana.guardMs == 7_000 && ana.wrapUpMs == 90_000)
            #expect(ana.interrupts[.call, during: .errand] && !ana.interrupts[.chat, during: .errand])
            #expect(!ana.interrupts[.call, during: .chat] && ana.interrupts[.errand, during: .call])
            let cy = try await stage.agentSettings("cy")
            #expect(cy.bouncedLimit == 3, "as the call center has it")
            #expect(cy.interrupts == Interrupts() && cy.guardMs == nil && cy.unansweredLimit == 2)
            #expect(try await stage.agentSettings("bo").bouncedLimit == 0)

            try await stage.provision(
                """
                workspace: north
                agents:
                  - {login_name: ana, bounced_after: null, bounced_reason: null, guard_timer_s: null}
                call_centers:
                  - {service_user_id: sales@example.com, agents: [{login_name: ana, available: true}]}
                """)
            let then = try await stage.agentSettings("ana")
            #expect(then.bouncedLimit == 3 && then.bouncedReason == nil && then.guardMs == nil)
            #expect(then.queues.contains(try #require(stage.center("sales@example.com")).queue))
            #expect(try await stage.agentSettings("cy").bouncedLimit == 0, "cy has left the call center")
            let sales = try #require(stage.center("sales@example.com"))
            #expect(sales.agents.map(\.level) == [20], "what the file does not say of a member stays")
            #expect(sales.supervisors.map(\.agents) == [[try stage.agent("ana")]])
        }
    }

    /// `{…}` after the reason is never shown; places count in the text as it stands here.
    static let contradictions: [(text: String, complaint: String)] = [
        (
            "areas: [{name: Support, overflow: {size: 1, action: {queue: Support}}}]",
            "2:53: Support would send its work to itself; name another queue"
        ),
        (
            "areas: [{name: Spill, stranded: {queue: Support}}]",
            "2:33: work would go round in a ring: Support → Spill → Support; let one of them end it"
        ),
        (
            "call_centers: [{service_user_id: help@example.com, night: {call_center: sales@example.com}}]",
            "2:59: work would go round in a ring: Sales → help@example.com → Sales; let one of them end it"
        ),
        (
            "areas: [{name: Support, agents: [{login_name: bo, weight: 31}, {login_name: ana}]}]",
            "2:34: the weights of Support are 101 together; at most 100 can be given out"
        ),
        (
            "areas: [{name: Spill, overflow: {estimated_wait_s: 60}}]",
            "2:33: Spill overflows, but nothing says what happens then; give the overflow an action"
        ),
        (
            "areas: [{name: Support, overflow: {action: null}}]",
            "2:35: Support overflows, but nothing says what happens then; give the overflow an action"
        ),
        (
            "agents: [{login_name: bo, bounced_reason: NIX}]",
            "2:43: unknown not-ready reason 'NIX'"
        ),
        (
            "agents: [{login_name: bo, forced_unavailable: {do_not_disturb: DMD}}]",
            "2:64: unknown not-ready reason 'DMD'; did you mean 'DND'?"
        ),
        (
            "call_centers: [{service_user_id: new, agents: [{login_name: bob}]}]",
            "2:61: unknown agent 'bob'; did you mean 'bo'?"
        ),
        (
            "call_centers: [{service_user_id: new, night: {queue: Suport}}]",
            "2:54: unknown area 'Suport'; did you mean 'Support'?"
        ),
        (
            "call_centers: [{service_user_id: new, night: {call_center: sale@example.com}}]",
            "2:60: unknown call center 'sale@example.com'; did you mean 'sales@example.com'?"
        ),
        (
            "call_centers: [{service_user_id: new, calendar: ofice}]",
            "2:49: unknown calendar 'ofice'; did you mean 'office'?"
        ),
        (
            "call_centers: [{service_user_id: sales@example.com, log_off_allowed: false}]",
            "2:16: ana cannot be unavailable in Sales, which does not allow logging off"
        ),
        (
            "call_centers: [{service_user_id: help@example.com, phone_number: \"+4930123458\"}]",
            "2:16: +4930123458 is a number of Sales already"
        ),
        (
            "call_centers: [{service_user_id: help@example.com, supervisors: [{login_name: root, agents: [ana]}]}]",
            "2:94: 'ana' is no agent of this call center; put them into its 'agents'"
        ),
    ]

    @Test(arguments: EngineKind.tested)
    func `a contradiction is refused with its place, and nothing is stored`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let before = try await stage.snapshot()
            let rows = try await stage.stored()
            for (text, expected) in Self.contradictions {
                let said = try await stage.complaint("workspace: north\n" + text)
                #expect(said == "t.yaml:\(expected)", "\(text)")
            }
            #expect(try await stage.stored() == rows)
            let after = try await stage.snapshot()
            #expect(
                after.queueSettings == before.queueSettings && after.agentSettings == before.agentSettings)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `two queues that change places form no ring on the way`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let support = try stage.area("Support").queue
            try await stage.provision(
                """
                workspace: north
                areas:
                  - {name: Spill, overflow: {size: 3, action: {queue: Support}}}
                  - {name: Support, overflow: null, night: null, holiday: null, stranded: null, forced_forwarding: null}
                """)
            let spill = try #require(try await stage.queueSettings(try stage.area("Spill").queue))
            #expect(spill.targets == [support])
            #expect(try await stage.queueSettings(support)?.targets == [])
            #expect(try await stage.queueSettings(support)?.overflow == Overflow())
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an errand goes on in the area that its own area leads to`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let stranded = try await stage.arrives("support")
            let spill = try stage.area("Spill").queue
            #expect(try await stage.item(of: stranded)?.queue == spill, "nobody is signed in")
            try await stage.ready("ana")
            #expect(try await stage.accepts("ana") == stranded)
            let served = try await stage.arrives("support")
            #expect(try await stage.item(of: served)?.queue != spill)
            try await stage.floor.forward(
                try stage.area("Support").queue, true, by: try stage.by("root"))
            let forwarded = try await stage.arrives("support")
            #expect(try await stage.item(of: forwarded)?.queue == spill)
            try await stage.audit("forwarded")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an administrator's change reaches the router at once, and nobody else's does`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let sales = try #require(stage.center("sales@example.com"))
            var change = QueueChange()
            change.policy = .fewestHandled
            change.overflowWaitMs = .cleared
            change.treatments[.night] = .value(.init(.number, number: "+4930999"))
            change.members = [.init(agent: try stage.agent("bo"), level: 4)]
            for login in ["ana", "cy"] {
                let said = try await refusal {
                    try await stage.floor.changeQueue(sales.queue, change, by: try stage.by(login))
                }
                #expect(said?.kind == "forbidden")
            }
            try await stage.floor.changeQueue(sales.queue, change, by: try stage.by("root"))
            let settings = try #require(try await stage.queueSettings(sales.queue))
            #expect(settings.policy == .fewestHandled && settings.overflow.waitMs == nil)
            #expect(settings.members.map(\.level) == [4] && settings.holiday == .busy)
            #expect(try await stage.agentSettings("bo").queues.contains(sales.queue))
            #expect(
                try await stage.count(
                    "SELECT COUNT(*) AS n FROM journal WHERE kind = \("call_center.changed") AND actor_kind = \("agent")"
                ) == 1)

            var wrong: [(QueueChange, String)] = []
            var one = QueueChange()
            one.treatments[.overflow] = .value(.init(.queue(sales.queue, keepWait: false)))
            wrong.append((one, "Sales would send its work to itself; name another queue."))
            one = QueueChange()
            one.treatments[.night] = .value(.init(.number, number: "030 123"))
            wrong.append((one, "Write the number with its country, such as +4930123456."))
            one = QueueChange()
            one.guardMs = 26_000
            wrong.append((one, "The guard time takes 0 to 25 seconds here."))
            one = QueueChange()
            one.members = [.init(agent: try stage.agent("bo"), level: 21)]
            wrong.append((one, "The level of bo is a number from 1 to 20, or none."))
            one = QueueChange()
            one.members = [
                .init(agent: try stage.agent("bo"), weight: 60),
                .init(agent: try stage.agent("cy"), weight: 60),
            ]
            wrong.append((one, "The weights of Sales are 120 together; at most 100 can be given out."))
            let rows = try await stage.stored()
            for (change, sentence) in wrong {
                let said = try await refusal {
                    try await stage.floor.changeQueue(sales.queue, change, by: try stage.by("root"))
                }
                #expect(said?.message == sentence)
            }
            #expect(try await stage.stored() == rows)
            #expect(try await stage.queueSettings(sales.queue) == settings)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a queue that others lead to is not deleted; a deleted call center comes back`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let spill = try stage.area("Spill").id
            let said = try await refusal {
                try await stage.floor.deleteArea(spill, by: try stage.by("root"))
            }
            #expect(
                said?.message == "Support, Sales would send work on to Spill; change that first.")
            let (sales, help) = (
                try #require(stage.center("sales@example.com")),
                try #require(stage.center("help@example.com"))
            )
            let refused = try await refusal {
                try await stage.floor.deleteCallCenter(help.id, by: try stage.by("root"))
            }
            #expect(refused?.kind == "conflict")
            try await stage.floor.deleteCallCenter(sales.id, by: try stage.by("root"))
            #expect(try await stage.queueSettings(sales.queue) == nil)
            try await stage.floor.deleteCallCenter(help.id, by: try stage.by("root"))
            try await stage.restart()
            try await stage.audit("restarted")
            #expect(stage.directory.callCenters.isEmpty)
            try await stage.provision(CenterStage.centers)
            #expect(stage.center("sales@example.com")?.id == sales.id)
            let other = try await stage.complaint(
                "workspace: south\ncall_centers: [{service_user_id: sales@example.com}]")
            #expect(
                other
                    == "t.yaml:2:34: another workspace of this server has a call center 'sales@example.com'; choose another id"
            )
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what a queue without errands has learned survives a restart`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let sales = try #require(stage.center("sales@example.com"))
            let workspace = stage.workspace
            try await stage.look { work in
                try work.execute(
                    """
                    INSERT INTO queue_state (workspace, queue, handling_ms, last_answered)
                    VALUES (\(workspace), \(sales.queue), 1000, NULL)
                    """)
            }
            try await stage.restart()
            #expect(
                try await stage.snapshot().queueRecords.first { $0.id == sales.queue }?.handlingMs == 1_000)
        }
    }
}
