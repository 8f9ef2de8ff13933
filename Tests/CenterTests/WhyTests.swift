// Why an errand waits, why this agent got it, why that one gets nothing: on named situations, live and from rows.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct WhyTests {
    @Test(arguments: EngineKind.tested)
    func `nobody signed in`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let errand = try await stage.arrives("support")
            let why = try await stage.why(errand)
            #expect(why.causes == ["waiting", "nobody_signed_in"])
            #expect(why.position == 1)
            #expect(
                why.sentences.contains(
                    "Nobody is signed in: 2 agents serve Support, and none of them is there."))
            #expect(why.sentences.contains("It is the next in Support: nothing is ahead of it."))
            #expect(
                why.sentences.contains {
                    $0.hasPrefix("When it entered, at ") && $0.hasSuffix("nobody was signed in.")
                })
            let ana = try await stage.why(agent: "ana")
            #expect(ana.causes == ["signed_out"])

            try await stage.ready("bo")
            let other = try await stage.why(agent: "bo")
            #expect(other.causes == ["nothing_waits"], "bo does not serve Support")
            let observer = try await stage.why(agent: "ole")
            #expect(observer.causes == ["signed_out", "serves_no_queue"])
            #expect(observer.sentences.contains("An observer is offered no work."))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a skill is missing`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana", "bo")
            let german = try await stage.arrives("german")
            let why = try await stage.why(german)
            #expect(why.causes == ["waiting", "skill_missing"])
            #expect(
                why.sentences.contains(
                    "It needs the skill german. 1 agent is signed in, but none has all of these."))
            let ana = try await stage.why(agent: "ana")
            #expect(ana.causes == ["skill_missing"])
            #expect(ana.sentences.contains("ana lacks the skill german, which 1 waiting item needs."))

            // Desired only: it relaxes, and rows know that too.
            let french = try await stage.arrives("sales")
            let desired = try await stage.why(french)
            #expect(desired.causes == ["waiting", "skill_missing"])
            #expect(
                desired.sentences.contains {
                    $0.contains("It insists on the skill french until") && $0.contains("in 40 s")
                })
            stage.clock.pass(s: 40)
            let offered = try await stage.why(french)
            #expect(offered.causes == ["offered"])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `nobody available`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.floor.setPresence(
                stage.agent("cy"), .unavailable, reason: "lunch", by: stage.by("cy"))
            let errand = try await stage.arrives("german")
            let why = try await stage.why(errand)
            #expect(why.causes == ["waiting", "nobody_available"])
            let cy = try await stage.why(agent: "cy")
            #expect(cy.causes == ["unavailable"])
            #expect(
                cy.sentences.contains("Offers go to available agents only; this one is unavailable: Lunch."))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `all busy`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            for _ in 1...3 {
                try await stage.arrives("support")
                try await stage.accepts("ana")
            }
            let errand = try await stage.arrives("support")
            let why = try await stage.why(errand)
            #expect(why.causes == ["waiting", "all_busy"])
            let ana = try await stage.why(agent: "ana")
            #expect(ana.causes == ["full"])
            #expect(ana.sentences.contains("ana has 3 errands in hand and may have 3."))
            #expect(ana.sentences.contains("In hand or in wrap-up: errand 1, errand 2 and errand 3."))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `in guard time`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.with("German") {
                $0.guardMs = 30_000
            } during: {
                try await stage.ready("cy")
                let first = try await stage.arrives("german")
                try await stage.accepts("cy")
                try await stage.close(first, "cy")
                let errand = try await stage.arrives("german")
                let why = try await stage.why(errand)
                #expect(why.causes == ["waiting", "in_guard"])
                #expect(why.sentences.contains { $0.contains("guard time") && $0.contains("(in 30 s)") })
                let cy = try await stage.why(agent: "cy")
                #expect(cy.causes == ["guard"])
                stage.clock.pass(s: 30)
                let offered = try await stage.why(errand)
                #expect(offered.causes == ["offered"])
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `in the re-offer pause`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("cy")
            let errand = try await stage.arrives("german")
            let offer = try #require(try await stage.offer(to: "cy"))
            try await stage.floor.declineOffer(offer.id, epoch: offer.epoch, by: try stage.by("cy"))
            let why = try await stage.why(errand)
            #expect(why.causes == ["waiting", "reoffer_pause"])
            #expect(
                why.sentences.contains {
                    $0.hasPrefix("It is kept from cy until ") && $0.contains("(in 32 s)")
                })
            #expect(
                why.sentences.contains {
                    $0.hasPrefix("Offered before: to cy at ") && $0.hasSuffix("(declined).")
                })
            let cy = try await stage.why(agent: "cy")
            #expect(cy.causes == ["reoffer_pause"])
            #expect(cy.sentences.contains { $0.hasPrefix("Errand 1 is kept from cy until ") })
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the queue is closed`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.with("Support") {
                $0.forcedForwarding = .ringing
            } during: {
                let errand = try await stage.arrives("support")
                let why = try await stage.why(errand)
                #expect(why.causes == ["ringing", "queue_closed"])
                #expect(why.sentences[0].hasPrefix("Support is full or closed and did not take it"))
                try await stage.floor.takeErrand(errand, by: stage.by("root"))
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a call center is told by its name`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let sales = try #require(stage.center("sales@example.com"))
            let words = try await stage.why(agent: "cy").sentences.joined(separator: " ")
            #expect(words.contains(sales.name) && !words.contains("gone"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a higher priority class goes first`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let older = try await stage.arrives("support")
            let errand = try await stage.arrives("support")
            let urgent = try await stage.arrives("support")
            try await stage.floor.setPriority(1, of: urgent, by: stage.by("root"))
            let why = try await stage.why(errand)
            #expect(
                why.causes == ["waiting", "nobody_signed_in", "lower_priority", "behind_older"])
            #expect(why.position == 3)
            #expect(
                why.sentences.contains(
                    "It is number 3 in Support. Ahead of it: 1 of a higher priority class and 1 with a longer "
                        + "wait or more time credit."))
            let first = try await stage.why(older)
            #expect(first.position == 2)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `why this agent`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            stage.clock.pass(s: 75)
            try await stage.ready("cy")
            let errand = try await stage.arrives("support")
            let why = try await stage.why(errand)
            #expect(why.causes == ["offered"])
            #expect(why.sentences[1].hasSuffix("the router chose ana: idle the longest, for 1 min 15 s."))
            #expect(
                why.sentences[2]
                    == "Of 2 agents who serve Support, 2 were available, 2 of them had the skills, 2 of them had "
                    + "room, and from 2 it was not kept.")
            #expect(why.sentences[3] == "cy would have been next.")
            let ana = try await stage.why(agent: "ana")
            #expect(ana.causes == ["offered", "nothing_waits"])
            try await stage.accepts("ana")
            let held = try await stage.why(errand)
            #expect(held.causes == ["in_hand"])
            #expect(held.sentences[1].contains("the router chose ana"))

            let taken = try await stage.arrives("german")
            try await stage.floor.takeErrand(taken, by: stage.by("root"))
            let byHand = try await stage.why(taken)
            #expect(
                byHand.sentences[1]
                    == "It was taken from a list or assigned by hand: the router did not choose.")

            try await stage.close(errand, "ana")
            let wrapUp = try await stage.why(errand)
            #expect(wrapUp.causes == ["wrap_up"])
            let inWrapUp = try await stage.why(agent: "ana")
            #expect(inWrapUp.causes.first == "wrap_up")
            stage.clock.pass(s: 15)
            let closed = try await stage.why(errand)
            #expect(closed.causes == ["closed"])
            #expect(closed.sentences.contains { $0.contains("the router chose ana") }, "still known")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `only who may see it is told`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let errand = try await stage.arrives("support")
            let workspace = stage.workspace
            await #expect(throws: Refusal.self) {
                try await stage.floor.explain(errand: errand, for: stage.agent("bo"), in: workspace)
            }
            await #expect(throws: Refusal.self) {
                try await stage.floor.explain(
                    agent: stage.agent("ana"), for: stage.agent("bo"), in: workspace)
            }
            let own = try await stage.floor.explain(
                agent: stage.agent("bo"), for: stage.agent("bo"), in: workspace)
            #expect(own.subject == "bo")
            let missing = await #expect(throws: Refusal.self) {
                try await stage.floor.view {
                    try Explaining.explain(.errand(ErrandID(99)), workspace: nil, $0)
                }
            }
            #expect(missing?.message == "There is no errand 99 in the workspace north.")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an offer leaves one decision, and a wait without one its reason`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            for _ in 1...5 { try await stage.arrives("support") }
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM decision") == 0)
            // The class of work is told once, each item in its own row.
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM blockage") == 1)
            #expect(
                try await stage.count("SELECT COUNT(*) AS n FROM work_item WHERE blocked_reason = 1") == 5)
            try await stage.ready("ana")
            let decisions = try await stage.rows("SELECT * FROM decision")
            #expect(decisions.count == 1)
            #expect(decisions.first?.int("waiting") == 4)
            try await stage.with("Support") {
                $0.policy = .simultaneous
            } during: {
                try await stage.ready("cy")
                try await stage.accepts("ana")
                let group = try await stage.arrives("german")
                _ = group
            }
            let offers = try await stage.count("SELECT COUNT(*) AS n FROM offer")
            let decided = try await stage.count(
                "SELECT COUNT(*) AS n FROM (SELECT DISTINCT work_item, epoch FROM offer) AS o")
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM decision") == decided)
            #expect(offers >= decided)

            let day: Int64 = 24 * 3_600
            stage.clock.pass(s: 91 * day)
            try await stage.floor.trimDecisions()
            #expect(
                try await stage.count(
                    "SELECT COUNT(*) AS n FROM blockage WHERE at < \(stage.clock.now - 90 * day * 1_000)")
                    == 0)
            #expect(
                try await stage.count(
                    "SELECT COUNT(*) AS n FROM decision WHERE at < \(stage.clock.now - 90 * day * 1_000)")
                    == 0)
        }
    }
}

