// The day of each queue, as those who lead its agents see it: figures with their formulas, and a picture.
import Center
import Hummingbird
import Routing
import Web

struct QueuesPage {
    /// A figure with what it means.
    struct Figure {
        let figureTest: String
        let figureLabel: String
        /// `—` where nothing happened.
        let figureText: String
        let figureFormula: String
    }

    struct Queue {
        let queueID: Int64
        let queueName: String
        let nowFigures: [Figure]
        let dayFigures: [Figure]
        let levelFigures: [Figure]
        let levelLabel: String
        let picture: DayPicture?
    }

    struct Measure {
        let measureName: String
        let measureWords: String
    }

    let queueLines: [Queue]
    let hasQueues: Bool
    let measures: [Measure]
}

extension AgentDesk {
    func queuesPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        _ = try administers(seat)
        let led = ledQueues(seat)
        let ids = led.map(\.id)
        let day = seat.times.today
        let to = min(day.ends, seat.times.now + 1)
        let now = try await floor.queuesNow(ids, in: seat.workspace)
        let intervals = try await floor.intervals(of: ids, from: day.begins, to: to, in: seat.workspace)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Queues", seat, view, openErrand: nil)
        let queues = led.map { id, name in
            QueuesPage.Queue(
                id, name, now[id], intervals[id] ?? [], day, seat.times,
                levelS: floor.serviceLevelS(of: id, in: seat.workspace))
        }
        page.queues = QueuesPage(
            queueLines: queues, hasQueues: !queues.isEmpty, measures: QueuesPage.explained)
        return show(page, request)
    }
}

extension AgentDesk {
    /// Areas that the agent reaches and call centers that the agent supervises; administrators all of them.
    private func ledQueues(_ seat: Seat) -> [(id: QueueID, name: String)] {
        let areas = seat.directory.areas.filter { seat.directory.reaches(seat.agent, $0.id) }
        let centers = seat.directory.callCenters.filter { center in
            seat.agent.adminLevel == .administrator
                || center.supervisors.contains { $0.agent == seat.agent.id }
        }
        return areas.map { ($0.queue, $0.name) } + centers.map { ($0.queue, $0.name) }
    }
}

extension QueuesPage.Queue {
    init(
        _ id: QueueID, _ name: String, _ now: QueueNow?, _ intervals: [QueueIntervalCounts],
        _ day: (begins: Instant, ends: Instant), _ times: Times, levelS: Int64
    ) {
        var counts = QueueCounts()
        for interval in intervals { counts += interval.counts }
        queueID = id.raw
        queueName = name
        nowFigures = Self.now(now, times)
        dayFigures = Self.day(counts)
        levelFigures = ServiceLevel.allCases.map { formula in
            QueuesPage.Figure(
                figureTest: "level-\(formula.rawValue)", figureLabel: formula.formula,
                figureText: percent(formula.of(counts)), figureFormula: "T = \(levelS) s: \(formula.formula)")
        }
        levelLabel = "Service level, T = \(levelS) s"
        picture = DayPicture(intervals, day, times)
    }

    private static func now(_ now: QueueNow?, _ times: Times) -> [QueuesPage.Figure] {
        [
            QueuesPage.Figure(
                figureTest: "waiting", figureLabel: "Waiting", figureText: "\(now?.waiting ?? 0)",
                figureFormula: "In the queue now; what is being offered is not counted"),
            QueuesPage.Figure(
                figureTest: "longest", figureLabel: "Longest wait",
                figureText: duration((now?.waitingSince).map { Double(times.now - $0) }),
                figureFormula: "Of those that wait now, since entering this queue"),
            QueuesPage.Figure(
                figureTest: "estimate", figureLabel: "Estimated wait",
                figureText: duration((now?.estimatedWaitMs).map(Double.init)),
                figureFormula:
                    "Of one that enters now, the mean: what is ahead, at the pace of the agents at work, less who gives up"
            ),
            QueuesPage.Figure(
                figureTest: "nine-in-ten", figureLabel: "Nine in ten within",
                figureText: duration((now?.ninetyWaitMs).map(Double.init)),
                figureFormula: "Of those that would enter now, nine in ten wait no longer"),
            QueuesPage.Figure(
                figureTest: "agents", figureLabel: "Agents", figureText: "\(now?.agents ?? 0)",
                figureFormula: "Available, at work or not"),
        ]
    }

