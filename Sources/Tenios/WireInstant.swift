// Instants as TENIOS writes them: ISO 8601 with a zone, such as 2020-01-01T09:00:00.000Z.
import Routing

enum WireInstant {
    private static let dayMs: Int64 = 86_400_000

    /// Seconds and their fraction may be left out, the zone may not; what is finer than a millisecond is cut off.
    /// - Returns: nil for what is no such text, or no day of the calendar.
    static func instant(_ text: String) -> Instant? {
        var reader = Reader(bytes: Array(text.utf8)[...])
        guard let year = reader.digits(4), reader.takes("-"), let month = reader.digits(2), reader.takes("-"),
            let day = reader.digits(2), reader.takes("T"), let hour = reader.digits(2), reader.takes(":"),
            let minute = reader.digits(2)
        else { return nil }
        var second: Int64 = 0
        var ms: Int64 = 0
        if reader.takes(":") {
            guard let digits = reader.digits(2) else { return nil }
            second = digits
            if reader.takes(".") {
                guard let fraction = reader.fraction() else { return nil }
                ms = fraction
            }
        }
        guard let zoneMinutes = reader.zone(), reader.bytes.isEmpty, (1...12).contains(month),
            (1...days(of: month, in: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let dayNumber = number(ofDay: day, month, year)
        let minutes = hour * 60 + minute - zoneMinutes
        return Instant(ms: dayNumber * dayMs + minutes * 60_000 + second * 1_000 + ms)
    }

    /// In UTC, with milliseconds.
    static func text(_ instant: Instant) -> String {
        let inDay = (instant.ms % dayMs + dayMs) % dayMs
        let (year, month, day) = date(ofDay: (instant.ms - inDay) / dayMs)
        func padded(_ number: Int64, _ count: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, count - digits.count)) + digits
        }
        let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60].map { padded($0, 2) }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock.joined(separator: ":"))"
            + ".\(padded(inDay % 1_000, 3))Z"
    }

    private static func days(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since 1970-01-01; years begin in March here, so that the leap day is the last.
    private static func number(ofDay day: Int64, _ month: Int64, _ year: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let century = year >= 0 ? year / 400 : (year - 399) / 400
        let yearOfEra = year - century * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return century * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = number + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

private struct Reader {
    /// Digits of a fraction that are read at all.
    private static let fractionMax = 9

    var bytes: ArraySlice<UInt8>

    mutating func takes(_ letter: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: letter) else { return false }
        bytes.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        let digits = bytes.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        bytes = bytes.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Milliseconds.
    mutating func fraction() -> Int64? {
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        guard (1...Self.fractionMax).contains(digits.count) else { return nil }
        bytes = bytes.dropFirst(digits.count)
        let three = Array(digits.prefix(3)) + [UInt8](repeating: 0x30, count: max(0, 3 - digits.count))
        return three.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Minutes east of UTC.
    mutating func zone() -> Int64? {
        if takes("Z") { return 0 }
        let isEast = takes("+")
        guard isEast || takes("-"), let hours = digits(2) else { return nil }
        _ = takes(":")
        guard let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }
}
