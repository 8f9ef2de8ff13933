// A run's customers: they arrive, wait, are handled, or give up.

import Foundation
import Routing

/// Bits of a work item's id that hold its slot; the rest count customers, so that later ones come later.
private let slotBits: Int64 = 24

extension Run {
    func slot(_ item: Int64) -> Int { Int(item & ((1 << slotBits) - 1)) }

    mutating func planArrival(_ place: Int) {
        let perMs = model.arrivals[place].perMs
        guard perMs > 0 else { return }
        let at = now + arrivalRandom[place].exponential(mean: 1 / perMs)
        agenda.add(Event(at: at, subject: Int64(place), kind: .arrival))
    }

    mutating func arrive(_ place: Int) {
        planArrival(place)
        let arrival = model.arrivals[place]
        // Drawn now, not when they are needed: the same customers whatever the router does with them.
        let handlingMs = arrival.handling.draw(&arrivalRandom[place])
        let patienceMs = arrival.patience?.draw(&arrivalRandom[place])
        let item = enter(
            Customer(
                state: .waiting, isMeasured: now >= measuredFrom && now < measuredTo,
                arrivals: Int32(place), queue: arrival.queue, arrivedMs: now, enteredMs: now,
                handlingMs: handlingMs))
        tell(
            .arrive(
                WorkItemID(item), queue: QueueModel.id(arrival.queue), channel: arrival.channel,
                priority: arrival.priority, creditMs: arrival.creditMs,
                requiredSkills: arrival.requiredSkills, desiredSkills: arrival.desiredSkills))
        let at = slot(item)
        guard customers[at].state == .waiting else { return }
        if let patienceMs {
            agenda.add(Event(at: now + patienceMs, subject: item, mark: customers[at].mark, kind: .givenUp))
        }
        guard customers[at].isMeasured else { return }
        noteQueue(customers[at].queue)
        foretell(item, arrival)
    }

    private mutating func noteQueue(_ queue: Int) {
        let waiting = router.waitingCount(QueueModel.id(queue))
        queues[queue].longestQueue = max(queues[queue].longestQueue, waiting)
        whole.longestQueue = max(whole.longestQueue, waiting)
    }

    /// The queue is full, or lets nobody wait any longer: the busy tone.
    mutating func turnAway(_ item: WorkItemID) {
        let at = slot(item.raw)
        guard customers[at].isMeasured else { return }
        withdrawEstimate(at)
        pending -= 1
        customers[at].isMeasured = false
        withTally(of: at) { tally, waitMs, _ in
            if waitMs == 0 {
                tally.turnedAway += 1
                tally.offered -= 1
            } else {
                tally.overflowed += 1
                tally.delayed += 1
            }
        }
    }

    /// Out of its queue; into which, comes next.
    mutating func sendOn(_ item: WorkItemID) {
        let at = slot(item.raw)
        guard customers[at].isMeasured else { return }
        withdrawEstimate(at)
        queues[customers[at].queue].overflowed += 1
        queues[customers[at].queue].delayed += 1
    }

    mutating func enter(_ item: WorkItemID, _ queue: Int) {
        let at = slot(item.raw)
        customers[at].queue = queue
        customers[at].enteredMs = now
        if customers[at].isMeasured { queues[queue].offered += 1 }
    }

    /// What becomes of the customer says nothing of the wait that was foretold.
    private mutating func withdrawEstimate(_ at: Int) {
        guard let estimate = customers[at].estimate else { return }
        customers[at].estimate = nil
        queues[customers[at].queue].prediction.count -= 1
        queues[customers[at].queue].prediction.estimatedMs -= Double(estimate.meanMs)
    }

    private mutating func enter(_ customer: Customer) -> Int64 {
        let place: Int
        if let free = freeSlots.popLast() {
            place = Int(free)
            let mark = customers[place].mark
            customers[place] = customer
            customers[place].mark = mark
        } else {
            place = customers.count
            precondition(place < 1 << slotBits, "\(place) customers at a time do not fit in an id")
            customers.append(customer)
        }
        if customer.isMeasured {
            pending += 1
            queues[customer.queue].offered += 1
            whole.offered += 1
        }
        arrived += 1
        return arrived << slotBits | Int64(place)
    }

