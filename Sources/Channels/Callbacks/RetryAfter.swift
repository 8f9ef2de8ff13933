// What a receiver says of when to come back. Source: RFC 9110, 10.2.3.

import Foundation

enum RetryAfter {
    /// Seconds, or a date as HTTP writes it; nil for anything else.
    static func ms(_ value: String, now: Date) -> Int64? {
        let text = value.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than any bound are as good as the bound.
            return text.utf8.count > 9 ? Int64.max : (Int64(text) ?? 0) * 1_000
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = format.date(from: text) else { return nil }
        return max(0, Int64(date.timeIntervalSince(now) * 1_000))
    }
}
