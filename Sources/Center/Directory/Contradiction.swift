// Settings that cannot all be meant: refused when they are made, with the reason.

import Routing

enum Contradiction: Sendable, Hashable {
    /// Work would go round through these queues; the last sends it to the first.
    case ring([QueueID])
    case weights(QueueID, sum: Int64)
    case overflowWithoutAction(QueueID)
    /// Work would go to a queue that is not there, or from an area to a call center.
    case target(QueueID, TreatmentKind)
    case leftWithoutLeave(QueueID, AgentID)
    case numberTwice(String, QueueID, QueueID)

    /// The queue whose settings say so.
    var queue: QueueID {
        switch self {
        case .ring(let queues): queues[0]
        case .weights(let queue, _), .overflowWithoutAction(let queue), .target(let queue, _),
            .leftWithoutLeave(let queue, _), .numberTwice(_, _, let queue):
            queue
        }
    }

    func sentence(_ directory: Directory) -> String {
        func name(_ queue: QueueID) -> String { directory.queueName(queue) }
        switch self {
        case .ring(let queues) where queues.count == 1:
            return "\(name(queues[0])) would send its work to itself; name another queue"
        case .ring(let queues):
            let path = (queues + [queues[0]]).map(name).joined(separator: " → ")
            return "work would go round in a ring: \(path); let one of them end it"
        case .weights(let queue, let sum):
            return "the weights of \(name(queue)) are \(sum) together; at most 100 can be given out"
        case .overflowWithoutAction(let queue):
            return "\(name(queue)) overflows, but nothing says what happens then; give the overflow an action"
        case .target(let queue, let kind):
            let what = kind.rawValue.replacing("_", with: " ")
            return "\(what) of \(name(queue)) leads nowhere: its work can go on in another area, or a call "
                + "in another call center too"
        case .leftWithoutLeave(let queue, let agent):
            let login = directory.agent(agent)?.loginName ?? "\(agent.raw)"
            return "\(login) cannot be unavailable in \(name(queue)), which does not allow logging off"
        case .numberTwice(let number, let first, let second):
            return first == second
                ? "\(number) is a number of \(name(first)) twice"
                : "\(number) is a number of \(name(first)) already"
        }
    }

    func refusal(_ directory: Directory) -> Refusal {
        let sentence = sentence(directory)
        return .conflict(sentence.prefix(1).uppercased() + sentence.dropFirst() + ".")
    }
}

extension Directory {
    /// The first contradiction there is; nil among settings that can be.
    var contradiction: Contradiction? {
        for area in areas {
            if let found = contradiction(area.queue, area.settings, area.treatments, isArea: true) {
                return found
            }
        }
        for center in callCenters {
            if let found = contradiction(center.queue, center.settings, center.treatments, isArea: false) {
                return found
            }
            if !center.logOffAllowed, let gone = center.agents.first(where: { !$0.isJoined }) {
                return .leftWithoutLeave(center.queue, gone.agent)
            }
        }
        return numberTwice ?? ring
    }

    private func contradiction(
        _ queue: QueueID, _ settings: QueueSettings, _ treatments: [QueueTreatment], isArea: Bool
    ) -> Contradiction? {
        let sum = settings.members.reduce(0) { $0 + $1.weight }
        if sum > QueueLimits.weightMax { return .weights(queue, sum: sum) }
        let overflow = settings.overflow
        let overflows = overflow.size != nil || overflow.waitMs != nil || overflow.estimatedWaitMs != nil
        if overflows, overflow.action == nil { return .overflowWithoutAction(queue) }
        for treatment in treatments {
            if let target = treatment.action.target {
                let isThere = isArea ? area(of: target) != nil : self.settings(of: target) != nil
                if !isThere { return .target(queue, treatment.kind) }
            } else if isArea {
                // An errand is never turned away: it would be open and routed nowhere.
                return .target(queue, treatment.kind)
            }
        }
        return nil
    }

    private var numberTwice: Contradiction? {
        var owners: [String: QueueID] = [:]
        for center in callCenters {
            for number in [center.phoneNumber].compactMap({ $0 }) + center.dnis.map(\.phoneNumber) {
                if let owner = owners.updateValue(center.queue, forKey: number) {
                    return .numberTwice(number, owner, center.queue)
                }
            }
        }
        return nil
    }

    private var ring: Contradiction? {
        var finished: Set<QueueID> = []
        func search(_ queue: QueueID, _ path: [QueueID]) -> [QueueID]? {
            if let start = path.firstIndex(of: queue) { return Array(path[start...]) }
            guard !finished.contains(queue), let settings = settings(of: queue) else { return nil }
            for target in settings.targets {
                if let found = search(target, path + [queue]) { return found }
            }
            finished.insert(queue)
            return nil
        }
        for (queue, _) in queues {
            if let found = search(queue, []) { return .ring(found) }
        }
        return nil
    }
}
