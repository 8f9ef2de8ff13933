// Who shares which work: how what is ahead of an item spreads over those who could take it.

/// Kinds of work looked at beside an item's own, and teams by kinds: what one look at a floor may cost.
private let kindsMax = 64
private let linksMax = 1_024

/// How often each kind is spread anew; most floors are even after two or three times.
private let roundsMax = 8

/// Teams and the work ahead of one item, spread so that nobody has more of it than others who could take it.
///
/// Work is poured like water: each kind over the teams that take it, those with the least first, again until
/// nothing moves. A team's level is then how long it is at work that comes before the item. All in whole numbers,
/// and kinds in the order of their first items: the same in whatever order teams are kept.
struct Crew {
    /// What an item may expect when everything before it is spread.
    struct Turn {
        /// Items that its agents handle before it; fewer that take longer, where the wait is less sure.
        var ahead: Double
        /// Items that its agents have in hand at once.
        var places: Int
        /// Of those ahead and itself, the mean; longer by the time that goes to what overtakes them.
        var handlingMs: Int64
    }

    /// A team that takes a kind of work.
    struct Link {
        var team: Int
        /// Items of the kind's channel at once.
        var places: Int64
        /// How long it is at this kind's work.
        var ms: Int64 = 0
        /// Millionths of its places that work keeps which comes later and goes first.
        var kept: Int64 = 0
    }

    struct Kind {
        var items: Int64
        var handlingMs: Int64
        /// For its place in the order of pouring.
        var first: Order
        var links: Range<Int>

        var workMs: Int64 { min(items.times(handlingMs), Crew.workMaxMs) }
    }

    /// Of a share, in whole numbers.
    static let millionths: Int64 = 1_000_000
    /// 300 years of one agent.
    fileprivate static let workMaxMs: Int64 = 10_000_000_000_000

    private var levels: [Int64] = []
    var teams = Numbering<Profile>()
    var profiles: [Handle<Profile>] = []
    var links: [Link] = []
    private var kinds: [Kind] = []
    var own: Kind
    /// How long what its agents have in hand takes, on average: when the first of them is free depends on it.
    var inHandMs: Int64

    /// nil when none of these agents is available or at work.
    init?(
        of profiles: [Handle<Profile>], _ channel: Channel, ahead: Int, handlingMs: Int64,
        _ router: borrowing Router
    ) {
        own = Kind(items: Int64(ahead), handlingMs: max(1, handlingMs), first: .last, links: 0..<0)
        inHandMs = own.handlingMs
        own.links = link(profiles, channel, router)
        if own.links.isEmpty { return nil }
    }

    /// The teams of a kind; those that are new have nothing to do yet.
    private mutating func link(
        _ profiles: [Handle<Profile>], _ channel: Channel, _ router: borrowing Router
    ) -> Range<Int> {
        let begin = links.count
        for profile in profiles {
            let places = router.profiles[profile].places[channel]
            guard places > 0 else { continue }
            let (team, isNew) = teams.meet(profile)
            if isNew {
                levels.append(0)
                self.profiles.append(profile)
            }
            links.append(Link(team: team, places: Int64(places)))
        }
        return begin..<links.count
    }

    /// Adds what else comes first for these teams, then what comes first for those who share that, and so on; as
    /// long as it is not too much, and never a part of a ring of it.
    mutating func addOthers(
        than own: Handle<WorkClass>, on channel: Channel, before order: Order, _ router: borrowing Router
    ) {
        var known = Numbering<WorkClass>()
        if !own.isNone { _ = known.meet(own) }
        var ring = 0..<levels.count
        while !ring.isEmpty {
            var found: [Handle<WorkClass>] = []
            for team in ring {
                let profile = profiles[team]
                let interrupts = router.profiles[profile].key.interrupts
                for other in router.profiles[profile].classes {
                    // Most often nothing is ahead, which shows at a glance.
                    guard router.heads[Int(other.raw)].order < order else { continue }
                    let inHand = router.classes[other].key.channel
                    guard inHand == channel || !interrupts[channel, during: inHand],
                        known.meet(other).isNew
                    else { continue }
                    found.append(other)
                }
            }
            let added = found.reduce(0) { $0 + router.classes[$1].members.count }
            guard kinds.count + found.count <= kindsMax, links.count + added <= linksMax else {
                if kinds.isEmpty {
                    for other in found { spreadEvenly(kind(other, before: order, router), other, router) }
                }
                break
            }
            let next = levels.count
            for other in found {
                var kind = kind(other, before: order, router)
                kind.links = link(router.classes[other].profiles, router.classes[other].key.channel, router)
                kinds.append(kind)
            }
            ring = next..<levels.count
        }
        kinds.sort { $0.first < $1.first }
    }

