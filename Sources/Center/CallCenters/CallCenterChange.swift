// Call centers made and changed by a group's administrator.

public import Routing
import Store

/// What is to be different about a call center; nil and absent leave it as it is.
public struct CallCenterChange: Sendable, Hashable {
    public var name: String?
    public var type: CallCenterType?
    public var routingType: RoutingType?
    public var policy: Policy?
    /// In E.164. Cleared: none.
    public var phoneNumber = Given<String>.absent
    /// Cleared: none.
    public var extensionNumber = Given<String>.absent
    /// Cleared: as many as come.
    public var queueLength = Given<Int64>.absent
    public var wrapUpS: Int64?
    public var logOffAllowed: Bool?
    public var joinable: Bool?
    public var offersInWrapUp: Bool?

    public init() {}
}

extension Floor {
    /// Makes a call center; one that was deleted comes back as it was, and is changed.
    /// - Parameter serviceUserID: nil: one is made of its number and the workspace.
    /// - Throws: `Refusal.conflict` for an id that is taken on this server.
    public func makeCallCenter(
        _ serviceUserID: String?, inGroup group: String, _ change: CallCenterChange, by principal: Principal
    ) async throws -> CallCenterID {
        try await perform(Plan("make call center", alone: true), by: principal) { work in
            try work.requireMayManage(group: group)
            guard work.directory.users.hasGroup(group) else {
                throw Refusal.notFound("There is no such group.")
            }
            let id = try work.makeCallCenter(serviceUserID, group)
            try change.check(nil)
            try work.store(change, of: id.center, queue: id.queue)
            try work.tell(.callCenterChanged, .callCenter, id.center.raw)
            try work.reconfigure()
            return id.center
        }
    }

    public func changeCallCenter(
        _ id: CallCenterID, _ change: CallCenterChange, by principal: Principal
    ) async throws {
        try await perform(Plan("change call center", alone: true), by: principal) { work in
            let center = try work.managedCenter(id)
            try change.check(center)
            try work.store(change, of: id, queue: center.queue)
            try work.tell(.callCenterChanged, .callCenter, id.raw)
            try work.reconfigure()
        }
    }
}

extension CallCenterChange {
    /// - Parameter center: nil of one that is being made.
    fileprivate func check(_ center: CallCenter?) throws {
        if let number = phoneNumber.value, !isE164(number) {
            throw Refusal.invalid("Write a number with its country, such as +4930123456.")
        }
        if let length = queueLength.value, !(0...QueueLimits.queueLengthMax).contains(length) {
            throw Refusal.invalid("A queue length is 0 to \(QueueLimits.queueLengthMax).")
        }
        if let wrapUpS, !(0...QueueLimits.callWrapUpMaxS).contains(wrapUpS) {
            throw Refusal.invalid("Wrap-up takes 0 to \(QueueLimits.callWrapUpMaxS) seconds.")
        }
        guard type != nil || routingType != nil else { return }
        let routing = routingType ?? center?.settings.routingType ?? .priorityBased
        guard routing == .priorityBased || (type ?? center?.type ?? .basic) == .premium else {
            throw Refusal.invalid("Only a Premium call center is skill based.")
        }
    }
}

extension Work {
    /// The call center, which the principal may change.
    func managedCenter(_ id: CallCenterID) throws -> CallCenter {
        guard let center = directory.callCenter(id) else {
            throw Refusal.notFound("There is no such call center.")
        }
        try requireMayManage(group: directory.group(of: center))
        return center
    }

    fileprivate func makeCallCenter(
        _ given: String?, _ group: String
    ) throws -> (center: CallCenterID, queue: QueueID) {
        let stored = group == directory.name ? "" : group
        if let given {
            let found = try query(
                """
                SELECT workspace, id, queue, deleted_at FROM call_center WHERE service_user_id = \(given)
                """
            ).first
            if let found {
                guard found.int("workspace") == workspace.raw, found.intOrNil("deleted_at") != nil else {
                    throw Refusal.conflict("The serviceUserId \(given) is taken; choose another one.")
                }
                let id = CallCenterID(found.int("id"))
                try set("call_center", id.raw, ["deleted_at = NULL, group_name = \(stored)"])
                return (id, QueueID(found.int("queue")))
            }
        }
        let id = CallCenterID(next(.callCenter))
        let name = given ?? "callcenter\(id)@\(directory.name)"
        let clash = try query("SELECT id FROM call_center WHERE service_user_id = \(name)")
        guard clash.isEmpty else { throw Refusal.conflict("Give the call center a serviceUserId.") }
        let queue = try makeQueue("call_center")
        try execute(
            """
            INSERT INTO call_center (workspace, id, service_user_id, name, group_name, type, extension, priority,
                log_off_allowed, joinable, queue, created_at)
            VALUES (\(workspace), \(id), \(name), \(name), \(stored), \(CallCenterType.basic.rawValue), \(""),
                \(0), \(true), \(false), \(queue), \(now))
            """)
        return (id, queue)
    }

    fileprivate func store(_ change: CallCenterChange, of id: CallCenterID, queue: QueueID) throws {
        let extensionNumber: SQL? =
            switch change.extensionNumber {
            case .absent: nil
            case .cleared: "extension = ''"
            case .value(let text): "extension = \(text)"
            }
        try set(
            "call_center", id.raw,
            [
                change.name.map { "name = \($0)" }, change.type.map { "type = \($0.rawValue)" },
                column("phone_number", change.phoneNumber), extensionNumber,
                column("queue_length", change.queueLength),
                change.logOffAllowed.map { "log_off_allowed = \($0)" },
                change.joinable.map { "joinable = \($0)" },
            ])
        var routing = QueueChange()
        routing.policy = change.policy
        routing.routingType = change.routingType
        routing.wrapUpMs = change.wrapUpS.map { $0 * 1_000 }
        routing.offersInWrapUp = change.offersInWrapUp
        try store(routing, of: queue)
    }
}
