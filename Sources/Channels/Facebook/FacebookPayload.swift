// What a page's webhook says, read leniently: members nobody needs may be missing or new.
import Center
import Foundation
import Routing
import Web

struct FacebookPayload {
    private(set) var changes: [FacebookRatingChange] = []
    /// Entries of pages that are not set up, or that another app signs for.
    private(set) var unknownPages = 0

    /// - Parameter pages: those whose app signed the message.
    /// - Parameter now: when it came; nothing is later than that.
    init(_ root: JSONValue, _ pages: [FacebookPage], at now: Instant) {
        guard root["object"]?.string == "page" else { return }
        for entry in root["entry"]?.elements ?? [] {
            guard let id = entry["id"].flatMap(Self.word),
                let page = pages.first(where: { $0.pageID == id })
            else {
                unknownPages += 1
                continue
            }
            let at = entry["time"]?.integer.flatMap(Self.instant) ?? now
            for change in entry["changes"]?.elements ?? [] where change["field"]?.string == "ratings" {
                guard let value = change["value"] else { continue }
                if let change = Self.change(value, page, at: min(at, now)) { changes.append(change) }
            }
        }
    }

    /// nil for what is about a rating without being one: comments, reactions.
    private static func change(
        _ value: JSONValue, _ page: FacebookPage, at: Instant
    ) -> FacebookRatingChange? {
        guard value["item"]?.string == "rating", let verb = verb(value["verb"]?.string) else { return nil }
        let reviewer = value["reviewer_id"].flatMap(word) ?? ""
        let story =
            value["open_graph_story_id"].flatMap(word) ?? (reviewer.isEmpty ? "" : "reviewer/\(reviewer)")
        guard !story.isEmpty else { return nil }
        return FacebookRatingChange(
            page: page.id, verb: verb, story: story, reviewerID: reviewer,
            reviewerName: value["reviewer_name"]?.string.map { cut($0, FacebookRatingLimits.nameMax) },
            message: cut(value["review_text"]?.string ?? "", FacebookRatingLimits.messageMax),
            rating: rating(value), createdAt: value["created_time"].flatMap(time), at: at)
    }

    private static func verb(_ word: String?) -> FacebookRatingChange.Verb? {
        switch word {
        case "add": .add
        case "edit", "edited", "update": .edit
        case "remove": .remove
        default: nil
        }
    }

    /// Stars where there are any; a recommendation is the best or the worst.
    private static func rating(_ value: JSONValue) -> Int64 {
        if let stars = value["rating"]?.integer, (1...5).contains(stars) { return stars }
        return switch value["recommendation_type"]?.string?.lowercased() {
        case "positive": 5
        case "negative": 1
        default: 0
        }
    }

    /// An id as a text or a number.
    private static func word(_ value: JSONValue) -> String? {
        let word = value.string ?? value.integer.map { String($0) } ?? ""
        return (1...FacebookRatingLimits.idMax).contains(word.utf8.count) ? word : nil
    }

    /// Seconds since 1970, or a text such as `2026-03-01T12:00:00+0000`.
    private static func time(_ value: JSONValue) -> Instant? {
        if let seconds = value.integer { return instant(seconds) }
        guard let text = value.string else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ssZZZ"
        return formatter.date(from: text).map { Instant(ms: Int64($0.timeIntervalSince1970 * 1_000)) }
    }

    /// Seconds, or milliseconds as some of Facebook's messages have them; nil for what is no time.
    private static func instant(_ number: Int64) -> Instant? {
        let secondsMax: Int64 = 100_000_000_000
        switch number {
        case 1..<secondsMax: return Instant(ms: number * 1_000)
        case secondsMax..<(secondsMax * 1_000): return Instant(ms: number)
        default: return nil
        }
    }

    /// At most `max` bytes, whole characters, without U+0000.
    private static func cut(_ text: String, _ max: Int) -> String {
        var bytes = 0
        let kept = text.prefix { character in
            bytes += character.utf8.count
            return bytes <= max
        }
        return kept.replacingOccurrences(of: "\0", with: "\u{FFFD}")
    }
}
