// What a store can answer instead of rows.

/// An engine's failure, sorted by what the caller can do about it; never contains bound values.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Refused, lost, busy or shutting down: try again later.
    case unavailable(String)
    /// The connection died while a COMMIT was under way: ask `committed(epoch:batch:scope:)`.
    case unknownCommit(String)
    /// No room on the disk.
    case full(String)
    /// Another owner has taken over, or holds the scope.
    case fenced(String)
    /// A constraint of the schema was violated.
    case constraint(String)
    /// The statement itself is wrong.
    case statement(String)
    /// Asked for by a `FaultPlan`.
    case injected(String)

    public var description: String {
        switch self {
        case .unavailable(let why): "the store is unavailable: \(why)"
        case .unknownCommit(let why): "whether the commit happened is unknown: \(why)"
        case .full(let why): "the disk is full: \(why)"
        case .fenced(let why): "this server does not own the store: \(why)"
        case .constraint(let why): "a constraint was violated: \(why)"
        case .statement(let why): "the statement failed: \(why)"
        case .injected(let why): "an injected fault: \(why)"
        }
    }
}
