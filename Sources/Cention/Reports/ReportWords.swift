// The sentences, stamps and pictures of an errand's report, in the form of the vendor's sample.
import Center
import Foundation
import Routing
import Web

/// One workspace's words.
struct ReportWords {
    static let noDate = "No Date"

    let directory: Directory
    private let clock: ZoneClock
    /// The Agent API's name of the zone, where it has one.
    private let zoneName: String?

    init(_ directory: Directory) {
        self.directory = directory
        clock = ZoneClock.of(directory.timeZone)
        zoneName = TimeZoneAbbreviation.abbreviation(of: directory.timeZone)
    }

    /// A sentence such as `Errand 33 was opened by agent System Administrator at 2015-07-16 20:50:17 +0800 MYT.`
    /// - Parameter stamp: that of its time.
    func tell(
        _ action: ErrandReport.Action, of errand: ErrandID, hasAnswered: Bool, _ stamp: String,
        in note: inout JSONPieces
    ) {
        note.put(plain: "Errand ")
        note.put(errand.raw)
        note.put(plain: " ")
        tell(action, hasAnswered, in: &note)
        note.put(plain: " at ")
        note.put(stamp)
        note.put(plain: ".")
    }

    private func tell(_ action: ErrandReport.Action, _ hasAnswered: Bool, in note: inout JSONPieces) {
        let named = action.names
        var area: String { named.area.flatMap { directory.areaName(AreaID($0)) } ?? "another area" }
        var tag: String { directory.tags.first { $0.id == named.tag }?.name ?? "that is gone" }
        func byDoer(_ what: StaticString) {
            note.put(plain: what)
            if let agent = named.agent.flatMap({ $0 == 0 ? nil : self.agent($0) }) {
                note.put(plain: " agent ")
                note.put(agent)
            } else {
                note.put(plain: " ")
                putDoer(of: action, in: &note)
            }
        }
        switch action.kind {
        case .arrived:
            note.put(plain: "arrived in area ")
            note.put(area)
        case .opened, .taken: byDoer("was opened by")
        case .assigned: byDoer("was assigned to")
        case .returned: byDoer("was returned by")
        case .answered: byDoer("was answered by")
        case .closed: byDoer(hasAnswered ? "was answered and closed by" : "was closed by")
        case .moved:
            note.put(plain: "was moved to area ")
            note.put(area)
            note.put(plain: " by ")
            putDoer(of: action, in: &note)
        case .offered: byDoer("was offered to")
        case .declined: byDoer("was declined by")
        case .unanswered:
            byDoer("was offered to")
            note.put(plain: " without answer")
        case .reopened: byDoer("was reopened by")
        case .noted: byDoer("was noted by")
        case .tagged:
            note.put(plain: "was tagged ")
            note.put(tag)
            byDoer(" by")
        case .untagged:
            note.put(plain: "lost the tag ")
            note.put(tag)
            byDoer(" by")
        case .prioritySet:
            note.put(plain: "was given the priority ")
            note.put(named.priority ?? 0)
            byDoer(" by")
        case .callEnded: note.put(plain: "was released from its call")
        case .rated:
            note.put(plain: "was rated ")
            note.put(named.level ?? 0)
            note.put(plain: " of 5 by the customer")
        case .erased: byDoer("was erased by")
        }
    }

    /// Who did it, by name.
    func origin(of action: ErrandReport.Action) -> String {
        if action.kind == .rated { return "Customer" }
        switch action.actorKind {
        case "agent": return action.actor.flatMap(agent) ?? "Agent \(action.actor ?? 0)"
        case "token": return directory.tokens.first { $0.id.raw == action.actor }?.name ?? "API"
        case "tenios_key": return "TENIOS"
        case "operator": return "Operator"
        // What an agent's accepting brings about is done by the system, and is the agent's.
        default: return action.names.agent.flatMap { $0 == 0 ? nil : agent($0) } ?? "System"
        }
    }

    private func agent(_ id: Int64) -> String? { directory.userName(of: AgentID(id)) }

    private func putDoer(of action: ErrandReport.Action, in note: inout JSONPieces) {
        switch action.actorKind {
        case "agent":
            note.put(plain: "agent ")
            note.put(origin(of: action))
        case "token":
            note.put(plain: "API ")
            note.put(origin(of: action))
        case "tenios_key": note.put(plain: "API TENIOS")
        case "operator": note.put(plain: "the operator")
        default: note.put(plain: "the system")
        }
    }

