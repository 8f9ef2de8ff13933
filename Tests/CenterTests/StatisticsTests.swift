// Figures of queues and agents in rows: what reports say, over boundaries, restarts and long whiles.

import Routing
import Store
import TestStores
import Testing

@testable import Center

extension CenterStage {
    var today: (from: Instant, to: Instant) {
        (Instant(ms: 1_749_900_000_000), Instant(ms: clock.now + 1))
    }

    func figures(_ area: String) async throws -> QueueCounts {
        try await look { _ in }
        return try await floor.statistics(
            queue: try self.area(area).queue, from: today.from, to: today.to, in: workspace)
    }

    func figures(of login: String) async throws -> AgentStatistics {
        try await look { _ in }
        return try await floor.statistics(
            agent: try agent(login), from: today.from, to: today.to, in: workspace)
    }

    func closes(_ errand: ErrandID, by login: String) async throws {
        try await floor.closeErrand(errand, version: try await version(errand), by: try by(login))
    }
}

@Suite struct StatisticsTests {
    @Test(arguments: EngineKind.tested)
    func `a day's work is in the figures of queue and agent`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            #expect(try await stage.figures("Support") == QueueCounts())
            #expect(try await stage.figures(of: "ana").counts == AgentCounts())
            let errand = try await stage.arrives("support")
            stage.clock.pass(s: 30)
            try await stage.ready("ana")
            stage.clock.pass(s: 5)
            #expect(try await stage.accepts("ana") == errand)
            stage.clock.pass(s: 600)
            try await stage.closes(errand, by: "ana")
            stage.clock.pass(s: 10)
            try await stage.floor.endWrapUp(try stage.agent("ana"), by: try stage.by("ana"))
            stage.clock.pass(s: 85)
            try await stage.floor.setPresence(
                try stage.agent("ana"), .unavailable, reason: "lunch", by: try stage.by("ana"))
            stage.clock.pass(s: 300)
            try await stage.floor.setPresence(try stage.agent("ana"), .signedOut, by: try stage.by("ana"))

