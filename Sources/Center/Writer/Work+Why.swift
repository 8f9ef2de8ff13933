// Keeps why the router decided as it did: one row an offer, and one where the reason of waiting changes.

import Routing
import Store

extension Work {
    func store(_ decision: Decision) throws {
        let (word, figure) = decision.reason.stored
        try execute(
            """
            INSERT INTO decision (workspace, work_item, epoch, batch, at, queue, serving, available, skilled,
                with_room, candidates, winner, reason, reason_value, runner_up, waiting)
            VALUES (\(workspace), \(decision.item), \(decision.epoch), \(office.inputs.current), \(now),
                \(decision.queue), \(decision.serving), \(decision.available), \(decision.skilled),
                \(decision.free), \(decision.candidates), \(decision.winner), \(word), \(figure),
                \(decision.runnerUp), \(decision.waiting))
            """)
    }

    func store(_ why: Blockage, _ queue: QueueID, _ channel: Channel, _ skills: [SkillID]) throws {
        try execute(
            """
            INSERT INTO blockage (workspace, batch, ordinal, at, queue, channel, skills, reason)
            VALUES (\(workspace), \(office.inputs.current), \(office.inputs.nextOrdinal()), \(now), \(queue),
                \(channel.rawValue), \(numberList(skills.map(\.raw))), \(why.rawValue))
            """)
    }
}
