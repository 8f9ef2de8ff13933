// A figure from independent runs, and how sure it is.

/// The mean of independent runs with its standard error.
public struct Estimate: Sendable, Hashable {
    public var mean: Double
    /// nil with fewer than two runs.
    public var standardError: Double?
    public var runs: Int

    /// nil when no run has a figure.
    public init?(_ figures: [Double]) {
        guard !figures.isEmpty else { return nil }
        runs = figures.count
        let mean = figures.reduce(0, +) / Double(runs)
        self.mean = mean
        guard runs > 1 else { return }
        let squares = figures.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardError = (squares / Double(runs - 1) / Double(runs)).squareRoot()
    }

    /// Half the width of the confidence interval, by Student's t.
    public func halfWidth(confidence: Double = 0.95) -> Double? {
        standardError.map { $0 * studentQuantile((1 + confidence) / 2, degrees: runs - 1) }
    }

    /// How many standard errors the mean is from the exact figure; nil when there is no error to measure by.
    public func z(exact: Double) -> Double? {
        guard let standardError, standardError > 0 else { return nil }
        return (mean - exact) / standardError
    }
}
