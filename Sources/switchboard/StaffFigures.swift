// How many agents a target needs and what follows: what `switchboard staff` prints, and gives as JSON.

import Foundation
import Routing
import Simulation

/// Agents fewer and more that are told beside the answer.
private let around = 2

/// What a number of agents leads to.
struct StaffOutcome: Encodable {
    var agents: Int
    /// Nothing more is known: the queue would grow for ever.
    var grows = false
    var delayed: Double?
    var asa_ms: Double?
    /// In the order of the formulas, answered in T by each.
    var service_levels: [Double]?
    var abandoned: Double?
    var occupancy: Double?

    init(_ demand: Demand, agents: Int, withinMs: Double) {
        self.agents = agents
        guard let outcome = StaffingOutcome(demand, agents: agents) else {
            grows = true
            return
        }
        delayed = outcome.delayed
        asa_ms = outcome.answeredWaitMs
        service_levels = ServiceLevel.allCases.map { outcome.serviceLevel($0, withinMs: withinMs) }
        abandoned = outcome.abandoned
        occupancy = outcome.occupancy
    }
}

/// For one traffic.
struct StaffFigures: Encodable {
    var calls_per_hour: Double
    var handling_s: Double
    var patience_s: Double?
    var erlangs: Double
    var answered_within_s: Double
    /// The fewest agents who meet the target.
    var agents: Int
    /// With those who are paid but take no calls.
    var scheduled: Int
    /// A few fewer to a few more.
    var outcomes: [StaffOutcome]
}

/// For each quarter of an hour of a day.
struct StaffDayFigures: Encodable {
    struct Interval: Encodable {
        var start: String
        var calls: Double
        var erlangs: Double
        var agents: Int
        var scheduled: Int
        /// nil where no calls need nobody.
        var outcome: StaffOutcome?
    }

    var answered_within_s: Double
    var intervals: [Interval]
    /// Paid ones.
    var hours: Double
}

extension StaffOrder {
    func figures(callsPerHour: Double) throws -> StaffFigures {
        let demand = demand(callsPerHour: callsPerHour)
        let needed = try agents(for: demand)
        return StaffFigures(
            calls_per_hour: callsPerHour, handling_s: handlingMs / 1_000,
            patience_s: patienceMs.map { $0 / 1_000 }, erlangs: demand.load,
            answered_within_s: withinMs / 1_000, agents: needed, scheduled: scheduled(needed),
            outcomes: (max(1, needed - around)...(needed + around)).map {
                StaffOutcome(demand, agents: $0, withinMs: withinMs)
            })
    }

    func figures(on intervals: [StaffInterval]) throws -> StaffDayFigures {
        let told = try intervals.map { interval in
            let demand = demand(
                callsPerHour: interval.calls * 4, handlingMs: interval.handlingS.map { $0 * 1_000 })
            let needed = try agents(for: demand)
            return StaffDayFigures.Interval(
                start: interval.start, calls: interval.calls, erlangs: demand.load, agents: needed,
                scheduled: scheduled(needed),
                outcome: needed > 0 ? StaffOutcome(demand, agents: needed, withinMs: withinMs) : nil)
        }
        return StaffDayFigures(
            answered_within_s: withinMs / 1_000, intervals: told,
            hours: told.reduce(0) { $0 + Double($1.scheduled) / 4 })
    }
}

func jsonText(_ figures: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(figures), as: UTF8.self) + "\n"
}
