// How many agents a profile has in which condition: enough to say at a glance why work waits.

/// What an agent's capacity counts at most when places are added up.
let placesMax: Int64 = 1_000

/// Agents of one profile, counted by condition.
struct Supply: Sendable {
    /// The conditions one agent counts for, as bits.
    struct Kind: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let signedIn = Kind(rawValue: 1)
        /// Presence, signals apart.
        static let available = Kind(rawValue: 2)
        /// Available, and neither in wrap-up or guard time nor with a signal on.
        static let rested = Kind(rawValue: 4)
        static let freeForErrands = Kind(rawValue: 8)
        static let freeForChats = Kind(rawValue: 16)
        static let freeForCalls = Kind(rawValue: 32)
        /// Not rested, but would have room otherwise.
        static let resting = Kind(rawValue: 64)

        static func free(_ channel: Channel) -> Kind { Kind(rawValue: 4 << UInt8(channel.rawValue)) }
    }

    /// Items of each channel that those who are available may have at once.
    private(set) var places = ByChannel<Int32>(0)
    private(set) var counts: (Int32, Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0, 0)
    /// The conditions that at least one agent is in.
    var present: Kind {
        Kind(
            rawValue: (counts.0 > 0 ? 1 : 0) | (counts.1 > 0 ? 2 : 0) | (counts.2 > 0 ? 4 : 0)
                | (counts.3 > 0 ? 8 : 0) | (counts.4 > 0 ? 16 : 0) | (counts.5 > 0 ? 32 : 0)
                | (counts.6 > 0 ? 64 : 0))
    }

    var available: Int64 { Int64(counts.1) }
    var rested: Int64 { Int64(counts.2) }

    func free(_ channel: Channel) -> Int64 {
        switch channel {
        case .errand: Int64(counts.3)
        case .chat: Int64(counts.4)
        case .call: Int64(counts.5)
        }
    }

    mutating func add(_ kind: Kind, _ by: Int32, _ capacity: Capacity) {
        if kind.contains(.available) {
            for channel in Channel.allCases {
                places[channel] += by * Int32(min(max(0, capacity[channel]), placesMax))
            }
        }
        if kind.contains(.signedIn) { counts.0 += by }
        if kind.contains(.available) { counts.1 += by }
        if kind.contains(.rested) { counts.2 += by }
        if kind.contains(.freeForErrands) { counts.3 += by }
        if kind.contains(.freeForChats) { counts.4 += by }
        if kind.contains(.freeForCalls) { counts.5 += by }
        if kind.contains(.resting) { counts.6 += by }
    }
}

extension AgentSlot {
    /// What its profile is to count it as now.
    var kind: Supply.Kind {
        guard record.presence != .signedOut else { return [] }
        var kind: Supply.Kind = .signedIn
        guard record.presence == .available || record.presence == .wrapUp else { return kind }
        kind.insert(.available)
        if takesOffersInWrapUp, !isInWrapUp {
            kind.insert(.rested)
            if open & Channel.errand.bit != 0 { kind.insert(.freeForErrands) }
            if open & Channel.chat.bit != 0 { kind.insert(.freeForChats) }
            if open & Channel.call.bit != 0 { kind.insert(.freeForCalls) }
        } else if offer.isNone, room != 0, !(record.pending?.isLeaving ?? false) {
            kind.insert(.resting)
        }
        return kind
    }
}

extension AgentSlot {
    /// Mutating, so that it happens in place: a copy of an agent costs more than all of this.
    fileprivate mutating func recount() -> (former: Supply.Kind, now: Supply.Kind) {
        let former = counted
        counted = kind
        return (former, counted)
    }
}

extension Router {
    /// Counts the agent as what it is now.
    mutating func recount(_ agent: Handle<AgentSlot>) {
        let (former, kind) = agents[agent].recount()
        guard kind != former else { return }
        count(agent, former.subtracting(kind), -1)
        count(agent, kind.subtracting(former), 1)
    }

    /// Stops counting an agent who leaves its profile, or whose capacity is about to change.
    mutating func uncount(_ agent: Handle<AgentSlot>) {
        count(agent, agents[agent].counted, -1)
        agents[agent].counted = []
    }

    private mutating func count(_ agent: Handle<AgentSlot>, _ kind: Supply.Kind, _ by: Int32) {
        guard !kind.isEmpty else { return }
        let profile = agents[agent].profile
        profiles[profile].supply.add(kind, by, agents[agent].settings.capacity)
        guard !profiles[profile].isRecounted else { return }
        profiles[profile].isRecounted = true
        recounted.append(profile)
    }
}
