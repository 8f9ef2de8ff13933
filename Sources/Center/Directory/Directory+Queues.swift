// Reads queues and call centers from rows.

import Routing
import Store

/// The rows of a workspace's queues, sorted by queue.
struct QueueRows {
    private(set) var settings: [QueueID: QueueSettings] = [:]
    private(set) var treatments: [QueueID: [QueueTreatment]] = [:]
    private(set) var members: [QueueID: [CallCenter.Member]] = [:]

    init(queues: [Row], skills: [Row], treatments treatmentRows: [Row], members memberRows: [Row]) {
        for row in queues {
            var queue = QueueSettings()
            queue.priority = row.int("priority")
            queue.offerTimeoutMs = row.int("offer_timeout_ms")
            queue.reofferPauseMs = row.int("reoffer_pause_ms")
            queue.wrapUpMs = row.int("wrap_up_ms")
            queue.desiredTimeoutMs = row.int("desired_timeout_ms")
            queue.guardMs = row.int("guard_ms")
            queue.policy = Self.known(row, "policy")
            queue.routingType = Self.known(row, "routing_type")
            queue.service = Self.known(row, "service")
            queue.offersInWrapUp = row.bool("offers_in_wrap_up")
            queue.overflow.size = row.intOrNil("overflow_size")
            queue.overflow.waitMs = row.intOrNil("overflow_wait_ms")
            queue.overflow.estimatedWaitMs = row.intOrNil("overflow_estimated_wait_ms")
            settings[QueueID(row.int("id"))] = queue
        }
        for row in skills {
            let queue = QueueID(row.int("queue"))
            let skill = SkillID(row.int("skill"))
            if row.bool("required") {
                settings[queue]?.requiredSkills.append(skill)
            } else {
                settings[queue]?.desiredSkills.append(skill)
            }
        }
        for row in treatmentRows {
            treatments[QueueID(row.int("queue")), default: []].append(Self.treatment(row))
        }
        for row in memberRows {
            members[QueueID(row.int("queue")), default: []].append(
                CallCenter.Member(
                    agent: AgentID(row.int("agent")), level: row.int("level"), weight: row.int("weight"),
                    isJoined: row.bool("available")))
        }
        for queue in settings.keys {
            settings[queue]?.take(treatments[queue] ?? [])
            settings[queue]?.members = (members[queue] ?? []).map {
                QueueMember(agent: $0.agent, level: $0.level, weight: $0.weight)
            }
        }
    }

    private static func known<Word: RawRepresentable<Int64>>(_ row: Row, _ column: String) -> Word {
        guard let word = Word(rawValue: row.int(column)) else {
            preconditionFailure("queue \(row.int("id")) has \(column) \(row.int(column))")
        }
        return word
    }

    private static func treatment(_ row: Row) -> QueueTreatment {
        let action: Treatment
        switch (row.text("action"), row.intOrNil("target")) {
        case ("busy", _): action = .busy
        case ("ringing", _): action = .ringing
        case ("number", _): action = .number
        case ("queue", let target?): action = .queue(QueueID(target), keepWait: row.bool("keep_wait"))
        case (let other, _): preconditionFailure("queue \(row.int("queue")) has a treatment \(other)")
        }
        guard let kind = TreatmentKind(rawValue: row.text("kind")) else {
            preconditionFailure("queue \(row.int("queue")) has a treatment in case of \(row.text("kind"))")
        }
        return QueueTreatment(
            kind: kind, action: action, number: row.textOrNil("number"), isActive: row.bool("active"))
    }
}

/// How work of several queues of one agent goes. The raw value is what files and rows hold.
public enum QueueOrder: String, Codable, Sendable, Hashable, CaseIterable {
    /// The oldest over all of them.
    case oldest
    /// By the queues' priority.
    case priority
}

extension CallCenter {
    /// Rows of the workspace's call centers that are there, and of what is theirs.
    static func read(
        _ rows: [Row], dnis: [Row], supervisors: [Row], supervised: [Row], _ queues: QueueRows,
        _ order: QueueOrder
    ) -> [CallCenter] {
        let dnis = Dictionary(grouping: dnis) { $0.int("call_center") }
        let supervisors = Dictionary(grouping: supervisors) { $0.int("call_center") }
        let supervised = Dictionary(grouping: supervised) { $0.int("call_center") }
        return rows.filter { $0.intOrNil("deleted_at") == nil }.map { row in
            let id = row.int("id")
            let looked = Dictionary(grouping: supervised[id] ?? []) { $0.int("supervisor") }
            return CallCenter(
                row, queues, order,
                dnis: (dnis[id] ?? []).map {
                    DNIS(
                        name: $0.text("name"), phoneNumber: $0.text("phone_number"),
                        priority: $0.int("priority"), allowOutgoing: $0.bool("allow_outgoing"))
                },
                supervisors: (supervisors[id] ?? []).map { row in
                    Supervisor(
                        agent: AgentID(row.int("agent")),
                        agents: (looked[row.int("agent")] ?? []).map { AgentID($0.int("agent")) })
                })
        }
    }

    private init(
        _ row: Row, _ queues: QueueRows, _ order: QueueOrder, dnis: [DNIS], supervisors: [Supervisor]
    ) {
        id = CallCenterID(row.int("id"))
        queue = QueueID(row.int("queue"))
        guard var settings = queues.settings[queue], let type = CallCenterType(rawValue: row.text("type"))
        else { preconditionFailure("call center \(row.int("id")): queue \(queue.raw), \(row.text("type"))") }
        serviceUserID = row.text("service_user_id")
        name = row.text("name")
        group = row.text("group_name")
        self.type = type
        phoneNumber = row.textOrNil("phone_number")
        extensionNumber = row.text("extension")
        priority = row.int("priority")
        queueLength = row.intOrNil("queue_length")
        overflowSize = settings.overflow.size
        logOffAllowed = row.bool("log_off_allowed")
        joinable = row.bool("joinable")
        bouncedAfter = row.intOrNil("bounced_after")
        calendar = row.intOrNil("calendar").map(CalendarID.init)
        agents = queues.members[queue] ?? []
        self.supervisors = supervisors
        self.dnis = dnis
        treatments = queues.treatments[queue] ?? []
        if order == .priority { settings.rank = priority }
        if let queueLength {
            settings.overflow.size = min(queueLength, settings.overflow.size ?? queueLength)
            // Source: reference apio.md §5: a full queue is busy where nothing else is said.
            settings.overflow.action = settings.overflow.action ?? .busy
        }
        self.settings = settings
    }
}
