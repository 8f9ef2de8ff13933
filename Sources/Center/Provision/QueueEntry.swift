// What areas and call centers have in common in a provisioning file: the rule that hands their work out.

import Routing

/// How a queue chooses among agents who could take an item.
public enum PolicyWord: String, Codable, Sendable, Hashable, CaseIterable {
    case longestIdle = "longest_idle"
    /// BroadWorks' word for longest idle.
    case uniform
    case regular, circular, simultaneous, weighted
    case fewestHandled = "fewest_handled"
    case leastTalkTime = "least_talk_time"

    var policy: Policy {
        switch self {
        case .longestIdle, .uniform: .longestIdle
        case .regular: .regular
        case .circular: .circular
        case .simultaneous: .simultaneous
        case .weighted: .weighted
        case .fewestHandled: .fewestHandled
        case .leastTalkTime: .leastTalkTime
        }
    }
}

public enum RoutingTypeWord: String, Codable, Sendable, Hashable, CaseIterable {
    case priorityBased = "priority_based"
    case skillBased = "skill_based"

    var routingType: RoutingType { self == .skillBased ? .skillBased : .priorityBased }
}

/// An agent in a queue's list.
public struct QueueMemberEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var loginName: Located<String>
    /// nil: as it was; a new one is available.
    public var isAvailable: Bool?
    public var skillLevel: Given<Int64>
    public var weight: Int64?
}

/// The routing of a queue; nil and absent: the file does not say, so what is there stays.
public struct QueueEntry: Codable, Sendable, Hashable {
    public var policy: PolicyWord?
    public var routingType: RoutingTypeWord?
    public var offerTimeoutMs: Int64?
    public var reofferPauseMs: Int64?
    public var wrapUpMs: Int64?
    public var guardMs: Int64?
    /// The T of the service level.
    public var serviceLevelS: Int64?
    public var offersInWrapUp: Bool?
    /// The whole list.
    public var requiredSkills: [Located<String>]?
    /// The whole list.
    public var desiredSkills: [Located<String>]?
    public var desiredTimeoutMs: Int64?
    /// Cleared: none.
    public var overflow: Given<OverflowEntry>
    public var night: Given<TreatmentEntry>
    public var holiday: Given<TreatmentEntry>
    public var forcedForwarding: Given<TreatmentEntry>
    public var stranded: Given<TreatmentEntry>
    /// The whole list, in order.
    public var agents: [QueueMemberEntry]?
}

extension QueueEntry {
    static let keys = [
        "policy", "routing_type", "offer_timeout_s", "reoffer_pause_s", "wrap_up_s", "guard_timer_s",
        "service_level_s",
        "offers_in_wrap_up", "required_skills", "desired_skills", "desired_timeout_s", "overflow", "night",
        "holiday", "forced_forwarding", "stranded", "agents",
    ]

    init(_ entry: EntryReader, _ kind: QueueKind) throws {
        policy = try entry.optional("policy") { try $0.choice("policy") }
        routingType = try entry.optional("routing_type") { try $0.choice("routing_type") }
        let day = QueueLimits.daySeconds
        offerTimeoutMs = try Self.ms("offer_timeout_s", entry, 1...day)
        reofferPauseMs = try Self.ms("reoffer_pause_s", entry, 0...day)
        wrapUpMs = try Self.ms("wrap_up_s", entry, 0...(kind == .area ? day : QueueLimits.callWrapUpMaxS))
        guardMs = try Self.ms("guard_timer_s", entry, 0...QueueLimits.guardMaxS)
        serviceLevelS = try entry.optional("service_level_s") { try $0.seconds(1...day) }
        offersInWrapUp = try entry.optional("offers_in_wrap_up") { try $0.flag() }
        requiredSkills = try entry.names(
            "required_skills", of: "skills", max: ProvisionPlan.skillsPerEntryMax, folded: true)
        desiredSkills = try entry.names(
            "desired_skills", of: "skills", max: ProvisionPlan.skillsPerEntryMax, folded: true)
        desiredTimeoutMs = try Self.ms("desired_timeout_s", entry, 0...day)
        overflow = try entry.given("overflow") { try OverflowEntry($0, kind) }
        night = try entry.given("night") { try TreatmentEntry($0, kind) }
        holiday = try entry.given("holiday") { try TreatmentEntry($0, kind) }
        forcedForwarding = try entry.given("forced_forwarding") { try TreatmentEntry(forwarding: $0, kind) }
        stranded = try entry.given("stranded") { try TreatmentEntry($0, kind) }
        agents = try entry.optional("agents") {
            try $0.list(of: "agents", max: QueueLimits.membersMax) { try QueueMemberEntry($0, kind) }
        }
        try refuseRepeats((agents ?? []).map(\.loginName))
    }

    private static func ms(
        _ key: String, _ entry: EntryReader, _ range: ClosedRange<Int64>
    ) throws -> Int64? {
        try entry.optional(key) { try $0.seconds(range) * 1_000 }
    }

    /// By kind, the overflow's action included.
    var treatments: KeyValuePairs<TreatmentKind, Given<TreatmentEntry>> {
        let action: Given<TreatmentEntry> =
            switch overflow {
            case .absent: .absent
            case .cleared: .cleared
            case .value(let overflow): overflow.action
            }
        return [
            .holiday: holiday, .night: night, .forcedForwarding: forcedForwarding, .stranded: stranded,
            .overflow: action,
        ]
    }
}

extension QueueMemberEntry {
    init(_ node: DocumentNode, _ kind: QueueKind) throws {
        let keys = ["login_name", "skill_level", "weight"] + (kind == .callCenter ? ["available"] : [])
        let entry = try EntryReader(node, "an agent of a queue", keys: keys)
        position = entry.position
        loginName = try entry.required("login_name") { try $0.locatedText(.loginName) }
        isAvailable =
            kind == .callCenter ? try entry.optional("available") { try $0.flag() } : nil
        skillLevel = try entry.given("skill_level") { try $0.whole(in: 1...QueueLimits.levelMax) }
        weight = try entry.optional("weight") { try $0.whole(in: 0...QueueLimits.weightMax) }
    }
}
