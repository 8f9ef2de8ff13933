// What a queue does not take: treatments on entering, overflow by size and wait, stranded work, abandonment.

/// How long ringing may go on before the customer hears the busy tone.
public let ringingMaxMs: Int64 = 300_000

/// Times an item may be sent on within one input; rings are refused, so this only bounds long chains.
let interflowsMax = 8

extension Router {
    /// Gives an item that arrives its place, or the treatment that its queue has for it now.
    mutating func admit(_ item: Handle<ItemSlot>) {
        let queue = items[item].queue
        if let (cause, treatment) = closedBy(queue) { return treat(item, treatment, cause) }
        place(item)
        enterAgain(item)
    }

    /// Why the queue takes no work now, by precedence.
    private mutating func closedBy(_ queue: Handle<QueueSlot>) -> (OverflowCause, Treatment)? {
        guard queues[queue].sendsOn else { return nil }
        let service = queues[queue].settings.service
        if service == .holiday, let treatment = queues[queue].settings.holiday {
            return (.holiday, treatment)
        }
        if service != .open, let treatment = queues[queue].settings.night { return (.night, treatment) }
        if let treatment = queues[queue].settings.forcedForwarding { return (.forcedForwarding, treatment) }
        if let treatment = queues[queue].settings.stranded, !isAnybodySignedIn(queue) {
            return (.stranded, treatment)
        }
        return nil
    }

    @inline(__always)
    func isAnybodySignedIn(_ queue: Handle<QueueSlot>) -> Bool {
        for profile in queues[queue].profiles where profiles[profile].signedIn > 0 { return true }
        return false
    }

    /// Does with an item that has no place what its queue says.
    mutating func treat(_ item: Handle<ItemSlot>, _ treatment: Treatment, _ cause: OverflowCause) {
        let id = items[item].record.id
        let from = items[item].record.queue
        learnWait(item, until: now)
        switch treatment {
        case .queue(let target, let keepWait):
            guard let queue = queueByID[target.raw], items[item].hops < interflowsMax else {
                items[item].record.hasOverflowed = true
                changed(item)
                return place(item)
            }
            items[item].hops += 1
            hopped.append(item)
            outputs.append(.overflowed(id, from: from, cause, treatment))
            outputs.append(.moved(id, to: target))
            enter(item, queue)
            goAnew(item, keepWait: keepWait)
            admit(item)
        case .number, .busy:
            outputs.append(.overflowed(id, from: from, cause, treatment))
            vanish(item)
        case .ringing:
            outputs.append(.overflowed(id, from: from, cause, treatment))
            let until = Instant(ms: now.plus(ringingMaxMs))
            items[item].record.state = .ringing(until: until)
            changed(item)
            arm(item, at: until.ms)
        }
    }

    mutating func stopRinging(_ item: Handle<ItemSlot>) {
        outputs.append(
            .overflowed(items[item].record.id, from: items[item].record.queue, .ringingEnded, .busy))
        vanish(item)
    }

    /// When a waiting item overflows because it has waited too long; `.max` for never.
    @inline(__always)
    func overflowAt(_ item: Handle<ItemSlot>) -> Int64 {
        let queue = items[item].queue
        guard queues[queue].sendsOn, let waitMs = queues[queue].settings.overflow.waitMs,
            queues[queue].settings.overflow.action != nil, !items[item].record.isReturnCall,
            !items[item].record.hasOverflowed
        else { return .max }
        return items[item].record.queued.ms.plus(waitMs)
    }

    /// An item without a place has waited too long.
    mutating func overflow(_ item: Handle<ItemSlot>) {
        guard let action = queues[items[item].queue].settings.overflow.action else {
            preconditionFailure("overflow without an action: \(items[item].record)")
        }
        treat(item, action, .wait)
    }

    /// What came in and found nobody: is there room for it to wait?
    @inline(__always)
    mutating func settleEntering() {
        if !entering.isEmpty || !hopped.isEmpty { settleEntered() }
    }

    private mutating func settleEntered() {
        var next = 0
        while next < entering.count {
            let batch = next..<entering.count
            next = batch.upperBound
            for place in batch {
                let item = entering[place]
                guard items[item].isAlive, items[item].isEntering else { continue }
                items[item].isEntering = false
                guard !items[item].waitsIn.isNone else { continue }
                if let cause = crowdedOut(item),
                    let action = queues[items[item].queue].settings.overflow.action
                {
                    unplace(item)
                    treat(item, action, cause)
                } else {
                    blocked.append(item)
                }
            }
            match()
        }
        entering.clear()
        for place in 0..<hopped.count where items[hopped[place]].isAlive { items[hopped[place]].hops = 0 }
        hopped.clear()
    }

    /// Remembers to look at an item when matching is over.
    mutating func enterAgain(_ item: Handle<ItemSlot>) {
        guard items[item].isAlive, !items[item].waitsIn.isNone, !items[item].isEntering else { return }
        items[item].isEntering = true
        entering.append(item)
    }

    private mutating func crowdedOut(_ item: Handle<ItemSlot>) -> OverflowCause? {
        let queue = items[item].queue
        guard queues[queue].sendsOn, queues[queue].settings.overflow.action != nil,
            !items[item].record.hasOverflowed
        else {
            return nil
        }
        if let size = queues[queue].settings.overflow.size, Int64(queues[queue].waiting) > size {
            return .size
        }
        if let limit = queues[queue].settings.overflow.estimatedWaitMs,
            estimatedWait(item).map({ $0.meanMs > limit }) ?? true
        {
            return .estimatedWait
        }
        return nil
    }

    /// Sends on everything that waits in a queue where nobody is signed in any more.
    mutating func treatStranded(_ queue: Handle<QueueSlot>) {
        guard let treatment = queues[queue].settings.stranded, queues[queue].waiting > 0,
            !isAnybodySignedIn(queue)
        else { return }
        for entry in waiting(in: queue).sorted() {
            guard !items[entry.item].record.isReturnCall, !items[entry.item].record.hasOverflowed else {
                continue
            }
            unplace(entry.item)
            treat(entry.item, treatment, .stranded)
        }
    }

    mutating func abandon(_ id: WorkItemID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        switch items[item].record.state {
        case .active, .wrapUp: return refuse(.answered(id))
        case .ringing: break
        case .waiting, .offered, .offeredToGroup: learnWait(item, until: now, abandoned: true)
        }
        detach(item)
        outputs.append(.abandoned(id, from: items[item].record.queue))
        vanish(item)
    }

    mutating func askReturnCall(_ id: WorkItemID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        switch items[item].record.state {
        case .active, .wrapUp: return refuse(.answered(id))
        case .ringing:
            // It has no place to keep; from now on it waits like the others.
            disarm(item)
            items[item].record.state = .waiting
            keepPlace(item)
            place(item)
        case .waiting:
            // Its alarm may have been the overflow, which counts no more.
            unplace(item)
            keepPlace(item)
            place(item)
        case .offered, .offeredToGroup: keepPlace(item)
        }
    }

    private mutating func keepPlace(_ item: Handle<ItemSlot>) {
        items[item].record.isReturnCall = true
        changed(item)
    }
}