    private static func day(_ counts: QueueCounts) -> [QueuesPage.Figure] {
        let shorts = counts[.shortAbandoned]
        let turnedAway = counts[.balked]
        return [
            .init(.offered, "\(counts.offered)"), .init(.answered, "\(counts[.answered])"),
            .init(.abandoned, "\(counts[.abandoned])" + (shorts > 0 ? " (\(shorts) short)" : "")),
            .init(.abandonment, percent(counts.abandonment)),
            .init(
                .overflowed, "\(counts.overflowed)" + (turnedAway > 0 ? " (\(turnedAway) turned away)" : "")),
            .init(.meanWait, duration(counts.meanWaitMs)),
            .init(.longestWait, duration(counts[.answered] > 0 ? Double(counts[.waitMaxMs]) : nil)),
            .init(.handled, "\(counts[.handled])"), .init(.meanHandling, duration(counts.meanHandlingMs)),
            .init(.estimateMiss, duration(counts.estimateMissMs)),
            .init(.estimateBias, signed(counts.estimateBiasMs)),
            .init(.estimateCoverage, percent(counts.estimateInNinety)),
        ]
    }
}

/// The measures of a queue's day, each with its formula.
enum DayMeasure: String, CaseIterable {
    case offered, answered, abandoned, abandonment, overflowed, meanWait, longestWait, handled, meanHandling
    case estimateMiss, estimateBias, estimateCoverage

    var label: String {
        switch self {
        case .offered: "Offered"
        case .answered: "Answered"
        case .abandoned: "Abandoned"
        case .abandonment: "Abandonment"
        case .overflowed: "Overflowed"
        case .meanWait: "Mean wait (ASA)"
        case .longestWait: "Longest wait answered"
        case .handled: "Handled"
        case .meanHandling: "Mean handling (AHT)"
        case .estimateMiss: "Estimates missed by"
        case .estimateBias: "Estimates too long by"
        case .estimateCoverage: "Within the 90 % told"
        }
    }

    var formula: String {
        switch self {
        case .offered: "Counted once each time work enters the queue"
        case .answered: "Of the offered: connected to an agent, counted once for each entry"
        case .abandoned: "Of the offered: the customer left first; short: in under 5 s"
        case .abandonment: "Abandoned / offered"
        case .overflowed: "Of the offered: sent elsewhere by a rule; turned away: never entered, not offered"
        case .meanWait: "Sum of waits of the answered / answered; from entering to connect, ringing included"
        case .longestWait: "The longest wait of one that was answered"
        case .handled: "Conversations that ended today, whenever they entered"
        case .meanHandling: "(talk + hold + wrap-up) / handled"
        case .estimateMiss:
            "Mean of |wait estimated on entering − wait|, of those that had to wait; who gives up counts by those who were as patient and were answered"
        case .estimateBias: "The same with its sign: below 0, the estimates were too short"
        case .estimateCoverage:
            "The share that waited no longer than nine in ten should by its estimate: 90 % where that is right"
        }
    }
}

extension QueuesPage.Figure {
    fileprivate init(_ measure: DayMeasure, _ text: String) {
        figureTest = measure.rawValue
        figureLabel = measure.label
        figureText = text
        figureFormula = measure.formula
    }
}

extension QueuesPage {
    static let explained =
        DayMeasure.allCases.map { Measure(measureName: $0.label, measureWords: $0.formula) } + [
            Measure(
                measureName: "Service level",
                measureWords:
                    "The share answered within T, by the formula beside it. What entered is counted in the quarter hour in which it entered, whenever it is answered"
            )
        ]
}

/// `73 %`, `—` of nothing.
func percent(_ share: Double?) -> String {
    guard let share else { return "—" }
    return "\(Int((share * 100).rounded())) %"
}

/// Like `duration`, with a minus sign where it is below 0.
func signed(_ ms: Double?) -> String {
    guard let ms, ms <= -500 else { return duration(ms) }
    return "−" + duration(-ms)
}

/// `40 s`, `1:05 min`, `2:10 h`, `—` of nothing.
func duration(_ ms: Double?) -> String {
    guard let ms else { return "—" }
    let seconds = max(0, Int64((ms / 1_000).rounded()))
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3_600: "\(seconds / 60):\(two(seconds % 60)) min"
    default: "\(seconds / 3_600):\(two(seconds / 60 % 60)) h"
    }
}
