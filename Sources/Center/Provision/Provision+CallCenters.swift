// Call centers of a plan: their rows, supervisors and numbers; their routing is applied with all queues'.

import Routing
import Store

/// A call center that a plan can name.
struct KnownCallCenter {
    let id: CallCenterID
    let queue: QueueID
}

extension ProvisionRun {
    func applyCallCenters() throws {
        for row in try work.query(
            """
            SELECT id, queue, service_user_id, deleted_at FROM call_center WHERE workspace = \(workspace)
            ORDER BY id
            """)
        {
            let center = KnownCallCenter(id: CallCenterID(row.int("id")), queue: QueueID(row.int("queue")))
            if row.intOrNil("deleted_at") == nil {
                callCenters[row.text("service_user_id")] = center
            } else {
                deletedCallCenters[row.text("service_user_id")] = center
            }
        }
        for entry in plan.callCenters {
            let key = entry.serviceUserID.value
            let center = try callCenters[key] ?? revived(key) ?? made(entry)
            callCenters[key] = center
            result.ids.callCenters[key] = center.id.raw
            try work.set("call_center", center.id.raw, try columns(entry))
        }
    }

    /// Once the agents of all call centers are written.
    func applySupervisors() throws {
        for entry in plan.callCenters {
            guard let center = callCenters[entry.serviceUserID.value] else { continue }
            if let dnis = entry.dnis { try set(dnis, of: center.id) }
            if let supervisors = entry.supervisors { try set(supervisors, of: center) }
        }
    }

    /// A deleted call center of this id comes back as it was.
    private func revived(_ key: String) throws -> KnownCallCenter? {
        guard let center = deletedCallCenters[key] else { return nil }
        try work.set("call_center", center.id.raw, ["deleted_at = NULL"])
        return center
    }

    private func made(_ entry: CallCenterEntry) throws -> KnownCallCenter {
        let key = entry.serviceUserID
        let clash = try work.query("SELECT workspace FROM call_center WHERE service_user_id = \(key.value)")
        guard clash.isEmpty else {
            throw plan.problem(
                at: key.position,
                "another workspace of this server has a call center \(quoted(key.value)); choose another id")
        }
        let center = KnownCallCenter(
            id: CallCenterID(work.next(.callCenter)), queue: try makeQueue("call_center"))
        try work.execute(
            """
            INSERT INTO call_center (workspace, id, service_user_id, name, group_name, type, extension, priority,
                log_off_allowed, joinable, queue, created_at)
            VALUES (\(workspace), \(center.id), \(key.value), \(entry.name ?? key.value), \(""),
                \(CallCenterType.basic.rawValue), \(""), \(0), \(true), \(false), \(center.queue), \(work.now))
            """)
        return center
    }

    private func columns(_ entry: CallCenterEntry) throws -> [SQL?] {
        [
            entry.name.map { "name = \($0)" }, text("group_name", entry.group),
            entry.type.map { "type = \($0.rawValue)" }, work.column("phone_number", entry.phoneNumber),
            text("extension", entry.extensionNumber), entry.priority.map { "priority = \($0)" },
            work.column("queue_length", entry.queueLength),
            entry.logOffAllowed.map { "log_off_allowed = \($0)" },
            entry.joinable.map { "joinable = \($0)" }, try calendarColumn(entry.calendar),
            work.column("bounced_after", entry.bouncedAfter),
        ]
    }

    /// Cleared: empty.
    func text(_ column: SQL, _ given: Given<String>) -> SQL? {
        switch given {
        case .absent: nil
        case .cleared: column + " = ''"
        case .value(let text): column + " = \(text)"
        }
    }

    private func set(_ dnis: [DNISEntry], of center: CallCenterID) throws {
        var before: [String: Row] = [:]
        for row in try work.query(
            "SELECT * FROM dnis WHERE workspace = \(workspace) AND call_center = \(center) ORDER BY place")
        {
            before[row.text("name")] = row
        }
        try work.execute("DELETE FROM dnis WHERE workspace = \(workspace) AND call_center = \(center)")
        for (place, entry) in dnis.enumerated() {
            let own = before[entry.name.value]
            try work.execute(
                """
                INSERT INTO dnis (workspace, call_center, place, name, phone_number, priority, allow_outgoing)
                VALUES (\(workspace), \(center), \(place + 1), \(entry.name.value), \(entry.phoneNumber),
                    \(entry.priority ?? own?.int("priority") ?? 0),
                    \(entry.allowOutgoing ?? own?.bool("allow_outgoing") ?? false))
                """)
        }
    }

    private func set(_ supervisors: [SupervisorEntry], of center: KnownCallCenter) throws {
        let assigned = Set(
            try work.query(
                "SELECT agent FROM queue_member WHERE workspace = \(workspace) AND queue = \(center.queue)"
            ).map { AgentID($0.int("agent")) })
        try work.execute(
            "DELETE FROM call_center_supervisor WHERE workspace = \(workspace) AND call_center = \(center.id)"
        )
        try work.execute(
            "DELETE FROM supervised_agent WHERE workspace = \(workspace) AND call_center = \(center.id)")
        for entry in supervisors {
            let supervisor = try agent(entry.loginName)
            try work.execute(
                """
                INSERT INTO call_center_supervisor (workspace, call_center, agent)
                VALUES (\(workspace), \(center.id), \(supervisor))
                """)
            for login in entry.agents ?? [] {
                let agent = try agent(login)
                guard assigned.contains(agent) else {
                    throw plan.problem(
                        at: login.position,
                        "\(quoted(login.value)) is no agent of this call center; put them into its 'agents'")
                }
                try work.execute(
                    """
                    INSERT INTO supervised_agent (workspace, call_center, supervisor, agent)
                    VALUES (\(workspace), \(center.id), \(supervisor), \(agent))
                    """)
            }
        }
    }
}
