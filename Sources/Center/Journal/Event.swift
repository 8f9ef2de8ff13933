// What happened, as the journal tells it: ids and enumerations only, never a name or a text.

public import Routing

/// A story line of the journal. The raw value is what rows hold.
public enum EventKind: String, Sendable, Hashable, CaseIterable {
    case errandArrived = "errand.arrived"
    case errandOpened = "errand.opened"
    case errandAnswered = "errand.answered"
    case errandClosed = "errand.closed"
    case errandReturned = "errand.returned"
    case errandTaken = "errand.taken"
    case errandMoved = "errand.moved"
    case errandAssigned = "errand.assigned"
    case errandReopened = "errand.reopened"
    case errandNoted = "errand.noted"
    case errandTagged = "errand.tagged"
    case errandUntagged = "errand.untagged"
    case errandPrioritySet = "errand.priority_set"
    case errandCallEnded = "errand.call_ended"
    /// An answer is being written, or is not any more.
    case errandDrafted = "errand.drafted"
    /// The customer chose a level of the satisfaction meter.
    case errandRated = "errand.rated"
    case offerMade = "offer.made"
    case offerEnded = "offer.ended"
    /// Of another system.
    case itemArrived = "item.arrived"
    case itemReturned = "item.returned"
    case itemMoved = "item.moved"
    case itemConnected = "item.connected"
    case wrapUpBegan = "item.wrap_up_began"
    case wrapUpExtended = "item.wrap_up_extended"
    case itemAbandoned = "item.abandoned"
    case itemOverflowed = "item.overflowed"
    case itemLeft = "item.left"
    /// The person it tells of was erased.
    case itemErased = "item.erased"
    case signalChanged = "agent.signal_changed"
    case presenceChanged = "agent.presence_changed"
    case presencePending = "agent.presence_pending"
    case agentMade = "agent.made"
    case agentChanged = "agent.changed"
    /// Sent an invitation link to set a password with.
    case agentInvited = "agent.invited"
    case accessTokenMinted = "access_token.minted"
    case accessTokenRevoked = "access_token.revoked"
    case teniosKeyMinted = "tenios_key.minted"
    case teniosKeyRevoked = "tenios_key.revoked"
    case callbackMade = "callback.made"
    case callbackChanged = "callback.changed"
    case callbackDeleted = "callback.deleted"
    case calendarDeleted = "calendar.deleted"
    case accessKeyMinted = "access_key.minted"
    case accessKeyRevoked = "access_key.revoked"
    case groupMade = "agent_group.made"
    case groupChanged = "agent_group.changed"
    case groupDeleted = "agent_group.deleted"
    case agentDeleted = "agent.deleted"
    case agentRevived = "agent.revived"
    case areaDeleted = "area.deleted"
    case skillDeleted = "skill.deleted"
    case areaChanged = "area.changed"
    case callCenterChanged = "call_center.changed"
    case callCenterDeleted = "call_center.deleted"
    /// A calendar opened or closed a queue.
    case serviceTurned = "queue.service_turned"
    case signedIn = "agent.signed_in"
    case signedOut = "agent.signed_out"
    case passwordChanged = "agent.password_changed"
    case errandsMarked = "errand.marked"
    case errandErased = "errand.erased"
    case contactChanged = "contact.changed"
    case contactErased = "contact.erased"
    /// Of a page at Facebook.
    case ratingChanged = "rating.changed"
    case ratingErased = "rating.erased"
    case deliverySent = "delivery.sent"
    case deliveryFailed = "delivery.failed"
    case deliveryResent = "delivery.resent"
    case exportTriggered = "export.triggered"
    case libraryMade = "library.made"
    case libraryChanged = "library.changed"
    case libraryDeleted = "library.deleted"
    case provisioned = "workspace.provisioned"
}

/// One event. `data` is a flat list of ids, figures and enumerations.
public struct Event: Sendable, Hashable {
    public enum Datum: Sendable, Hashable {
        case number(Int64)
        case word(String)
    }

    public var workspace: WorkspaceID
    /// Gap-free in its workspace, from 1.
    public var seq: Int64
    public var at: Instant
    public var kind: EventKind
    public var via: Via
    public var noun: Noun
    public var nounID: Int64
    public var data: [(name: String, datum: Datum)] {
        zip(names, datums).map { (name: $0, datum: $1) }
    }
    var names: [String]
    var datums: [Datum]

    /// The number under `name` in `data`.
    public func number(_ name: String) -> Int64? {
        for (index, candidate) in names.enumerated() where candidate == name {
            if case .number(let value) = datums[index] { return value }
        }
        return nil
    }

    public func word(_ name: String) -> String? {
        for (index, candidate) in names.enumerated() where candidate == name {
            if case .word(let value) = datums[index] { return value }
        }
        return nil
    }

    /// The agent whom it concerns.
    public var agent: AgentID? { number("agent").map(AgentID.init) }

    /// `data` as the row's JSON; names and words are ours and need no escapes.
    var json: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96)
        bytes.append(UInt8(ascii: "{"))
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            Self.quote(name, &bytes)
            bytes.append(UInt8(ascii: ":"))
            switch datums[index] {
            case .number(let value): bytes.append(contentsOf: String(value).utf8)
            case .word(let value): Self.quote(value, &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func quote(_ word: String, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: word.utf8)
        bytes.append(UInt8(ascii: "\""))
    }
}