extension CenterStage {
    /// Told live to an administrator and from rows alone: the same.
    fileprivate func why(_ errand: ErrandID, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> Explanation
    {
        let live = try await floor.explain(errand: errand, for: agent("root"), in: workspace)
        let rows = try await floor.view { try Explaining.explain(.errand(errand), workspace: "north", $0) }
        #expect(live.causes == rows.causes, sourceLocation: sourceLocation)
        #expect(live.position == rows.position, sourceLocation: sourceLocation)
        #expect(live.sentences.count == rows.sentences.count, sourceLocation: sourceLocation)
        return live
    }

    fileprivate func why(agent login: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> Explanation
    {
        let live = try await floor.explain(agent: agent(login), for: agent("root"), in: workspace)
        let rows = try await floor.view { try Explaining.explain(.agent(login), workspace: nil, $0) }
        #expect(live.causes == rows.causes, sourceLocation: sourceLocation)
        return live
    }

    fileprivate func close(_ errand: ErrandID, _ login: String) async throws {
        let id = try agent(login)
        let view = try await floor.errand(errand, for: id, in: workspace)
        try await floor.closeErrand(errand, version: view.errand.version, by: by(login))
    }

    /// Settings that no file can give yet, for a while.
    fileprivate func with(
        _ area: String, _ change: (inout QueueSettings) -> Void, during body: () async throws -> Void
    ) async throws {
        let area = try self.area(area)
        var settings = area.settings
        change(&settings)
        let changed = settings
        try await look { $0.route(.setQueue(area.queue, changed)) }
        try await body()
        try await look { $0.route(.setQueue(area.queue, area.settings)) }
    }
}