    private func kind(
        _ workClass: Handle<WorkClass>, before order: Order, _ router: borrowing Router
    ) -> Kind {
        let learned = router.queues[router.classes[workClass].key.queue].record.handlingMs
        return Kind(
            items: Int64(router.ahead(of: order, in: workClass)),
            handlingMs: learned > 0 ? learned : own.handlingMs, first: router.heads[Int(workClass.raw)].order,
            links: 0..<0)
    }

    /// Where there is too much to look at: as if all who take it were always at it alike.
    private mutating func spreadEvenly(
        _ kind: Kind, _ workClass: Handle<WorkClass>, _ router: borrowing Router
    ) {
        let channel = router.classes[workClass].key.channel
        var places: Int64 = 0
        let profiles = router.classes[workClass].profiles
        for profile in profiles { places += Int64(router.profiles[profile].places[channel]) }
        for profile in profiles
        where router.profiles[profile].places[channel] > 0 {
            if let team = teams[profile] { levels[team] = levels[team].plus(kind.workMs / places) }
        }
    }

    /// Pours everything but the item itself.
    mutating func balance() {
        guard !kinds.isEmpty else { return pour(own) }
        var former: Int64 = -1
        for _ in 0..<roundsMax {
            for kind in kinds { pour(kind) }
            pour(own)
            let level = own.links.map { levels[links[$0].team] }.min()!
            // Within one part in a hundred it is even.
            if abs(level - former) <= level / 100 { break }
            former = level
        }
    }

    /// Takes a kind's work from its teams and gives it to those who have the least to do.
    private mutating func pour(_ kind: Kind) {
        for link in kind.links {
            levels[links[link].team] -= links[link].ms
            links[link].ms = 0
        }
        let level = level(kind, work: kind.workMs)
        for link in kind.links where levels[links[link].team] < level {
            links[link].ms = level - levels[links[link].team]
            levels[links[link].team] = level
        }
    }

    /// How high work comes that is poured over a kind's teams.
    private func level(_ kind: Kind, work: Int64) -> Int64 {
        let ascending = kind.links.sorted { levels[links[$0].team] < levels[links[$1].team] }
        var places: Int64 = 0
        var sum = work
        for link in ascending {
            let level = levels[links[link].team]
            if places > 0, level >= sum / places { break }
            places += links[link].places
            sum = sum.plus(level.times(links[link].places))
        }
        return sum / max(1, places)
    }

    /// What the item may expect.
    /// - Parameter isPatient: nobody gives up.
    func turn(isPatient: Bool) -> Turn {
        let level = level(own, work: inHandMs)
        var places: Int64 = 0
        var workMs: Int64 = 0
        /// Millionths of places that nothing overtakes it at.
        var free: Int64 = 0
        // Who has the least to do is always among them.
        for link in own.links where levels[links[link].team] <= level {
            places += links[link].places
            free += links[link].places * (Self.millionths - links[link].kept)
            workMs = workMs.plus(levels[links[link].team].times(links[link].places))
        }
        let others = kinds.reduce((items: 0.0, ms: 0.0)) {
            ($0.items + Double($1.items), $0.ms + Double($1.workMs))
        }
        let othersMs = Double(max(0, workMs.plus(-own.workMs)))
        let ahead =
            Double(own.items)
            + (others.ms > 0 ? othersMs * others.items / others.ms : othersMs / Double(own.handlingMs))
        // What overtakes an item may be overtaken in turn: each step is a busy period of theirs, whose mean is
        // 1 / (1 − kept) times as long and its variance (1 + kept) / (1 − kept) times that of its mean's square.
        let left = Double(free) / Double(places * Self.millionths)
        // Where people give up that is no longer so.
        let spread = isPatient ? min((2 - left) / left, ahead + 1) : 1
        let handlingMs = Double(workMs.plus(inHandMs)) / (ahead + 1) / left * spread
        return Turn(
            ahead: (ahead + 1) / spread - 1, places: Int(places),
            handlingMs: Int64(min(handlingMs, Double(Self.workMaxMs)).rounded()))
    }
}
