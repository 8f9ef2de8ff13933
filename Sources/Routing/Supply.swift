// How many agents a profile has in which condition: enough to say at a glance why work waits.

/// What an agent's capacity counts at most when places are added up.
let placesMax: Int64 = 1_000

/// Agents of one profile, counted by condition. In 32 bytes: a decision adds up those of all the profiles of a queue.
struct Supply: Sendable {
    /// The conditions one agent counts for, as bits.
    struct Kind: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let signedIn = Kind(rawValue: 1)
        /// Presence, signals apart.
        static let available = Kind(rawValue: 2)
        /// Available, and neither in wrap-up or guard time nor with a signal on.
        static let rested = Kind(rawValue: 4)
        // 8, 16 and 32: free for errands, chats and calls, as `free` has them.
        /// Not rested, but would have room otherwise.
        static let resting = Kind(rawValue: 64)

        static func free(_ channel: Channel) -> Kind { free(channel.bit) }
        /// - Parameter channels: as bits.
        static func free(_ channels: UInt8) -> Kind { Kind(rawValue: channels << 3) }
    }

    /// By the place of the condition's bit.
    private(set) var counts: (Int32, Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0, 0)
    /// The conditions that at least one agent is in.
    private(set) var present = Kind()
    /// What was present when it was last looked at why work waits.
    var seen = Kind()
    /// Channels of the profile's classes, as bits, and eight times those that are listed.
    private var work: UInt8 = 0
    private var marks = Marks()

    var available: Int64 { Int64(counts.1) }
    var rested: Int64 { Int64(counts.2) }

    func free(_ channel: Channel) -> Int64 {
        switch channel {
        case .errand: Int64(counts.3)
        case .chat: Int64(counts.4)
        case .call: Int64(counts.5)
        }
    }

    /// Channels of the profile's classes, as bits.
    var channels: UInt8 {
        @inline(__always) get { work & 7 }
        set { work = work & ~7 | newValue & 7 }
    }

    /// Channels of those classes whose queue has no bench, or had none once: only these have ready heaps.
    var listed: UInt8 {
        @inline(__always) get { work >> 3 }
        set { work = work & 7 | newValue << 3 }
    }

    /// An agent is in another condition than before.
    mutating func move(from former: Kind, to kind: Kind) {
        var left = former.rawValue & ~kind.rawValue
        var entered = kind.rawValue & ~former.rawValue
        withUnsafeMutableBytes(of: &counts) { bytes in
            let counts = bytes.assumingMemoryBound(to: Int32.self)
            while left != 0 {
                let place = left.trailingZeroBitCount
                counts[place] -= 1
                if counts[place] == 0 { present.remove(Kind(rawValue: 1 << UInt8(place))) }
                left &= left - 1
            }
            while entered != 0 {
                let place = entered.trailingZeroBitCount
                counts[place] += 1
                present.insert(Kind(rawValue: 1 << UInt8(place)))
                entered &= entered - 1
            }
        }
    }

    /// Its agents changed their condition since it was last looked at why work waits.
    var isRecounted: Bool {
        @inline(__always) get { marks[.isRecounted] }
        @inline(__always)
        set { marks[.isRecounted] = newValue }
    }

    /// Some of the profile's classes keep bounds.
    var isBounded: Bool {
        @inline(__always) get { marks[.isBounded] }
        @inline(__always)
        set { marks[.isBounded] = newValue }
    }

    /// What is so of a profile or is not.
    private struct Marks: OptionSet, Sendable {
        var rawValue: UInt8
        static let isRecounted = Marks(rawValue: 1)
        static let isBounded = Marks(rawValue: 2)
    }
}

/// Items of each channel that agents may have at once.
extension ByChannel<Int32> {
    fileprivate mutating func add(_ by: Int32, _ capacity: Capacity) {
        errand += by * Int32(min(max(0, capacity.errand), placesMax))
        chat += by * Int32(min(max(0, capacity.chat), placesMax))
        call += by * Int32(min(max(0, capacity.call), placesMax))
    }
}

extension AgentSlot {
    /// What its profile is to count it as now.
    var kind: Supply.Kind {
        @inline(__always) get { kind(takesOffers: takesOffersInWrapUp, room: offer.isNone ? room : 0) }
    }

    /// - Parameter room: channels with room for one more beside a standing offer.
    @inline(__always)
    func kind(takesOffers: Bool, room: UInt8) -> Supply.Kind {
        switch record.presence {
        case .signedOut: return []
        case .signedIn, .unavailable: return .signedIn
        case .available, .wrapUp:
            if takesOffers, !isInWrapUp { return [.signedIn, .available, .rested, .free(open)] }
            let isResting = room != 0 && !(record.pending?.isLeaving ?? false)
            return isResting ? [.signedIn, .available, .resting] : [.signedIn, .available]
        }
    }
}

extension Router {
    /// Counts the agent as what it is now.
    @inline(__always)
    mutating func recount(_ agent: Handle<AgentSlot>, as kind: Supply.Kind) {
        let former = agents[agent].counted
        if kind != former { count(agent, from: former, to: kind) }
    }

    /// Stops counting an agent who leaves its profile, or whose capacity is about to change.
    mutating func uncount(_ agent: Handle<AgentSlot>) {
        let former = agents[agent].counted
        if !former.isEmpty { count(agent, from: former, to: []) }
    }

    private mutating func count(_ agent: Handle<AgentSlot>, from former: Supply.Kind, to kind: Supply.Kind) {
        agents[agent].counted = kind
        let profile = agents[agent].profile
        let place = Int(profile.raw)
        supplies[place].move(from: former, to: kind)
        if former.contains(.available) != kind.contains(.available) {
            profiles[profile].places.add(kind.contains(.available) ? 1 : -1, agents[agent].settings.capacity)
        }
        guard !supplies[place].isRecounted else { return }
        supplies[place].isRecounted = true
        recounted.append(profile)
    }
}
