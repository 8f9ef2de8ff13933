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

    /// An agent with this capacity is in another condition than before.
    mutating func move(from former: Kind, to kind: Kind, _ capacity: Capacity) {
        func difference(_ bit: UInt8) -> Int32 {
            (kind.rawValue & bit == 0 ? 0 : 1) - (former.rawValue & bit == 0 ? 0 : 1)
        }
        let by = difference(Kind.available.rawValue)
        if by != 0 {
            places.errand += by * Int32(min(max(0, capacity.errand), placesMax))
            places.chat += by * Int32(min(max(0, capacity.chat), placesMax))
            places.call += by * Int32(min(max(0, capacity.call), placesMax))
        }
        counts.0 += difference(1)
        counts.1 += by
        counts.2 += difference(4)
        counts.3 += difference(8)
        counts.4 += difference(16)
        counts.5 += difference(32)
        counts.6 += difference(64)
    }
}

extension AgentSlot {
    /// What its profile is to count it as now.
    var kind: Supply.Kind {
        @inline(__always) get {
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
}

extension AgentSlot {
    /// What its profile counts it as, and should. Mutating only to happen in place.
    fileprivate mutating func findKinds() -> (former: Supply.Kind, now: Supply.Kind) { (counted, kind) }
}

extension Profile {
    /// One of its agents is in another condition than before. True for the first since it was looked at.
    fileprivate mutating func count(
        from former: Supply.Kind, to kind: Supply.Kind, _ capacity: Capacity
    ) -> Bool {
        supply.move(from: former, to: kind, capacity)
        let isFirst = !isRecounted
        isRecounted = true
        return isFirst
    }
}

extension Router {
    /// Counts the agent as what it is now.
    mutating func recount(_ agent: Handle<AgentSlot>) {
        let (former, kind) = agents[agent].findKinds()
        guard kind != former else { return }
        count(agent, from: former, to: kind)
    }

    /// Stops counting an agent who leaves its profile, or whose capacity is about to change.
    mutating func uncount(_ agent: Handle<AgentSlot>) {
        let former = agents[agent].counted
        if !former.isEmpty { count(agent, from: former, to: []) }
    }

    private mutating func count(_ agent: Handle<AgentSlot>, from former: Supply.Kind, to kind: Supply.Kind) {
        agents[agent].counted = kind
        let profile = agents[agent].profile
        if profiles[profile].count(from: former, to: kind, agents[agent].settings.capacity) {
            recounted.append(profile)
        }
    }
}
