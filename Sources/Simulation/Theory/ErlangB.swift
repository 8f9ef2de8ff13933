// Erlang's loss formula: nobody waits.

/// The share of arriving work that finds all agents busy, where it does not wait.
///
/// B₀ = 1, Bₖ = aBₖ₋₁/(k + aBₖ₋₁): no factorials, so nothing overflows; one step an agent.
/// - Parameter load: arrivals times mean handling, in erlangs.
public func erlangB(agents: Int, load: Double) -> Double {
    guard load > 0 else { return agents > 0 ? 0 : 1 }
    var blocked = 1.0
    var k = 0.0
    while k < Double(agents) {
        k += 1
        blocked = load * blocked / (k + load * blocked)
        // Below this it only falls, and divides ever smaller numbers.
        if blocked < 1e-300 { return 0 }
    }
    return blocked
}
