// What a page says of the form that led to it: a code in the address, never a text from it.

/// The raw value is what addresses hold.
enum Said: String, CaseIterable {
    case signedOut = "signed-out"
    case answered, closed, returned
    case offerOver = "offer-over"
    case transferred, reopened

    var sentence: String {
        switch self {
        case .signedOut: "You are signed out."
        case .answered: "Your answer was stored and the errand is closed."
        case .closed: "The errand is closed."
        case .returned: "The errand is back at the head of its queue."
        case .transferred: "The errand is transferred."
        case .reopened: "The errand is open again and waits in its queue."
        case .offerOver: "That offer was over before you answered it."
        }
    }
}
