// A day's calls by quarter hours, as a planning tool exports them: a line each, values between commas.

/// One quarter of an hour.
struct StaffInterval {
    /// A year of quarters of an hour.
    static let intervalsMax = 35_136

    /// As written, such as 08:00.
    var start: String
    var calls: Double
    /// nil takes the command line's.
    var handlingS: Double?

    /// Empty lines and what follows `#` do not count; a first line of names is passed over.
    static func read(_ text: String, name: String) throws -> [StaffInterval] {
        var intervals: [StaffInterval] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            let content = line.prefix { $0 != "#" }.trimmed
            guard !content.isEmpty else { continue }
            let parts = content.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
            if intervals.isEmpty, parts.count > 1,
                parts[1].allSatisfy({ $0.isLetter || $0 == "_" || $0 == " " })
            {
                continue
            }
            guard (2...3).contains(parts.count), (1...20).contains(parts[0].count),
                let calls = decimal(parts[1]), calls <= 2_500_000
            else {
                throw Sentence(
                    "\(name):\(number + 1): expected start,calls or start,calls,handling such as 08:00,90,240."
                )
            }
            var interval = StaffInterval(start: String(parts[0]), calls: calls)
            if parts.count == 3 {
                guard let handling = decimal(parts[2]), handling > 0, handling <= 1_000_000 else {
                    throw Sentence(
                        "\(name):\(number + 1): expected the handling in seconds above 0, such as 240.")
                }
                interval.handlingS = handling
            }
            intervals.append(interval)
            guard intervals.count <= intervalsMax else {
                throw Sentence("\(name):\(number + 1): more than \(intervalsMax) intervals.")
            }
        }
        guard !intervals.isEmpty else {
            throw Sentence("\(name) has no intervals: a line each, such as 08:00,90.")
        }
        return intervals
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop(while: \.isWhitespace)
        return start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)]
    }
}