            let queue = try await stage.figures("Support")
            #expect(queue.offered == 1 && queue[.answered] == 1 && queue[.waitMs] == 35_000)
            #expect(ServiceLevel.offered.of(queue) == 0)
            #expect(ServiceLevel.offered.of(queue, withinS: 60) == 1)
            #expect(queue[.talkMs] == 600_000 && queue[.wrapUpMs] == 10_000 && queue[.handled] == 1)
            #expect(queue.meanHandlingMs == 610_000)
            let agent = try await stage.figures(of: "ana")
            #expect(agent.counts[.signedInMs] == 1_000_000 && agent.counts[.availableMs] == 700_000)
            #expect(agent.counts[.busyMs] == 610_000 && agent.counts[.idleMs] == 90_000)
            #expect(agent.counts.occupancy == 610.0 / 700)
            #expect(agent.counts[.offered] == 1 && agent.counts[.accepted] == 1)
            let lunch = try #require(stage.directory.reasons.first { $0.code == "lunch" }).id
            #expect(agent.unavailableMs == [lunch: 300_000])
            #expect(try await stage.figures("Sales") == QueueCounts())
            // 400 s into its quarter hour it began: the talk is in two of them.
            let parts = try await stage.floor.intervals(
                of: [try stage.area("Support").queue], from: stage.today.from, to: stage.today.to,
                in: stage.workspace)[try stage.area("Support").queue]
            #expect(parts?.map { $0.counts[.talkMs] } == [465_000, 135_000])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `open spans are in the figures a minute later`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            try await stage.arrives("support")
            try await stage.accepts("ana")
            stage.clock.pass(s: 3_600)
            let agent = try await stage.figures(of: "ana").counts
            #expect(agent[.signedInMs] >= 3_540_000 && agent[.signedInMs] <= 3_600_000)
            #expect(agent[.talkMs] == agent[.busyMs] && agent[.busyMs] == agent[.signedInMs])
            #expect(try await stage.figures("Support")[.talkMs] == agent[.talkMs])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `while the server is down work goes on, and nobody is present`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            let errand = try await stage.arrives("support")
            try await stage.accepts("ana")
            stage.clock.pass(s: 100)
            let before = try await stage.figures(of: "ana").counts
            #expect(before[.signedInMs] == 100_000)
            try await stage.restart(afterS: 7_200)
            try await stage.look { _ in }
            try await stage.audit("right after the standstill")
            stage.clock.pass(s: 100)
            try await stage.closes(errand, by: "ana")
            try await stage.floor.endWrapUp(try stage.agent("ana"), by: try stage.by("ana"))
            try await stage.floor.setPresence(try stage.agent("ana"), .signedOut, by: try stage.by("ana"))
            let after = try await stage.figures(of: "ana").counts
            #expect(after[.signedInMs] == 200_000)
            #expect(after[.busyMs] == after[.signedInMs])
            #expect(after[.talkMs] == 7_400_000)
            #expect(try await stage.figures("Support")[.talkMs] == 7_400_000)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what is foretold survives a restart and is held against the wait`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            // One handled, so that there is something to tell by: 60 s and 15 s of wrap-up;
            // the agent may have three at a time.
            let first = try await stage.arrives("support")
            try await stage.accepts("ana")
            stage.clock.pass(s: 60)
            try await stage.closes(first, by: "ana")
            try await stage.arrives("support")
            let foretold = try await stage.rows("SELECT estimate_ms FROM work_item WHERE state = 1")
            #expect(foretold.map { $0.intOrNil("estimate_ms") } == [25_000])
            stage.clock.pass(s: 10)
            try await stage.restart(afterS: 6)
            try await stage.accepts("ana")
            let counts = try await stage.figures("Support")
            #expect(counts[.estimated] == 1 && counts[.estimateErrorMs] == 9_000)
            #expect(counts[.estimateInMedian] == 1_000 && counts[.estimateInNinety] == 1_000)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a queue as it is now`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let queue = try stage.area("Sales").queue
            let empty = try await stage.floor.queuesNow([queue, QueueID(99)], in: stage.workspace)
            #expect(
                empty == [queue: QueueNow(waiting: 0, waitingSince: nil, estimatedWaitMs: nil, agents: 0)])
            let since = Instant(ms: stage.clock.now)
            try await stage.arrives("sales")
            stage.clock.pass(s: 20)
            try await stage.arrives("sales")
            let two = try await stage.floor.queuesNow([queue], in: stage.workspace)[queue]
            #expect(two?.waiting == 2 && two?.waitingSince == since && two?.estimatedWaitMs == nil)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a report that cannot be is refused, and old figures go`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let queue = try stage.area("Sales").queue
            let now = Instant(ms: stage.clock.now)
            for (from, to) in [(now, now), (now, now - 1), (now - 500 * 86_400_000, now)] {
                await #expect(throws: Refusal.self) {
                    try await stage.floor.statistics(queue: queue, from: from, to: to, in: stage.workspace)
                }
            }
            let tables: [SQL] = ["queue_interval", "agent_interval", "agent_reason_interval"]
            func rows() async throws -> [Int64] {
                var counts: [Int64] = []
                for table in tables {
                    counts.append(try await stage.count("SELECT COUNT(*) AS n FROM \(sql: table)"))
                }
                return counts
            }
            try await stage.look { work in
                for days: Int64 in [0, 399, 401, 800] {
                    let start = Interval.start(of: work.now - days * 86_400_000)
                    var old = Tally()
                    old.queueDeltas[.init(start: start, queue: QueueID(99), channel: .call)] = QueueCounts()
                    old.agentDeltas[.init(start: start, agent: AgentID(99))] = AgentCounts()
                    old.reasonDeltas[.init(start: start, agent: AgentID(99), reason: nil)] = 0
                    try old.flush(work.workspace, work.connection)
                }
            }
            #expect(try await rows() == [4, 4, 4])
            try await stage.floor.trimStatistics()
            #expect(try await rows() == [2, 2, 2])
        }
    }
}
