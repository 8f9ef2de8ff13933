// A queue's day as a drawing: offered and answered with the service level above, waits below.
import Center
import Routing

/// Whole units of the drawing's own grid, 960 wide.
struct DayPicture {
    static let width = 960
    static let upper = 110
    /// Where the lower part begins and ends.
    static let lowerTop = 140
    static let lowerBottom = 210
    static let height = 232
    private static let quarterMs: Int64 = 900_000
    private static let hourMs: Int64 = 3_600_000
    /// Hours between two marks.
    private static let markHours: Int64 = 3

    struct Column {
        let x: Int
        let columnWidth: Int
        let offeredY: Int
        let offeredHeight: Int
        let answeredY: Int
        let answeredHeight: Int
        let longestY: Int
        let longestHeight: Int
        let meanY: Int
        let meanHeight: Int
        let columnWords: String
    }

    struct Mark {
        let markX: Int
        let markText: String
    }

    struct Line {
        let points: String
    }

    struct Dot {
        let dotX: Int
        let dotY: Int
    }

    let pictureWords: String
    let mostOffered: String
    let longestWait: String
    let columns: [Column]
    let marks: [Mark]
    let lines: [Line]
    let dots: [Dot]
}

extension DayPicture {
    /// nil while the day has nothing to show.
    init?(_ intervals: [QueueIntervalCounts], _ day: (begins: Instant, ends: Instant), _ times: Times) {
        let shown = intervals.filter { $0.counts.offered > 0 }
        guard let most = shown.map(\.counts.offered).max() else { return nil }
        let longestMs = max(1, shown.map { $0.counts[.waitMaxMs] }.max() ?? 1)
        let scale = Double(Self.width) / Double(day.ends - day.begins)
        func x(_ at: Instant) -> Int { Int((Double(at - day.begins) * scale).rounded()) }
        func tall(_ part: Int64, of whole: Int64, _ height: Int) -> Int {
            part == 0 ? 0 : max(1, Int((Double(part) / Double(whole) * Double(height)).rounded()))
        }

        let below = Self.lowerBottom - Self.lowerTop
        columns = shown.map { interval in
            let counts = interval.counts
            let left = max(0, x(interval.start))
            let right = min(Self.width, x(interval.start + Self.quarterMs))
            let offered = tall(counts.offered, of: most, Self.upper)
            let answered = tall(counts[.answered], of: most, Self.upper)
            let longest = tall(counts[.waitMaxMs], of: longestMs, below)
            let mean = tall(Int64(counts.meanWaitMs ?? 0), of: longestMs, below)
            return Column(
                x: left + 1, columnWidth: max(1, right - left - 2), offeredY: Self.upper - offered,
                offeredHeight: offered, answeredY: Self.upper - answered, answeredHeight: answered,
                longestY: Self.lowerBottom - longest, longestHeight: longest,
                meanY: Self.lowerBottom - mean, meanHeight: mean, columnWords: Self.words(interval, times))
        }
        marks = stride(from: day.begins.ms, to: day.ends.ms, by: Int(Self.hourMs)).compactMap { ms in
            let (hour, minute) = times.hourAndMinute(Instant(ms: ms))
            guard minute == 0, Int64(hour) % Self.markHours == 0 else { return nil }
            return Mark(markX: x(Instant(ms: ms)), markText: "\(hour):00")
        }
        let levels = shown.compactMap { interval in
            ServiceLevel.offered.of(interval.counts).map { level in
                (
                    at: interval.start, x: x(interval.start + Self.quarterMs / 2),
                    y: Self.upper - Int((level * Double(Self.upper)).rounded())
                )
            }
        }
        dots = levels.map { Dot(dotX: $0.x, dotY: $0.y) }
        // A quarter hour of nothing parts the line.
        var runs: [[String]] = []
        for (place, level) in levels.enumerated() {
            let point = "\(level.x),\(level.y)"
            if place > 0, level.at - levels[place - 1].at == Self.quarterMs {
                runs[runs.count - 1].append(point)
            } else {
                runs.append([point])
            }
        }
        lines = runs.filter { $0.count > 1 }.map { Line(points: $0.joined(separator: " ")) }
        mostOffered = "\(most)"
        longestWait = duration(Double(longestMs))
        pictureWords =
            "Today by quarter hour: at most \(most) offered in one; the longest wait of one answered was "
            + "\(duration(Double(longestMs)))."
    }

    private static func words(_ interval: QueueIntervalCounts, _ times: Times) -> String {
        let counts = interval.counts
        let (hour, minute) = times.hourAndMinute(interval.start)
        return "\(hour):\(minute < 10 ? "0" : "")\(minute): offered \(counts.offered), answered "
            + "\(counts[.answered]), abandoned \(counts[.abandoned]), answered in T / offered "
            + "\(percent(ServiceLevel.offered.of(counts))), mean wait \(duration(counts.meanWaitMs)), "
            + "longest \(duration(counts[.answered] > 0 ? Double(counts[.waitMaxMs]) : nil))"
    }
}
