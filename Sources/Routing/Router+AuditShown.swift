// Whether those who choose would find an agent: on the benches of its queues, and in the ready heaps.

extension Router {
    /// nil when every bench shows the agent as it is, and every ready heap that is asked has it; only of channels that
    /// its profile has work of.
    func shownWrong(_ agent: Handle<AgentSlot>) -> String? {
        let slot = agents[agent]
        // A restored router has looked at nobody until its first input.
        guard !slot.profile.isNone, !slot.isDirty else { return nil }
        let supply = supplies[Int(slot.profile.raw)]
        if slot.open & ~slot.listed & supply.listed != 0 { return "open, but on no ready list" }
        for at in slot.seats {
            let bench = queues[at.queue].bench
            guard at.seat < bench.agents.count, bench.agents[at.seat] == agent else {
                return "not on its seat of \(queues[at.queue].id)"
            }
            let open = bench.offersInWrapUp ? slot.open | slot.openInWrapUp : slot.open
            for channel in Channel.allCases where channel.bit & supply.channels & bench.channels != 0 {
                let isShown = bench.openSeats(channel, at.seat >> 6) >> UInt64(at.seat & 63) & 1 != 0
                guard isShown == (open & channel.bit != 0) else {
                    return "shown wrong for \(channel) by \(queues[at.queue].id)"
                }
            }
        }
        return nil
    }
}
