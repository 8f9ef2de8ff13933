// The best agent for a class of work: the best head of its profiles.

import HeapModule

/// Profiles of a class that are looked at one by one; with more, a heap of bounds says where to look.
let fewProfilesMax = 16

extension Router {
    /// The best agent for a class; bounds that no longer hold are put right on the way.
    @inline(__always)
    mutating func best(for workClass: Handle<WorkClass>) -> Ready.Entry {
        classes[workClass].keepsBounds ? bestByBounds(workClass) : bestOfFew(workClass)
    }

    private mutating func bestOfFew(_ workClass: Handle<WorkClass>) -> Ready.Entry {
        let channel = classes[workClass].key.channel
        var best = -1
        // Where nobody is free nobody is ready: that lies closer together.
        for place in 0..<classes[workClass].members.count {
            let profile = classes[workClass].members[place].profile
            guard supplies[Int(profile.raw)].present.contains(.free(channel)) else { continue }
            ready.prefetch(readyIndex(profile, channel), lines: 1)
        }
        for place in 0..<classes[workClass].members.count {
            let profile = classes[workClass].members[place].profile
            guard supplies[Int(profile.raw)].present.contains(.free(channel)) else { continue }
            let at = readyIndex(profile, channel)
            if ready[at].head.rank < (best < 0 ? .last : ready[best].head.rank) { best = at }
        }
        if best < 0 { return .none }
        ready.prefetchList(best, field: Ready.othersField)
        return ready[best].head
    }

    private mutating func bestByBounds(_ workClass: Handle<WorkClass>) -> Ready.Entry {
        let channel = classes[workClass].key.channel
        while let bound = classes[workClass].bounds.min {
            let head = ready[readyIndex(bound.profile, channel)].head
            if head.rank == bound.rank { return head }
            if bound.rank < head.rank, head.rank < .last {
                classes[workClass].bounds.replaceMin(with: Bound(rank: head.rank, profile: bound.profile))
            } else {
                classes[workClass].bounds.removeMin()
            }
        }
        return .none
    }

    /// Tells the classes that a profile has somebody better ready than before.
    mutating func tellClasses(_ profile: Handle<Profile>, _ channel: Channel, _ rank: Rank) {
        for workClass in profiles[profile].classes
        where heads[Int(workClass.raw)].channel == channel.bit && classes[workClass].keepsBounds {
            classes[workClass].bounds.insert(Bound(rank: rank, profile: profile))
            if classes[workClass].bounds.count > 2 * classes[workClass].members.count + staleEntriesMax {
                findBounds(workClass)
            }
        }
    }

    /// A profile has joined a class.
    mutating func countBounds(_ profile: Handle<Profile>, joining workClass: Handle<WorkClass>) {
        if classes[workClass].keepsBounds {
            countBounded(profile, 1)
            let rank = ready[readyIndex(profile, classes[workClass].key.channel)].head.rank
            if rank < .last { classes[workClass].bounds.insert(Bound(rank: rank, profile: profile)) }
        } else if classes[workClass].members.count > fewProfiles {
            classes[workClass].keepsBounds = true
            for member in classes[workClass].members { countBounded(member.profile, 1) }
            findBounds(workClass)
        }
    }

    /// A profile has left a class.
    mutating func countBounds(leaving workClass: Handle<WorkClass>) {
        guard classes[workClass].keepsBounds else { return }
        // Not at the first one less: who comes and goes would make them anew each time.
        if classes[workClass].members.count > fewProfiles / 2 { return findBounds(workClass) }
        forgetBounds(workClass)
    }

    mutating func forgetBounds(_ workClass: Handle<WorkClass>) {
        guard classes[workClass].keepsBounds else { return }
        classes[workClass].keepsBounds = false
        classes[workClass].bounds = Heap()
        for member in classes[workClass].members { countBounded(member.profile, -1) }
    }

    private mutating func countBounded(_ profile: Handle<Profile>, _ by: Int) {
        profiles[profile].bounded += by
        supplies[Int(profile.raw)].isBounded = profiles[profile].bounded > 0
    }

    /// Makes the bounds of a class anew, each the rank of a profile's head.
    private mutating func findBounds(_ workClass: Handle<WorkClass>) {
        let channel = classes[workClass].key.channel
        var bounds: [Bound] = []
        for member in classes[workClass].members {
            let rank = ready[readyIndex(member.profile, channel)].head.rank
            if rank < .last { bounds.append(Bound(rank: rank, profile: member.profile)) }
        }
        classes[workClass].bounds = Heap(bounds)
    }
}
