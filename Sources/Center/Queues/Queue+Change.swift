// Changes queues at the desk, with the checks of provisioning.

public import Routing
import Store

extension Floor {
    /// Changes the queue of an area or a call center; the router knows at once.
    /// - Throws: `Refusal.invalid` for figures out of bounds, `.conflict` for what cannot be together.
    public func changeQueue(_ id: QueueID, _ change: QueueChange, by principal: Principal) async throws {
        try await perform(Plan("change queue", alone: true), by: principal) { work in
            try work.requireAdministrator()
            try work.requireQueue(id)
            try change.check(work.directory)
            try work.store(change, of: id)
            try work.tellChange(of: id)
            try work.reconfigure()
        }
    }

    /// Switches forced forwarding on or off.
    /// - Throws: `Refusal.conflict` where nothing says to where.
    public func forward(_ id: QueueID, _ isOn: Bool, by principal: Principal) async throws {
        try await perform(Plan("forward queue", alone: true), by: principal) { work in
            try work.requireAdministrator()
            try work.requireQueue(id)
            guard work.directory.treatments(of: id).contains(where: { $0.kind == .forcedForwarding }) else {
                throw Refusal.conflict("Choose first what forced forwarding does.")
            }
            try work.execute(
                """
                UPDATE queue_treatment SET active = \(isOn) WHERE workspace = \(work.workspace)
                    AND queue = \(id) AND kind = \(TreatmentKind.forcedForwarding.rawValue)
                """)
            try work.tellChange(of: id)
            try work.reconfigure()
        }
    }

    /// Deletes a call center that has no call; a second time changes nothing.
    /// - Throws: `Refusal.conflict` while calls are in it or other queues send work to it.
    public func deleteCallCenter(_ id: CallCenterID, by principal: Principal) async throws {
        try await perform(Plan("delete call center", alone: true), by: principal) { work in
            guard let center = work.directory.callCenter(id) else {
                throw Refusal.notFound("There is no such call center.")
            }
            try work.requireMayManage(group: work.directory.group(of: center))
            try work.requireNoSource(of: center.queue)
            let present = work.office.router.presentCount(center.queue)
            guard present == 0 else {
                throw Refusal.conflict(
                    "\(center.name) has \(present) call\(present == 1 ? "" : "s"); let them end first.")
            }
            try work.set("call_center", id.raw, ["deleted_at = \(work.now)"])
            try work.tell(.callCenterDeleted, .callCenter, id.raw)
            try work.reconfigure()
        }
    }
}

extension Work {
    fileprivate func requireQueue(_ id: QueueID) throws {
        guard directory.settings(of: id) != nil else { throw Refusal.notFound("There is no such queue.") }
    }

    fileprivate func tellChange(of queue: QueueID) throws {
        if let center = directory.callCenter(of: queue) {
            try tell(.callCenterChanged, .callCenter, center.id.raw, ["queue": .number(queue.raw)])
        } else if let area = directory.area(of: queue) {
            try tell(.areaChanged, .area, area.id.raw, ["queue": .number(queue.raw)])
        }
    }
}

extension QueueChange {
    /// Refuses figures that are out of bounds, and agents whom nobody knows.
    fileprivate func check(_ directory: Directory) throws {
        let day = QueueLimits.daySeconds
        try check(offerTimeoutMs, 1...day, "An offer")
        try check(reofferPauseMs, 0...day, "The pause before an offer is repeated")
        try check(wrapUpMs, 0...day, "Wrap-up")
        try check(guardMs, 0...QueueLimits.guardMaxS, "The guard time")
        try check(desiredTimeoutMs, 0...day, "Insisting on desired skills")
        try check(serviceLevelS.map { $0 * 1_000 }, 1...day, "The service level's T")
        try check(overflowWaitMs.value, 0...QueueLimits.areaWaitMaxS, "The wait")
        try check(overflowEstimatedWaitMs.value, 0...QueueLimits.areaWaitMaxS, "The estimated wait")
        if let size = overflowSize.value, !(0...QueueLimits.areaSizeMax).contains(size) {
            throw Refusal.invalid("How many may wait is a number from 0 to \(QueueLimits.areaSizeMax).")
        }
        for kind in TreatmentKind.allCases {
            guard let new = treatments[kind]?.value, new.action == .number else { continue }
            guard let number = new.number, isE164(number) else {
                throw Refusal.invalid("Write the number with its country, such as +4930123456.")
            }
        }
        guard let members else { return }
        guard members.count <= QueueLimits.membersMax else {
            throw Refusal.invalid("A queue names at most \(QueueLimits.membersMax) agents.")
        }
        guard Set(members.map(\.agent)).count == members.count else {
            throw Refusal.invalid("An agent stands in a queue's list once.")
        }
        for member in members {
            guard let agent = directory.agent(member.agent) else {
                throw Refusal.invalid("There is no such agent.")
            }
            guard (0...QueueLimits.levelMax).contains(member.level) else {
                throw Refusal.invalid(
                    "The level of \(agent.loginName) is a number from 1 to \(QueueLimits.levelMax), or none.")
            }
            guard (0...QueueLimits.weightMax).contains(member.weight) else {
                throw Refusal.invalid(
                    "The weight of \(agent.loginName) is a number from 0 to \(QueueLimits.weightMax).")
            }
        }
    }

    private func check(_ ms: Int64?, _ seconds: ClosedRange<Int64>, _ what: String) throws {
        guard let ms, !(seconds.lowerBound * 1_000...seconds.upperBound * 1_000).contains(ms) else { return }
        throw Refusal.invalid(
            "\(what) takes \(seconds.lowerBound) to \(seconds.upperBound) seconds here.")
    }
}
