// Figures told apart by labels, of which there may be too many to tell each.

/// Keeps the first `max` figures apart; later ones are joined under `other`.
struct LabelledFigures {
    static let other = "other"

    private let max: Int
    private let names: [String]
    /// Labels at the end that stay as they are among the others, such as a presence.
    private let kept: Int
    private let join: (Double, Double) -> Double
    private var apart: [(values: [String], number: Double)] = []
    private var others: [(values: [String], number: Double)] = []

    init(
        max: Int, names: [String], kept: Int = 0,
        joining join: @escaping (Double, Double) -> Double = { $0 + $1 }
    ) {
        self.max = max
        self.names = names
        self.kept = kept
        self.join = join
    }

    mutating func add(_ number: Double, _ values: [String]) {
        guard apart.count >= max else {
            apart.append((values, number))
            return
        }
        let named = Array(repeating: Self.other, count: names.count - kept) + values.suffix(kept)
        if let place = others.firstIndex(where: { $0.values == named }) {
            others[place].number = join(others[place].number, number)
        } else {
            others.append((named, number))
        }
    }

    var samples: [Metric.Sample] {
        (apart + others).map { values, number in
            Metric.Sample(number, zip(names, values).map { Metric.Label($0, $1) })
        }
    }
}
