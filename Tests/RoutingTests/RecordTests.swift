// A work item's record, whose state is kept in two places.

import Testing

@testable import Routing

@Suite struct RecordTests {
    private var plain: WorkItemRecord {
        WorkItemRecord(
            id: WorkItemID(1), queue: QueueID(2), channel: .call, priority: 3, entered: Instant(ms: 4))
    }

    private let states: [WorkItemRecord.State] = [
        .waiting,
        .offered(AgentID(1), made: Instant(ms: 2), deadline: Instant(ms: 3)),
        .offeredToGroup([AgentID(1), AgentID(2)], made: Instant(ms: 2), deadline: Instant(ms: 3)),
        .offeredToGroup([AgentID(2), AgentID(3)], made: Instant(ms: 2), deadline: Instant(ms: 3)),
        .ringing(until: Instant(ms: 5)),
        .active(AgentID(1), since: Instant(ms: 2)),
        .wrapUp(AgentID(1), until: Instant(ms: 3)),
    ]

    @Test func `a state is read as it was set, after any other`() {
        for former in states {
            for state in states {
                var record = plain
                record.state = former
                record.state = state
                #expect(record.state == state)
                var fresh = plain
                fresh.state = state
                #expect(record == fresh && record.hashValue == fresh.hashValue)
                for other in states where other != state {
                    fresh.state = other
                    #expect(record != fresh)
                }
            }
        }
    }

    @Test func `a group is kept beside what else is rare, and leaves it as it was`() {
        var record = plain
        record.requiredSkills = [SkillID(7)]
        record.pauses = [.init(agent: AgentID(9), until: Instant(ms: 10))]
        let before = record
        record.state = states[2]
        #expect(record.requiredSkills == [SkillID(7)] && record.pauses == before.pauses)
        record.pauses = []
        #expect(record.state == states[2] && record.isOffered(to: AgentID(2)))
        record.pauses = before.pauses
        record.state = .waiting
        #expect(record == before)
    }

    @Test func `a record is three quarters of a slot`() {
        #expect(MemoryLayout<WorkItemRecord>.stride == 96)
    }
}
