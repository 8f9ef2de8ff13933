// What an administrator typed about a queue, as a change.
import Center
import Routing
import Web

/// The fields of the forms on a queue's page.
struct QueueForm {
    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }

    /// Policy, timers, overflow and treatments. An empty field of the overflow is no limit.
    func settings(of queue: QueueID, _ directory: Directory) throws -> QueueChange {
        var change = QueueChange()
        guard let policy = try Policy(rawValue: number("policy", "The policy") ?? 0),
            let type = try RoutingType(rawValue: number("routing_type", "Levels") ?? 0)
        else { throw Refusal.invalid("Choose one of the policies on the page.") }
        change.policy = policy
        change.routingType = type
        change.offerTimeoutMs = try ms("offer_timeout_s", "An offer")
        change.reofferPauseMs = try ms("reoffer_pause_s", "The pause before an offer is repeated")
        change.wrapUpMs = try ms("wrap_up_s", "Wrap-up")
        change.guardMs = try ms("guard_timer_s", "The guard time")
        change.serviceLevelS = try number("service_level_s", "The service level's T")
        change.offersInWrapUp = fields["offers_in_wrap_up"] != nil
        change.overflowSize = try given(number("overflow_size", "How many may wait"))
        change.overflowWaitMs = try given(ms("overflow_wait_s", "The wait"))
        change.overflowEstimatedWaitMs = try given(ms("overflow_estimated_wait_s", "The estimated wait"))
        let known = Set(directory.treatments(of: queue).map(\.kind))
        for kind in TreatmentKind.allCases {
            change.treatments[kind] = try treatment(kind).map { treatment in
                var treatment = treatment
                // Choosing where calls would go does not send them there yet.
                if kind == .forcedForwarding, !known.contains(kind) { treatment.isActive = false }
                return treatment
            }
        }
        return change
    }

    /// The agents in the order of their places; the one in `add` comes last.
    func members(of queue: QueueID, _ directory: Directory) throws -> QueueChange {
        var lines: [(place: Int64, member: QueueChange.NewMember)] = []
        let isArea = directory.area(of: queue) != nil
        for text in fields.all("agent") {
            guard let id = Int64(text) else { throw Refusal.invalid("There is no such agent.") }
            guard fields["remove.\(id)"] == nil else { continue }
            let member = QueueChange.NewMember(
                agent: AgentID(id), level: try number("level.\(id)", "A level") ?? 0,
                weight: try number("weight.\(id)", "A weight") ?? 0,
                isJoined: isArea || fields["joined.\(id)"] != nil)
            lines.append((try number("place.\(id)", "A place") ?? .max, member))
        }
        // Stable: equal places stay as they were.
        let order = lines.enumerated().sorted {
            ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
        }
        var change = QueueChange()
        change.members = order.map(\.element.member)
        if let added = try number("add", "The agent") {
            change.members?.append(QueueChange.NewMember(agent: AgentID(added)))
        }
        return change
    }

    private func treatment(_ kind: TreatmentKind) throws -> Given<QueueChange.NewTreatment> {
        let name = kind.rawValue
        let keepsWait = fields["\(name).keep_wait"] != nil
        let word = fields["\(name).action"] ?? ""
        switch word {
        case "": return .cleared
        case "busy": return .value(.init(.busy))
        case "ringing": return .value(.init(.ringing))
        case "number":
            return .value(.init(.number, number: (fields["\(name).number"] ?? "").filter { $0 != " " }))
        default:
            guard word.hasPrefix("queue:"), let target = Int64(word.dropFirst(6)) else {
                throw Refusal.invalid("Choose one of the actions on the page.")
            }
            return .value(.init(.queue(QueueID(target), keepWait: keepsWait)))
        }
    }

    /// nil where nothing was typed.
    private func number(_ name: String, _ what: String) throws -> Int64? {
        let text = (fields[name] ?? "").filter { $0 != " " }
        if text.isEmpty { return nil }
        guard let number = Int64(text), (0...1_000_000_000).contains(number) else {
            throw Refusal.invalid("\(what) is a whole number; write digits only.")
        }
        return number
    }

    private func ms(_ name: String, _ what: String) throws -> Int64? {
        try number(name, what).map { $0 * 1_000 }
    }

    private func given(_ value: Int64?) -> Given<Int64> { value.map { .value($0) } ?? .cleared }
}
