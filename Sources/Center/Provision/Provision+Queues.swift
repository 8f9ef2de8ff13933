// The routing of a plan's queues: written once everything that it can name is there.

import Routing
import Store

/// Where a plan's queue says what, for complaints about what cannot be together.
struct QueuePlaces {
    var entry: Position
    var overflow: Position?
    var actions: [TreatmentKind: Position] = [:]
    var agents: [AgentID: Position] = [:]
}

extension ProvisionRun {
    func applyQueues() throws {
        for entry in plan.areas {
            guard let queue = areaQueues[entry.name.value] else { preconditionFailure("area without queue") }
            try apply(entry.queue, to: queue, at: entry.position)
        }
        for entry in plan.callCenters {
            guard let center = callCenters[entry.serviceUserID.value] else {
                preconditionFailure("call center without queue")
            }
            try apply(entry.queue, to: center.queue, at: entry.position)
        }
    }

    private func apply(_ entry: QueueEntry, to queue: QueueID, at position: Position) throws {
        places[queue] = QueuePlaces(entry: position)
        var change = QueueChange()
        change.policy = entry.policy?.policy
        change.routingType = entry.routingType?.routingType
        change.offerTimeoutMs = entry.offerTimeoutMs
        change.reofferPauseMs = entry.reofferPauseMs
        change.wrapUpMs = entry.wrapUpMs
        change.guardMs = entry.guardMs
        change.desiredTimeoutMs = entry.desiredTimeoutMs
        change.offersInWrapUp = entry.offersInWrapUp
        change.serviceLevelS = entry.serviceLevelS
        switch entry.overflow {
        case .absent: break
        case .cleared:
            change.overflowSize = .cleared
            change.overflowWaitMs = .cleared
            change.overflowEstimatedWaitMs = .cleared
        case .value(let overflow):
            places[queue]?.overflow = overflow.position
            change.overflowSize = overflow.size
            change.overflowWaitMs = overflow.waitS.map { $0 * 1_000 }
            change.overflowEstimatedWaitMs = overflow.estimatedWaitS.map { $0 * 1_000 }
        }
        for (kind, given) in entry.treatments {
            switch given {
            case .absent: break
            case .cleared: change.treatments[kind] = .cleared
            case .value(let treatment):
                places[queue]?.actions[kind] = treatment.position
                change.treatments[kind] = .value(try new(treatment))
            }
        }
        if let agents = entry.agents { change.members = try members(agents, of: queue) }
        try work.store(change, of: queue)
        if let names = entry.requiredSkills { try setSkills(names, of: queue, required: true) }
        if let names = entry.desiredSkills { try setSkills(names, of: queue, required: false) }
    }

    private func new(_ entry: TreatmentEntry) throws -> QueueChange.NewTreatment {
        switch entry.action {
        case .busy: return .init(.busy, isActive: entry.isActive)
        case .ringing: return .init(.ringing, isActive: entry.isActive)
        case .number(let number): return .init(.number, number: number, isActive: entry.isActive)
        case .queue(let name, let keepWait):
            guard let target = areaQueues[name.value] else {
                throw plan.unknown("area", name, among: areaQueues.keys.sorted())
            }
            return .init(.queue(target, keepWait: keepWait), isActive: entry.isActive)
        case .callCenter(let id, let keepWait):
            guard let target = callCenters[id.value]?.queue else {
                throw plan.unknown("call center", id, among: callCenters.keys.sorted())
            }
            return .init(.queue(target, keepWait: keepWait), isActive: entry.isActive)
        }
    }

    private func members(
        _ entries: [QueueMemberEntry], of queue: QueueID
    ) throws -> [QueueChange.NewMember] {
        let settings = work.directory.settings(of: queue)?.members ?? []
        let before = Dictionary(uniqueKeysWithValues: settings.map { ($0.agent, $0) })
        let away = Set(
            (work.directory.callCenter(of: queue)?.agents ?? []).filter { !$0.isJoined }.map(\.agent))
        return try entries.map { entry in
            let agent = try agent(entry.loginName)
            places[queue]?.agents[agent] = entry.position
            let own = before[agent]
            return QueueChange.NewMember(
                agent: agent,
                level: entry.skillLevel.over(own.flatMap { $0.level == 0 ? nil : $0.level }) ?? 0,
                weight: entry.weight ?? own?.weight ?? 0,
                isJoined: entry.isAvailable ?? !away.contains(agent))
        }
    }

    private func setSkills(_ names: [Located<String>], of queue: QueueID, required: Bool) throws {
        try work.execute(
            """
            DELETE FROM queue_skill WHERE workspace = \(workspace) AND queue = \(queue) AND required = \(required)
            """)
        for name in names {
            try work.execute(
                """
                INSERT INTO queue_skill (workspace, queue, skill, required)
                VALUES (\(workspace), \(queue), \(try skill(name)), \(required))
                """)
        }
    }

    /// Where the file says what cannot be.
    func problem(_ contradiction: Contradiction, _ directory: Directory) -> ProvisionProblem {
        plan.problem(at: place(of: contradiction, directory), contradiction.sentence(directory))
    }

    private func place(of contradiction: Contradiction, _ directory: Directory) -> Position {
        let own = places[contradiction.queue]
        let place: Position?
        switch contradiction {
        case .ring(let queues):
            let edges = zip(queues, queues.dropFirst() + [queues[0]])
            place =
                edges.lazy.compactMap { from, to in
                    self.places[from]?.actions.first { kind, _ in
                        directory.treatments(of: from).contains { $0.kind == kind && $0.action.target == to }
                    }?.value
                }.first ?? queues.lazy.compactMap { self.places[$0]?.entry }.first
        case .overflowWithoutAction: place = own?.overflow
        case .target(_, let kind): place = own?.actions[kind]
        case .leftWithoutLeave(_, let agent): place = own?.agents[agent]
        case .numberTwice(let number, _, let queue):
            place = plan.callCenters.first { callCenters[$0.serviceUserID.value]?.queue == queue }?
                .place(of: number)
        case .weights(let queue, _):
            place = plan.entry(of: queue, self)?.agents?.first { ($0.weight ?? 0) > 0 }?.position
        }
        return place ?? own?.entry ?? plan.workspace.position
    }
}

extension ProvisionPlan {
    fileprivate func entry(of queue: QueueID, _ run: ProvisionRun) -> QueueEntry? {
        areas.first { run.areaQueues[$0.name.value] == queue }?.queue
            ?? callCenters.first { run.callCenters[$0.serviceUserID.value]?.queue == queue }?.queue
    }
}

extension CallCenterEntry {
    fileprivate func place(of number: String) -> Position? {
        dnis?.last { $0.phoneNumber == number }?.name.position ?? position
    }
}