    /// An agent has the customer on the line: the wait is over.
    mutating func connect(_ item: WorkItemID, _ agent: Int32) {
        let at = slot(item.raw)
        book(Int(agent))
        seats[Int(agent)].inHand += 1
        if now >= measuredFrom, now < measuredTo { seats[Int(agent)].tally.connected += 1 }
        customers[at].agent = agent
        customers[at].mark &+= 1
        agenda.add(
            Event(
                at: now + customers[at].handlingMs, subject: item.raw, mark: customers[at].mark,
                kind: .handled))
        guard customers[at].state == .waiting else { return }
        customers[at].state = .connected
        if customers[at].isMeasured { count(answered: at) }
    }

    mutating func giveUp(_ item: Int64) {
        let at = slot(item)
        if customers[at].isMeasured {
            pending -= 1
            withTally(of: at) { tally, waitMs, model in
                tally.abandoned += 1
                tally.delayed += 1
                if waitMs <= model.withinMs { tally.abandonedInTime += 1 }
                if waitMs < model.shortAbandonMs { tally.shortAbandons += 1 }
                tally.waitAllMs += waitMs
                tally.waitMaxMs = max(tally.waitMaxMs, waitMs)
            }
        }
        tell(.abandon(WorkItemID(item)))
    }

    /// The item is gone.
    mutating func leave(_ item: WorkItemID) {
        let at = slot(item.raw)
        takeFromHand(at)
        customers[at].state = .gone
        customers[at].mark &+= 1
        customers[at].estimate = nil
        freeSlots.append(Int32(at))
    }

    /// Takes the customer out of the hands it is in, if any.
    mutating func takeFromHand(_ at: Int) {
        let agent = Int(customers[at].agent)
        guard agent >= 0 else { return }
        book(agent)
        seats[agent].inHand -= 1
        customers[at].agent = -1
        customers[at].mark &+= 1
    }

    private mutating func count(answered at: Int) {
        pending -= 1
        withTally(of: at) { tally, waitMs, model in
            tally.answered += 1
            if waitMs > 0 { tally.delayed += 1 }
            if waitMs <= model.withinMs { tally.answeredInTime += 1 }
            tally.waitAnsweredMs += waitMs
            tally.waitAllMs += waitMs
            tally.waitMaxMs = max(tally.waitMaxMs, waitMs)
        }
        guard let estimate = customers[at].estimate else { return }
        let waitMs = now - customers[at].enteredMs
        let patience = model.arrivals[Int(customers[at].arrivals)].patience
        let weight = patience.map { exp(waitMs / $0.meanMs) } ?? 1
        let queue = customers[at].queue
        queues[queue].prediction.weighedWaitMs += weight * waitMs
        if waitMs <= Double(estimate.medianMs) { queues[queue].prediction.withinMedian += weight }
        if waitMs <= Double(estimate.ninetyMs) { queues[queue].prediction.withinNinety += weight }
    }

    /// The customer's queue, with the wait in it; and all of them, with the whole wait.
    private mutating func withTally(of at: Int, _ change: (inout QueueTally, Double, Model) -> Void) {
        change(&queues[customers[at].queue], now - customers[at].enteredMs, model)
        change(&whole, now - customers[at].arrivedMs, model)
    }

    /// Notes what a customer who waits would be told, where the weights of those who give up are known.
    private mutating func foretell(_ item: Int64, _ arrival: ArrivalModel) {
        guard arrival.patience == nil || arrival.patience?.exponentialMeanMs != nil,
            let estimate = router.estimatedWait(of: WorkItemID(item))
        else { return }
        let queue = customers[slot(item)].queue
        customers[slot(item)].estimate = estimate
        queues[queue].prediction.count += 1
        queues[queue].prediction.estimatedMs += Double(estimate.meanMs)
    }
}
