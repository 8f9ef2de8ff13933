// Student's t, and the two incomplete functions that it and the waits are made of.

import Foundation

/// Terms of a continued fraction or a series before it is good enough; both need a few hundred at most
/// where they are used.
private let termsMax = 100_000

/// Halvings that find a quantile to the last digit.
private let halvings = 200

/// The quantile of Student's t, `probability` from 0.5 up to 1.
public func studentQuantile(_ probability: Double, degrees: Int) -> Double {
    let n = Double(degrees)
    return rising(to: probability, above: 0) { t in
        1 - 0.5 * incompleteBeta(n / (n + t * t), n / 2, 0.5)
    }
}

/// Where a rising function reaches `value`.
func rising(to value: Double, above least: Double, _ function: (Double) -> Double) -> Double {
    var low = least
    var high = max(1, least * 2)
    while function(high) < value, high < 1e300 { high *= 2 }
    for _ in 0..<halvings {
        let middle = low + (high - low) / 2
        if middle == low || middle == high { break }
        if function(middle) < value { low = middle } else { high = middle }
    }
    return high
}

/// The regularised incomplete beta function I(x; a, b), by its continued fraction (Lentz).
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side only.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny)
    var fraction = d
    for m in 1...termsMax {
        let k = Double(m)
        let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        d = 1 / nonZero(1 + even * d, tiny)
        c = nonZero(1 + even / c, tiny)
        fraction *= d * c
        let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        d = 1 / nonZero(1 + odd * d, tiny)
        c = nonZero(1 + odd / c, tiny)
        fraction *= d * c
        if abs(d * c - 1) < 1e-15 { break }
    }
    return min(1, front * fraction)
}

/// The share of a sum of `steps` exponentials of mean 1 that is at most x: 1 − e^(−x) Σ xⁱ/i!, i < steps.
func erlangShare(_ x: Double, steps: Int) -> Double {
    guard x > 0 else { return 0 }
    var left = 0.0
    var term = -x
    for i in 0..<steps {
        left += exp(term)
        term += log(x / Double(i + 1))
    }
    return max(0, 1 - left)
}

private func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
