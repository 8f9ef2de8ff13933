// A figure for who watches the server from outside, in no format yet.

/// One named figure with its samples; several when it is told apart by labels.
public struct Metric: Sendable {
    /// The raw value is Prometheus's word.
    public enum Kind: String, Sendable {
        /// Only grows while the process lives.
        case counter
        case gauge
        case histogram
    }

    /// Labels hold ids, enumerations and versions only: never a name, never a secret.
    public struct Label: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Value: Sendable {
        case number(Double)
        case histogram(Histogram)
    }

    public struct Sample: Sendable {
        public var labels: [Label]
        public var value: Value

        public init(_ number: Double, _ labels: [Label] = []) {
            self.labels = labels
            value = .number(number)
        }

        public init(_ histogram: Histogram, _ labels: [Label] = []) {
            self.labels = labels
            value = .histogram(histogram)
        }
    }

    public var name: String
    /// One sentence.
    public var help: String
    public var kind: Kind
    public var samples: [Sample]

    public init(_ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]) {
        self.kind = kind
        self.name = name
        self.help = help
        self.samples = samples
    }

    public init(_ kind: Kind, _ name: String, _ help: String, _ number: some BinaryInteger) {
        self.init(kind, name, help, [Sample(Double(number))])
    }

    public init(_ kind: Kind, _ name: String, _ help: String, seconds: Double) {
        self.init(kind, name, help, [Sample(seconds)])
    }

    /// One sample for each value of one label.
    public init(
        _ kind: Kind, _ name: String, _ help: String, by label: String,
        _ values: [(String, some BinaryInteger)]
    ) {
        self.init(kind, name, help, values.map { Sample(Double($0.1), [Label(label, $0.0)]) })
    }
}
