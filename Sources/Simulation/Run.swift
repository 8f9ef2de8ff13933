// One run: virtual time goes from event to event, and the production router decides.

import Foundation
import Routing
import SeededRandom

/// How long after the measured time customers may still be waited for, as a part of that time.
private let drainShare = 1.0

/// Customers at a time at which a run ends: the queue grows.
private let presentMax = 1_000_000

/// Events between two reports of progress.
private let progressEvery = 1 << 16

/// Simulates the model once: the same seed gives the same run again.
///
/// `progress` is told the share done, 0 to 1, now and then; what it returns says whether to go on.
public func run(
    _ model: Model, seed: UInt64, progress: ((Double) -> Bool)? = nil
) -> RunResult {
    var run = Run(model, seed: seed)
    var reportAt = progressEvery
    while run.step() {
        guard run.events >= reportAt else { continue }
        reportAt = run.events + progressEvery
        if let progress, !progress(run.shareDone) { break }
    }
    return run.result
}

/// Where a customer is.
struct Customer {
    enum State: UInt8 { case gone, waiting, connected }

    var state = State.gone
    var isMeasured = false
    var arrivals: Int32 = 0
    /// Place in the model of the queue that holds the customer.
    var queue = 0
    /// In whose hands.
    var agent: Int32 = -1
    /// Raised when what was planned for the customer means nothing any more.
    var mark: UInt32 = 0
    var arrivedMs = 0.0
    /// Into this queue.
    var enteredMs = 0.0
    var handlingMs = 0.0
    var estimate: EstimatedWait?
}

/// An agent in the run.
struct Seat {
    var model: Int32
    var inHand = 0
    var isAvailable = true
    /// Since when the present state is not in the tally yet.
    var sinceMs = 0.0
    var tally = AgentTally()
}

struct Run {
    let model: Model
    let seed: UInt64
    let measuredFrom: Double
    let measuredTo: Double
    var router = Router()
    var agenda = Agenda()
    var now = 0.0
    var events = 0
    /// By slot: a slot is used again once its customer is gone.
    var customers: [Customer] = []
    var freeSlots: [Int32] = []
    var arrived: Int64 = 0
    /// Measured customers who are still here.
    var pending = 0
    var seats: [Seat] = []
    var queues: [QueueTally]
    var whole = QueueTally()
    /// A generator each, so that two policies meet the same customers.
    var arrivalRandom: [Seeded]
    var agentRandom: Seeded
    /// Offers to be accepted in the moment they were made.
    var atOnce: [(item: WorkItemID, agent: Int32, epoch: Int64)] = []

    init(_ model: Model, seed: UInt64) {
        self.model = model
        self.seed = seed
        measuredFrom = model.warmUpMs
        measuredTo = model.warmUpMs + model.lengthMs
        queues = model.queues.map { _ in QueueTally() }
        var seeds = Seeded(seed: seed)
        agentRandom = Seeded(seed: seeds.next())
        arrivalRandom = model.arrivals.map { _ in Seeded(seed: seeds.next()) }
        open()
        for place in model.arrivals.indices { planArrival(place) }
    }

    /// Does what comes next; false when the run is over.
    mutating func step() -> Bool {
        guard let next = agenda.first, customers.count - freeSlots.count < presentMax else { return false }
        let limit = pending > 0 ? measuredTo + model.lengthMs * drainShare : measuredTo
        events += 1
        if let deadline = router.nextDeadline, Double(deadline.ms) <= next.at {
            guard Double(deadline.ms) <= limit else { return false }
            advance(to: max(now, Double(deadline.ms)))
            tell(.tick)
            return true
        }
        guard next.at <= limit else { return false }
        _ = agenda.takeFirst()
        advance(to: next.at)
        switch next.kind {
        case .arrival: arrive(Int(next.subject))
        case .handled: if isCurrent(next) { tell(.finish(WorkItemID(next.subject))) }
        case .givenUp: if isCurrent(next) { giveUp(next.subject) }
        case .accept: tell(.accept(WorkItemID(next.subject), agentID(next.agent), epoch: Int64(next.mark)))
        case .back: tell(.presence(agentID(next.agent), .available, reason: nil))
        }
        return true
    }

    /// Notes how many wait when measuring begins and when it ends.
    private mutating func advance(to at: Double) {
        if now < measuredFrom, at >= measuredFrom {
            for place in queues.indices { queues[place].waitingAtStart = waiting(place) }
        }
        if now < measuredTo, at >= measuredTo {
            for place in queues.indices { queues[place].waitingAtEnd = waiting(place) }
        }
        now = at
    }

    private func waiting(_ place: Int) -> Int { router.waitingCount(QueueModel.id(place)) }

    var shareDone: Double { min(1, now / measuredTo) }

    var result: RunResult {
        var finished = self
        // Nothing more happens in the measured time: what is, lasts to its end.
        if now < measuredTo { finished.advance(to: measuredTo) }
        for agent in seats.indices { finished.book(agent) }
        return RunResult(
            seed: seed, queues: finished.queues, whole: finished.whole, agents: finished.seats.map(\.tally),
            unfinished: pending,
            events: events, endedMs: now)
    }

    private func isCurrent(_ event: Event) -> Bool { customers[slot(event.subject)].mark == event.mark }
}

extension Model {
    /// Whether these agents may take the arrivals' work.
    func mayServe(_ agents: AgentModel, _ arrival: ArrivalModel) -> Bool {
        let known = Set(agents.settings.skills.map(\.skill))
        return agents.settings.capacity[arrival.channel] > 0
            && agents.settings.queues.contains(QueueModel.id(arrival.queue))
            && known.isSuperset(of: queues[arrival.queue].settings.requiredSkills)
            && known.isSuperset(of: arrival.requiredSkills)
    }
}
