// switchboard staff: how many agents a target needs, and what follows.

import ArgumentParser
import Foundation
import Routing
import Simulation

struct Staff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how many agents a target needs, by Erlang C, or A with patience.",
        discussion:
            "Example: switchboard staff --calls-per-hour 360 --handling 240 --target 80/20 --patience 180")

    @Option(help: "Calls that arrive in an hour.")
    var callsPerHour: Double?

    @Option(help: "Mean handling of a call in seconds: talk, hold and wrap-up.")
    var handling: Double

    @Option(help: "Service level: percent answered within seconds, such as 80/20.")
    var target: String?

    @Option(
        help: """
            How the service level is reckoned: 1 answered in T / offered; 2 answered in T / (offered − abandoned \
            in T); 3 (answered + abandoned in T) / offered; 4 answered in T / answered.
            """)
    var formula = 1

    @Option(help: "Instead of --target: mean wait of the answered, at most so many seconds.")
    var asa: Double?

    @Option(help: "Instead of --target: percent who give up, at most. Needs --patience.")
    var abandonment: Double?

    @Option(help: "Mean seconds after which a waiting customer gives up. Without it nobody does (Erlang C).")
    var patience: Double?

    @Option(help: "Agents are busy at most this share of their time, such as 0.9.")
    var maxOccupancy: Double?

    @Option(help: "Share of paid time in which agents take no calls, such as 0.3: the schedule needs more.")
    var shrinkage = 0.0

    @Option(
        help: "A file of 15-minute intervals, a line each: 08:00,90 or 08:00,90,240 (start, calls, handling)."
    )
    var intervals: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func run() throws {
        let order = try StaffOrder(self)
        if let intervals {
            guard callsPerHour == nil else {
                throw Sentence(
                    "--calls-per-hour and --intervals both say how many calls arrive: leave one out.")
            }
            guard let bytes = FileManager.default.contents(atPath: intervals),
                let text = String(data: bytes, encoding: .utf8)
            else { throw Sentence("\(intervals) cannot be read as UTF-8 text.") }
            let day = try order.figures(on: try StaffInterval.read(text, name: intervals))
            print(json ? try jsonText(day) : order.text(day), terminator: "")
            return
        }
        guard let callsPerHour else {
            throw Sentence("Say how many calls arrive, with --calls-per-hour 360 or --intervals FILE.")
        }
        guard callsPerHour > 0, callsPerHour <= 10_000_000 else {
            throw Sentence("--calls-per-hour takes a number above 0, up to 10000000.")
        }
        let figures = try order.figures(callsPerHour: callsPerHour)
        print(json ? try jsonText(figures) : order.text(figures), terminator: "")
    }
}

/// What is asked for, checked.
struct StaffOrder {
    var handlingMs: Double
    var patienceMs: Double?
    var target: StaffingTarget
    /// The T of the printed service levels.
    var withinMs = 20_000.0
    var formula: ServiceLevel
    var shrinkage: Double

    init(_ staff: Staff) throws {
        func check(_ value: Double, _ range: ClosedRange<Double>, _ sentence: String) throws {
            guard range.contains(value) else { throw Sentence(sentence) }
        }
        try check(
            staff.handling, 0.001...1_000_000, "--handling takes seconds above 0, up to 1000000, such as 240."
        )
        handlingMs = staff.handling * 1_000
        if let patience = staff.patience {
            try check(
                patience, 0.001...1_000_000, "--patience takes seconds above 0, up to 1000000, such as 180.")
            patienceMs = patience * 1_000
        }
        guard let formula = ServiceLevel(rawValue: staff.formula) else {
            throw Sentence("--formula takes 1, 2, 3 or 4; switchboard staff --help says what they are.")
        }
        self.formula = formula
        if let most = staff.maxOccupancy {
            try check(most, 0.001...1, "--max-occupancy takes a share above 0, up to 1, such as 0.9.")
        }
        guard staff.shrinkage >= 0, staff.shrinkage < 0.95 else {
            throw Sentence("--shrinkage takes a share from 0, under 0.95, such as 0.3.")
        }
        shrinkage = staff.shrinkage
        let goal: StaffingTarget.Goal
        switch (staff.target, staff.asa, staff.abandonment) {
        case (let target?, nil, nil):
            let parts = target.split(separator: "/", omittingEmptySubsequences: false).map { decimal($0) }
            guard parts.count == 2, let level = parts[0], let withinS = parts[1], level > 0, level < 100,
                withinS <= 86_400
            else {
                throw Sentence(
                    "--target takes percent/seconds such as 80/20: above 0 and under 100 percent, up to 86400 seconds."
                )
            }
            withinMs = withinS * 1_000
            goal = .serviceLevel(atLeast: level / 100, withinMs: withinMs, formula: formula)
        case (nil, let asa?, nil):
            try check(asa, 0.001...86_400, "--asa takes seconds above 0, up to 86400, such as 30.")
            goal = .answeredWait(atMostMs: asa * 1_000)
        case (nil, nil, let abandonment?):
            guard staff.patience != nil else {
                throw Sentence("--abandonment needs --patience: without it nobody gives up.")
            }
            try check(abandonment, 0.001...100, "--abandonment takes percent above 0, up to 100, such as 5.")
            goal = .abandoned(atMost: abandonment / 100)
        default:
            throw Sentence("Give one target: --target 80/20, --asa 30, or --abandonment 5.")
        }
        target = StaffingTarget(goal: goal, occupancyMax: staff.maxOccupancy)
    }

    func demand(callsPerHour: Double, handlingMs: Double? = nil) -> Demand {
        Demand(
            perMs: callsPerHour / 3_600_000, handlingMs: handlingMs ?? self.handlingMs, patienceMs: patienceMs
        )
    }

    func agents(for demand: Demand) throws -> Int {
        guard demand.load <= Double(staffingAgentsMax), let agents = fewestAgents(for: demand, target) else {
            throw Sentence(
                "More than \(staffingAgentsMax) agents would be needed: check --calls-per-hour and --handling, or ask "
                    + "for less.")
        }
        return agents
    }

    /// With those who are paid but take no calls.
    func scheduled(_ agents: Int) -> Int { Int((Double(agents) / (1 - shrinkage) - 1e-9).rounded(.up)) }
}
