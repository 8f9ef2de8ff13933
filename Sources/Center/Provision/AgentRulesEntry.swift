// What an agent is told of routing in a provisioning file.

import Routing

/// An agent's own rules. nil and absent: the file does not say, so what is there stays.
public struct AgentRulesEntry: Codable, Sendable, Hashable {
    public var limits: LimitsEntry?
    /// 0 for never. Cleared: as the agent's call centers have it.
    public var bouncedAfter: Given<Int64>
    /// Cleared: none.
    public var bouncedReason: Given<Located<String>>
    public var forcedUnavailable: ForcingEntry?
    /// Cleared: the queue's.
    public var guardMs: Given<Int64>
    public var wrapUpMs: Int64?
    public var interrupts: InterruptsEntry?
}

/// Failed offers in a row after which an agent is made unavailable, 0 for never. nil: as it was.
public struct LimitsEntry: Codable, Sendable, Hashable {
    public var noAnswer: Int64?
    public var busy: Int64?
    public var error: Int64?
}

/// Whether a signal makes an agent unavailable: true, false, or the code of the reason that is given then.
public enum ForcedEntry: Codable, Sendable, Hashable {
    case no, yes
    case reason(Located<String>)
}

public struct ForcingEntry: Codable, Sendable, Hashable {
    public var doNotDisturb: ForcedEntry?
    public var personalCall: ForcedEntry?
    public var notReachable: ForcedEntry?
}

public enum ChannelWord: String, Codable, Sendable, Hashable, CaseIterable {
    case errand, chat, call

    var channel: Channel {
        switch self {
        case .errand: .errand
        case .chat: .chat
        case .call: .call
        }
    }
}

/// By the channel in hand, the channels that may interrupt it: whole lists. nil: as it was.
public struct InterruptsEntry: Codable, Sendable, Hashable {
    public var errand: [ChannelWord]?
    public var chat: [ChannelWord]?
    public var call: [ChannelWord]?
}

extension AgentRulesEntry {
    static let keys = [
        "limits", "bounced_after", "bounced_reason", "forced_unavailable", "guard_timer_s", "wrap_up_s",
        "interrupts",
    ]

    init(_ entry: EntryReader) throws {
        limits = try entry.optional("limits", LimitsEntry.init)
        bouncedAfter = try entry.given("bounced_after") { try $0.whole(in: 0...QueueLimits.bouncedMax) }
        bouncedReason = try entry.given("bounced_reason") { try $0.locatedText(.code) }
        forcedUnavailable = try entry.optional("forced_unavailable", ForcingEntry.init)
        guardMs = try entry.given("guard_timer_s") { try $0.seconds(0...QueueLimits.guardMaxS) * 1_000 }
        wrapUpMs = try entry.optional("wrap_up_s") { try $0.seconds(1...QueueLimits.callWrapUpMaxS) * 1_000 }
        interrupts = try entry.optional("interrupts", InterruptsEntry.init)
    }
}

extension LimitsEntry {
    private static let range: ClosedRange<Int64> = 0...100

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "limits", keys: ["no_answer", "busy", "error"])
        noAnswer = try entry.optional("no_answer") { try $0.whole(in: Self.range) }
        busy = try entry.optional("busy") { try $0.whole(in: Self.range) }
        error = try entry.optional("error") { try $0.whole(in: Self.range) }
    }
}

extension ForcedEntry {
    init(_ node: DocumentNode) throws {
        switch node.content {
        case .text("true", plain: true): self = .yes
        case .text("false", plain: true): self = .no
        case .text where !node.isNull: self = .reason(try node.locatedText(.code))
        default: throw node.expected("true, false or the code of a not-ready reason")
        }
    }
}

extension ForcingEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(
            node, "forced unavailability", keys: ["do_not_disturb", "personal_call", "not_reachable"])
        doNotDisturb = try entry.optional("do_not_disturb", ForcedEntry.init)
        personalCall = try entry.optional("personal_call", ForcedEntry.init)
        notReachable = try entry.optional("not_reachable", ForcedEntry.init)
    }
}

extension InterruptsEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "interruptions", keys: ChannelWord.allCases.map(\.rawValue))
        func words(_ key: String) throws -> [ChannelWord]? {
            let words = try entry.optional(key) { node in
                try node.list(of: "channels", max: ChannelWord.allCases.count) {
                    Located(try $0.choice("channel", ChannelWord.self), at: $0.position)
                }
            }
            try refuseRepeats((words ?? []).map { Located($0.value.rawValue, at: $0.position) })
            return words?.map(\.value)
        }
        errand = try words("errand")
        chat = try words("chat")
        call = try words("call")
    }

    /// By the channel in hand.
    var given: [(inHand: Channel, words: [ChannelWord])] {
        [(.errand, errand), (.chat, chat), (.call, call)].compactMap { inHand, words in
            words.map { (inHand, $0) }
        }
    }
}
