// What a page says of the form that led to it: a code in the address, never a text from it.
import Center
import Routing

/// The raw value is what addresses hold.
enum Said: String, CaseIterable {
    case signedOut = "signed-out"
    case answered, closed, returned
    case offerOver = "offer-over"
    case ended
    case resent
    case passwordChanged = "password-changed"
    case transferred, reopened
    case agentDeleted = "agent-deleted"
    case agentRevived = "agent-revived"
    case areaDeleted = "area-deleted"
    case skillDeleted = "skill-deleted"
    case itemTransferred = "item-transferred"
    case queueChanged = "queue-changed"
    case centerDeleted = "center-deleted"
    case librarySaved = "library-saved"
    case libraryDeleted = "library-deleted"
    case tokenRevoked = "token-revoked"
    case keyRevoked = "key-revoked"
    case callbackDeleted = "callback-deleted"
    case calendarDeleted = "calendar-deleted"
    case groupDeleted = "group-deleted"
    case agentMade = "agent-made"
    case passwordSet = "password-set"

    var sentence: String {
        switch self {
        case .signedOut: "You are signed out."
        case .answered: "Your answer was stored and the errand is closed."
        case .closed: "The errand is closed."
        case .returned: "The errand is back at the head of its queue."
        case .ended:
            "Your session has ended: \(hours(SessionLimits.lifetimeMs)) after signing in, after "
                + "\(hours(SessionLimits.idleMs)) in which nothing was done, or because the password was changed. "
                + "Sign in to go on where you were."
        case .resent: "The callback is on its way again."
        case .passwordChanged: "Your password is changed. You are signed out everywhere else."
        case .transferred: "The errand is transferred."
        case .itemTransferred: "It is transferred."
        case .reopened: "The errand is open again and waits in its queue."
        case .agentDeleted: "The agent is deleted; what was in hand is back in its queue."
        case .agentRevived: "The agent is back and can sign in again."
        case .areaDeleted: "The area is deleted."
        case .skillDeleted: "The skill is deleted."
        case .queueChanged: "Saved. It counts from now on."
        case .centerDeleted: "The call center is deleted; its figures stay."
        case .librarySaved: "Saved. The library shows it from now on."
        case .libraryDeleted: "It is deleted from the library."
        case .tokenRevoked: "The access token is revoked: it fails from now on."
        case .keyRevoked: "The access key is revoked: it fails from now on."
        case .callbackDeleted: "The callback is deleted; what it was still to be told is withdrawn."
        case .calendarDeleted: "The calendar is deleted."
        case .groupDeleted: "The agent group is deleted; its agents and areas stay."
        case .agentMade:
            "The agent is made. Make a link for a password, and put the agent into a group that serves areas."
        case .passwordSet: "Your password is set. Sign in with it."
        case .offerOver: "That offer was over before you answered it."
        }
    }
}

/// `12 hours`
func hours(_ ms: Int64) -> String { "\(ms / 3_600_000) hours" }
