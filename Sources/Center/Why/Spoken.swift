// Names and times as a person says them.

import Foundation
public import Routing

/// Words for ids, counts and instants of one workspace at one moment.
struct Spoken: Sendable {
    let directory: Directory
    let now: Instant
    private let calendar: Calendar

    /// - Parameter zones: names of zones; the first that is known counts, else UTC.
    init(_ directory: Directory, now: Instant, zones: [String]) {
        self.directory = directory
        self.now = now
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone =
            zones.lazy.filter { !$0.isEmpty }.compactMap { TimeZone(identifier: $0) }.first ?? .gmt
        self.calendar = calendar
    }

    func name(_ agent: AgentID) -> String {
        guard let known = directory.agent(agent) else { return "an agent who is gone" }
        return known.userName.isEmpty ? known.loginName : known.userName
    }

    /// `Ana`, `Ana and Bo`, `Ana, Bo and 3 others`.
    func names(_ agents: [AgentID]) -> String {
        guard agents.count > 3 else { return Self.list(agents.map(name)) }
        return Self.list(agents.prefix(2).map(name) + ["\(agents.count - 2) others"])
    }

    /// The area's or the call center's name.
    func queue(_ id: QueueID) -> String {
        directory.area(of: id)?.name ?? directory.callCenter(of: id)?.name ?? "a queue that is gone"
    }

    func skill(_ id: SkillID) -> String {
        directory.skills.first { $0.id == id }?.name ?? "a skill that is gone"
    }

    /// `the skill german`, `the skills german and french`.
    func skills(_ ids: [SkillID]) -> String {
        "the skill\(ids.count == 1 ? "" : "s") \(Self.list(ids.map(skill)))"
    }

    func reason(_ id: ReasonID) -> String { directory.reason(id)?.text ?? "a reason that is gone" }

    static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    static func count(_ number: Int64, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `14:03:20`, or with the day in front when that is another.
    func clock(_ at: Instant) -> String {
        let fields: Set<Calendar.Component> = [.year, .month, .day, .hour, .minute, .second]
        let then = calendar.dateComponents(fields, from: date(at))
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let time = "\(two(then.hour)):\(two(then.minute)):\(two(then.second))"
        guard !calendar.isDate(date(at), inSameDayAs: date(now)) else { return time }
        return "\(then.year ?? 0)-\(two(then.month))-\(two(then.day)) \(time)"
    }

    /// `14:03:20 (in 25 s)`.
    func until(_ at: Instant) -> String {
        at > now ? "\(clock(at)) (in \(Self.span(at - now)))" : clock(at)
    }

    /// `14:03:20 (25 s ago)`.
    func since(_ at: Instant) -> String {
        at < now ? "\(clock(at)) (\(Self.span(now - at)) ago)" : clock(at)
    }

    private func date(_ at: Instant) -> Date { Date(timeIntervalSince1970: Double(at.ms) / 1_000) }

    /// In its two largest units: `25 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
    static func span(_ ms: Int64) -> String {
        // What is left of a second is still to be waited for.
        let seconds = (max(0, ms) + 999) / 1_000
        func pair(_ large: Int64, _ largeWord: String, _ small: Int64, _ smallWord: String) -> String {
            small == 0 ? "\(large) \(largeWord)" : "\(large) \(largeWord) \(small) \(smallWord)"
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
        default: pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
        }
    }
}

extension Channel {
    /// `errand`, `errands`.
    func word(_ count: Int64) -> String {
        let one =
            switch self {
            case .errand: "errand"
            case .chat: "chat"
            case .call: "call"
            }
        return count == 1 ? one : one + "s"
    }
}

extension Blockage {
    /// For programs, and for the past.
    public var word: String {
        switch self {
        case .nobodySignedIn: "nobody_signed_in"
        case .skillMissing: "skill_missing"
        case .nobodyAvailable: "nobody_available"
        case .allBusy: "all_busy"
        case .inGuard: "in_guard"
        case .reofferPause: "reoffer_pause"
        case .waitsForPreferred: "waits_for_preferred"
        case .queueClosed: "queue_closed"
        }
    }

    var words: String {
        switch self {
        case .nobodySignedIn: "nobody was signed in"
        case .skillMissing: "nobody signed in had the skills"
        case .nobodyAvailable: "nobody was available"
        case .allBusy: "all were busy"
        case .inGuard: "who had room was in wrap-up or guard time"
        case .reofferPause: "it was kept from those who were free"
        case .waitsForPreferred: "it waited for the agent it prefers"
        case .queueClosed: "the queue was full or closed"
        }
    }
}

extension OfferEnd {
    /// For programs.
    public var word: String {
        switch self {
        case .accepted: "accepted"
        case .declined: "declined"
        case .noAnswer: "no_answer"
        case .taken: "taken"
        case .itemGone: "item_gone"
        case .agentGone: "agent_gone"
        case .serverDown: "server_down"
        case .busy: "busy"
        case .error: "error"
        }
    }

    var words: String {
        switch self {
        case .accepted: "accepted"
        case .declined: "declined"
        case .noAnswer: "no answer"
        case .taken: "another took it"
        case .itemGone: "it had left"
        case .agentGone: "the agent could no longer take it"
        case .serverDown: "the server was down"
        case .busy: "the line was busy"
        case .error: "it did not get through"
        }
    }
}
