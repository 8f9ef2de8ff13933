// The one way in which the domain says no. Each dialect renders it; anything else thrown is a fault.

/// Why a request was not carried out. The text is a sentence for the caller that says what to change.
public enum Refusal: Error, Sendable, Hashable {
    case unauthenticated(String)
    case forbidden(String)
    case notFound(String)
    /// `pointer` is a JSON pointer to the offending member, where there is one.
    case invalid(String, pointer: String?)
    case conflict(String)
    case tooMany(String, retryAfterS: Int)
    case tooLarge(String)
    case unsupported(String)
    case unavailable(String, retryAfterS: Int)
    /// The disk is full: writes are refused, reads go on.
    case storageFull(String)

    public var message: String {
        switch self {
        case .unauthenticated(let text), .forbidden(let text), .notFound(let text), .invalid(let text, _),
            .conflict(let text), .tooMany(let text, _), .tooLarge(let text), .unsupported(let text),
            .unavailable(let text, _), .storageFull(let text):
            text
        }
    }

    public static func invalid(_ text: String) -> Refusal { .invalid(text, pointer: nil) }
}
