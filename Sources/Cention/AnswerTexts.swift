// An answer's texts as its customer gets them: the answer, how satisfied they are, and below it what they wrote.
import Center
import Foundation
import SafeHTML

struct AnswerTexts {
    let body: String
    let htmlBody: String

    /// Each is made from the other when the answer has only one of them.
    /// - Parameter publicURL: where customers find this server, without a slash at its end.
    init(_ answered: AnsweredErrand, publicURL: String) {
        var text = answered.body.isEmpty ? SafeHTML.text(answered.htmlBody) : answered.body
        var html = answered.htmlBody.isEmpty ? Self.paragraphs(answered.body) : answered.htmlBody
        if let asks = answered.asks {
            text += "\n\n" + Self.meter(asks, publicURL).joined(separator: "\n")
            html += "\n" + Self.linkedMeter(asks, publicURL).joined(separator: "\n")
        }
        guard let quote = Self.quote(answered) else {
            body = text
            htmlBody = html
            return
        }
        body = text + "\n\n" + quote.joined(separator: "\n")
        htmlBody = html + "\n<div>" + quote.map(Self.escaped).joined(separator: "<br />\n") + "</div>"
    }

    private static func meter(_ asks: AnsweredErrand.Asked, _ publicURL: String) -> [String] {
        [asks.question] + asks.levels.map { "\($0.label): \(publicURL)\($0.path)" }
    }

    /// A link a line, styled as in the sample (seed 001, lines 381-382).
    private static func linkedMeter(_ asks: AnsweredErrand.Asked, _ publicURL: String) -> [String] {
        let style = "font-family:Verdana; font-size:10pt; color:black; font-style:normal;"
        let links = asks.levels.map { level in
            "<a href=\"\(escaped(publicURL + level.path))\" style=\"\(style)\">\(escaped(level.label))</a><br />"
        }
        return ["<div>\(escaped(asks.question))</div>"] + links
    }

    /// The lines of the quoted original, in the words and the order of the sample (seed 001, lines 384-394).
    private static func quote(_ answered: AnsweredErrand) -> [String]? {
        guard let original = answered.original else { return nil }
        let question = original.body.isEmpty ? SafeHTML.text(original.htmlBody) : original.body
        let rule = "---------"
        return [
            "\(rule) Cention Contact Center - Original message \(rule)",
            "Errand: #\(answered.errand)-\(original.n)",
            "From: \(original.fromName) (\(original.fromAddress))",
            "Sent: \(minute(original.at.ms, in: answered.timeZone))",
            "To: \(original.to)",
            "Subject: \(original.subject)",
            "Question: ",
            "",
        ] + lines(question) + ["", "\(rule) Cention Contact Center - Original message - End \(rule)"]
    }

    /// `2017/01/22 16:53` on the zone's clocks.
    static func minute(_ ms: Int64, in zone: String) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let date = Date(timeIntervalSince1970: Double(ms) / 1_000)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return
            "\(parts.year ?? 0)/\(two(parts.month))/\(two(parts.day)) \(two(parts.hour)):\(two(parts.minute))"
    }

    /// Lines however they end.
    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map(
            String.init)
    }

    /// Plain text as HTML: a paragraph for each run of lines that are not blank.
    private static func paragraphs(_ text: String) -> String {
        lines(text).split { $0.allSatisfy(\.isWhitespace) }
            .map { "<p>" + $0.map(escaped).joined(separator: "<br />\n") + "</p>" }
            .joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        var html = ""
        html.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }
}
