// What a queue does with work that it does not take, in a provisioning file.

import Routing

/// What happens to work that a queue does not take: `busy`, `ringing`, `{number}`, `{queue}`, `{call_center}`.
public enum ActionEntry: Codable, Sendable, Hashable {
    case busy, ringing
    /// In E.164.
    case number(String)
    /// An area, by name.
    case queue(Located<String>, keepWait: Bool)
    /// A call center, by `service_user_id`.
    case callCenter(Located<String>, keepWait: Bool)
}

/// An action and where it stands.
public struct TreatmentEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var action: ActionEntry
    /// Only of forced forwarding. nil: as it was; a new one is active.
    public var isActive: Bool?
}

/// When a queue overflows and what happens then; what is not said stays.
public struct OverflowEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var size: Given<Int64>
    public var waitS: Given<Int64>
    public var estimatedWaitS: Given<Int64>
    public var action: Given<TreatmentEntry>
}

/// What a queue may do with its work.
enum QueueKind {
    /// Errands are never turned away: they go on in another area.
    case area
    case callCenter
}

extension ActionEntry {
    private static let keys = ["number", "queue", "call_center", "keep_wait"]
    private static let words =
        "busy, ringing, {number: \"+4930123456\"}, {queue: AREA} or {call_center: ID}"

    init(_ node: DocumentNode, _ kind: QueueKind) throws {
        let expected = kind == .area ? "{queue: AREA}" : Self.words
        switch node.content {
        case .text("busy", _) where kind == .callCenter: self = .busy
        case .text("ringing", _) where kind == .callCenter: self = .ringing
        case .text("busy", _), .text("ringing", _):
            throw node.problem(
                "an errand is not turned away: it goes on in another area, written \(expected)")
        case .mapping: self = try Self.led(node, kind)
        default: throw node.expected("one of \(expected)")
        }
    }

    private static func led(_ node: DocumentNode, _ kind: QueueKind) throws -> ActionEntry {
        let entry = try EntryReader(node, "an action", keys: keys)
        let given = ["number", "queue", "call_center"].filter { entry.node($0) != nil }
        guard given.count == 1 else {
            throw node.problem("an action has one of the keys number, queue and call_center")
        }
        if kind == .area, given != ["queue"] {
            throw node.problem("an errand can only go on in another area, written {queue: AREA}")
        }
        let keepWait = try entry.optional("keep_wait") { try $0.flag() }
        switch given[0] {
        case "queue":
            return .queue(
                try entry.required("queue") { try $0.locatedText(.name) }, keepWait: keepWait ?? true)
        case "call_center":
            let id = try entry.required("call_center") { try $0.locatedText(.serviceUserID) }
            return .callCenter(id, keepWait: keepWait ?? true)
        default:
            guard keepWait == nil else {
                throw ProvisionProblem(
                    at: entry.keyPosition("keep_wait"),
                    "'keep_wait' stands beside queue or call_center: a number has no queue to wait in")
            }
            return .number(try entry.required("number") { try $0.phoneNumber() })
        }
    }
}

extension TreatmentEntry {
    init(_ node: DocumentNode, _ kind: QueueKind) throws {
        position = node.position
        action = try ActionEntry(node, kind)
    }

    /// Forced forwarding: an action, or `{action, active}`.
    init(forwarding node: DocumentNode, _ kind: QueueKind) throws {
        guard case .mapping(let members) = node.content,
            members.contains(where: { $0.key.value == "action" || $0.key.value == "active" })
        else {
            try self.init(node, kind)
            return
        }
        let entry = try EntryReader(node, "forced forwarding", keys: ["action", "active"])
        let action = try entry.required("action") { try TreatmentEntry($0, kind) }
        self.init(
            position: action.position, action: action.action,
            isActive: try entry.optional("active") { try $0.flag() })
    }
}

extension OverflowEntry {
    static let keys = ["size", "wait_s", "estimated_wait_s", "action"]

    init(_ node: DocumentNode, _ kind: QueueKind) throws {
        let entry = try EntryReader(node, "an overflow", keys: Self.keys)
        let sizeMax = kind == .area ? QueueLimits.areaSizeMax : QueueLimits.queueLengthMax
        let waitMaxS = kind == .area ? QueueLimits.areaWaitMaxS : QueueLimits.callWaitMaxS
        position = entry.position
        size = try entry.given("size") { try $0.whole(in: 0...sizeMax) }
        waitS = try entry.given("wait_s") { try $0.seconds(0...waitMaxS) }
        estimatedWaitS = try entry.given("estimated_wait_s") { try $0.seconds(0...waitMaxS) }
        action = try entry.given("action") { try TreatmentEntry($0, kind) }
    }
}

extension DocumentNode {
    /// In E.164, in quotes or not.
    func phoneNumber() throws -> String {
        guard case .text(let text, _) = content, isE164(text) else {
            throw expected("a number such as \"+4930123456\", in E.164")
        }
        return text
    }
}

extension TextRule {
    /// Source: reference apio.md §3.1.
    static let serviceUserID = TextRule(what: "a service user id", lengths: 1...161, unbroken: true)
    static let extensionNumber = TextRule(what: "an extension", lengths: 1...20, unbroken: true)
    static let dnisName = TextRule(what: "a name", lengths: 1...40)
}
