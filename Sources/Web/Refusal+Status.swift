// The HTTP status of each refusal, for dialects that have no reason to differ.
public import Center
public import Hummingbird

extension Refusal {
    public var status: HTTPResponse.Status {
        switch self {
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .invalid: .badRequest
        case .conflict: .conflict
        case .tooMany: .tooManyRequests
        case .tooLarge: .contentTooLarge
        case .unsupported: .unsupportedMediaType
        case .unavailable: .serviceUnavailable
        case .storageFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    /// The `Retry-After` header's seconds; nil when waiting does not help.
    public var retryAfterS: Int? {
        switch self {
        case .tooMany(_, let seconds), .unavailable(_, let seconds): seconds
        case .unauthenticated, .forbidden, .notFound, .invalid, .conflict, .tooLarge, .unsupported,
            .storageFull:
            nil
        }
    }
}
