// What went wrong between the client and us while a body was read.
import Hummingbird

/// A body that will never be complete.
///
/// Not a refusal of the center: a dialect lets it through, and `Front` answers it before it closes.
public enum WireFault: Error, Sendable {
    /// The body came too slowly.
    case slow
    /// The client left in the middle.
    case truncated
    /// The body's framing is broken.
    case malformed
    /// The server stops and cannot wait for the rest.
    case stopping

    var status: HTTPResponse.Status {
        switch self {
        case .slow: .requestTimeout
        case .truncated, .malformed: .badRequest
        case .stopping: .serviceUnavailable
        }
    }
}
