// How long a customer is going to wait, foretold from the length of the queue.

/// Steps of a wait that are added one by one; the rest is added in blocks, so that the cost grows with
/// the logarithm of the queue.
private let singleStepsMax = 64

/// A block is at most this part of the rate at its start: the sum over it is then right to 1 in 100,000.
private let blockShare = 8.0

/// The 90 % quantile of the normal distribution.
private let normalNinety = 1.2815515655446004

/// What a waiting customer can be told; milliseconds.
///
/// With k customers ahead and all n agents busy the wait is k + 1 steps, each until one agent is free or
/// one of those still ahead has given up: step i is exponential with rate nμ + iθ (Whitt 1999). Right when
/// handling and patience are exponential and known and the queue is served in order by agents alike; with
/// more in hand at a time, count an agent once for each.
public struct EstimatedWait: Sendable, Hashable {
    public var meanMs: Int64
    /// As likely too long as too short.
    public var medianMs: Int64
    /// Nine in ten wait no longer. Within 1.5 % of the exact quantile, as is the median.
    public var ninetyMs: Int64

    /// As it was made once.
    public init(meanMs: Int64, medianMs: Int64, ninetyMs: Int64) {
        self.meanMs = meanMs
        self.medianMs = medianMs
        self.ninetyMs = ninetyMs
    }

    /// - Parameters:
    ///   - ahead: customers before this one in the queue; of those who take others' time, too, a part.
    ///   - agents: at least 1 is reckoned with.
    ///   - handlingMs: the mean, wrap-up included.
    ///   - patienceMs: the mean; nil when nobody gives up.
    public init(ahead: Double, agents: Int, handlingMs: Int64, patienceMs: Int64?) {
        let rate = Double(max(1, agents)) / Double(max(1, handlingMs))
        let steps = max(0, ahead) + 1
        let wait: Cumulants
        if let patienceMs {
            wait = Cumulants(steps: steps, rate: rate, givingUp: 1 / Double(max(1, patienceMs)))
        } else {
            wait = Cumulants(steps: steps, rate: rate)
        }
        meanMs = whole(wait.mean)
        medianMs = whole(wait.quantile(0))
        ninetyMs = whole(wait.quantile(normalNinety))
    }
}

/// Mean, variance and third cumulant of a sum of exponentials: the sums of 1/r, 1/r² and 2/r³.
private struct Cumulants {
    var mean = 0.0
    var variance = 0.0
    var third = 0.0

    /// Steps alike.
    init(steps: Double, rate: Double) {
        mean = steps / rate
        variance = mean / rate
        third = 2 * variance / rate
    }

    /// Steps at rate + i·givingUp, i from 0.
    init(steps: Double, rate: Double, givingUp: Double) {
        var done = 0.0
        while done < steps {
            let first = rate + done * givingUp
            let room = (first / givingUp / blockShare).rounded(.down)
            let block = min(steps - done, done < Double(singleStepsMax) ? 1 : max(1, room))
            // The middle of the block stands for all of it, with the next term of its series.
            let middle = first + (block - 1) / 2 * givingUp
            let bend = (block * block - 1) / 12 * (givingUp / middle) * (givingUp / middle)
            let mean = block / middle
            self.mean += mean * (1 + bend)
            variance += mean / middle * (1 + 3 * bend)
            third += 2 * mean / (middle * middle) * (1 + 6 * bend)
            done += block
        }
    }

    /// Wilson and Hilferty's (1931) of the shifted gamma distribution that has these cumulants.
    func quantile(_ normal: Double) -> Double {
        let deviation = variance.squareRoot()
        let skewness = third / (variance * deviation)
        let root = 1 + skewness * normal / 6 - skewness * skewness / 36
        return max(0, mean + deviation * 2 / skewness * (root * root * root - 1))
    }
}

/// Rounded, held inside the range.
private func whole(_ ms: Double) -> Int64 {
    ms < 9e18 ? Int64(ms.rounded()) : .max
}