    /// `2015-07-16 20:50:17 +0800 MYT`
    func stamp(_ at: Instant) -> String {
        let p = clock.read(at)
        let minutes = abs(p.offsetS) / 60
        let zone = zoneName ?? p.abbreviation
        return FixedText.text(Self.stampMaxBytes + zone.utf8.count) { text in
            text.day(p, between: UInt8(ascii: "-"))
            text.put(UInt8(ascii: " "))
            text.time(p)
            text.put(UInt8(ascii: ":"))
            text.two(p.second)
            text.put(UInt8(ascii: " "))
            text.put(p.offsetS < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            text.two(minutes / 60)
            text.two(minutes % 60)
            text.put(UInt8(ascii: " "))
            text.put(zone)
        }
    }

    /// `2015/07/16 20:47`
    func minute(_ at: Instant) -> String {
        let p = clock.read(at)
        return FixedText.text(Self.stampMaxBytes) { text in
            text.day(p, between: UInt8(ascii: "/"))
            text.put(UInt8(ascii: " "))
            text.time(p)
        }
    }

    /// Without the zone's name, with room for a year of any length.
    private static let stampMaxBytes = 64

    /// `2019/01/30 16:53:00`; empty for none.
    func second(_ at: Instant?) -> String {
        guard let at else { return "" }
        let p = clock.read(at)
        return FixedText.text(Self.stampMaxBytes) { text in
            text.day(p, between: UInt8(ascii: "/"))
            text.put(UInt8(ascii: " "))
            text.time(p)
            text.put(UInt8(ascii: ":"))
            text.two(p.second)
        }
    }

    /// The first instant of a day such as `2019/01/30`, or of the day after; nil for what is no day.
    func start(of day: String, plus days: Int = 0) -> Instant? {
        let parts = day.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let number = Int(parts[2])
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = clock.zone
        let wanted = DateComponents(year: year, month: month, day: number)
        // A calendar would take the 31st of June for the 1st of July.
        guard let date = calendar.date(from: wanted),
            calendar.dateComponents([.year, .month, .day], from: date) == wanted,
            let moved = calendar.date(byAdding: .day, value: days, to: date)
        else { return nil }
        return Instant(ms: Int64((calendar.startOfDay(for: moved).timeIntervalSince1970 * 1_000).rounded()))
    }

    /// By when the errand's area promises its end; nil where it promises nothing.
    func doneDate(of errand: Errand) -> Instant? {
        guard let place = directory.place(of: errand.area), let promised = directory.areas[place].slaDoneS
        else { return nil }
        let calendar = directory.calendars.first { $0.id == directory.areas[place].calendar }
        return calendar.map { $0.instant(after: promised * 1_000, of: errand.arrivedAt) }
            ?? errand.arrivedAt + promised * 1_000
    }

    /// A picture whose title says how the errand stands.
    func status(of errand: Errand) -> String {
        switch (errand.state, errand.answeredAt != nil, errand.agent != nil) {
        case (.closed, true, _): Self.answered
        case (.closed, false, _): Self.closed
        case (.open, _, true): Self.opened
        case (.open, _, false): Self.new
        }
    }

    private static let answered = picture("ACTION_ANSWER", "Errand has been answered")
    private static let closed = picture("ACTION_CLOSE", "Errand has been closed")
    private static let opened = picture("ACTION_OPEN", "Errand has been opened")
    private static let new = picture("ACTION_NEW", "Errand is new")

    private static func picture(_ name: String, _ title: String) -> String {
        "<img src=\"/ng/img/icons/\(name).png\" style=\"vertical-align:middle;\" title=\"\(title)\" border=\"0\"/> "
    }

    func iconic(_ subject: String, _ service: String) -> String {
        "<img src=\"/Cention.app/Resources/Images/unassuming-icon.gif\" title=\"From " + service
            + "\" style=\"vertical-align:middle;\" border=\"0\"/> " + escaped(subject)
    }

    /// A plain text as HTML.
    func html(_ text: String) -> String { Self.escaped(text, breaks: true) }

    private func escaped(_ text: String) -> String { Self.escaped(text, breaks: false) }

    private static func escaped(_ text: String, breaks: Bool) -> String {
        var text = text
        let escaped: String? = text.withUTF8 { bytes in
            guard var next = bytes.firstIndex(where: isSpecial) else { return nil }
            var out: [UInt8] = []
            out.reserveCapacity(bytes.count + bytes.count / 8)
            var begin = 0
            while true {
                out += bytes[begin..<next]
                switch bytes[next] {
                case UInt8(ascii: "&"): out += "&amp;".utf8
                case UInt8(ascii: "<"): out += "&lt;".utf8
                case UInt8(ascii: ">"): out += "&gt;".utf8
                case UInt8(ascii: "\""): out += "&quot;".utf8
                case UInt8(ascii: "\n") where breaks: out += "<br/>".utf8
                case UInt8(ascii: "\r") where breaks && next + 1 < bytes.count && bytes[next + 1] == 0x0A:
                    break
                default: out.append(bytes[next])
                }
                begin = next + 1
                guard let following = bytes[begin...].firstIndex(where: isSpecial) else { break }
                next = following
            }
            out += bytes[begin...]
            return String(decoding: out, as: UTF8.self)
        }
        return escaped ?? text
    }

    /// Whether it may stand for something else in HTML.
    @inline(__always) private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x0A, 0x0D: true
        default: false
        }
    }
}
