// The four formulas of the service level X/T.

/// How the share answered in time is reckoned; the number is the one of the command line.
public enum ServiceLevel: Int, Sendable, Hashable, CaseIterable {
    case offered = 1
    case offeredLessAbandoned = 2
    case answeredOrAbandoned = 3
    case answered = 4

    /// Always printed with the figure.
    public var formula: String {
        switch self {
        case .offered: "answered in T / offered"
        case .offeredLessAbandoned: "answered in T / (offered − abandoned in T)"
        case .answeredOrAbandoned: "(answered + abandoned in T) / offered"
        case .answered: "answered in T / answered"
        }
    }
}
