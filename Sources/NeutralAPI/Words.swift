// The API's words for the center's enumerations, and its instants.
import Center
import Routing
import Web

let channelWords: KeyValuePairs<String, Channel> = ["call": .call, "chat": .chat, "errand": .errand]

let presenceWords: KeyValuePairs<String, Presence> = [
    "signed_out": .signedOut, "signed_in": .signedIn, "available": .available,
    "unavailable": .unavailable, "wrap_up": .wrapUp,
]

let failureWords: KeyValuePairs<String, Failure> = ["busy": .busy, "no_answer": .noAnswer, "error": .error]

/// `reachable` is told the other way round: what is on is that the telephone can be reached.
enum SignalWord: String {
    case doNotDisturb = "do_not_disturb"
    case personalCall = "personal_call"
    case reachable
}

let signalWords: KeyValuePairs<String, SignalWord> = [
    "do_not_disturb": .doNotDisturb, "personal_call": .personalCall, "reachable": .reachable,
]

extension SignalWord {
    func signal(on isOn: Bool) -> (Signal, on: Bool) {
        switch self {
        case .doNotDisturb: (.doNotDisturb, isOn)
        case .personalCall: (.personalCall, isOn)
        case .reachable: (.notReachable, !isOn)
        }
    }

    init(_ signal: Signal) {
        self =
            switch signal {
            case .doNotDisturb: .doNotDisturb
            case .personalCall: .personalCall
            case .notReachable: .reachable
            }
    }
}

extension Channel {
    var name: String { channelWords.first { $0.value == self }?.key ?? "" }
}

extension Presence {
    var name: String { presenceWords.first { $0.value == self }?.key ?? "" }
}

extension RoutingStatus {
    var name: String {
        switch self {
        case .free: "free"
        case .offered: "offered"
        case .busy: "busy"
        case .guarded: "guard"
        }
    }
}

extension PresenceCause {
    var name: String {
        switch self {
        case .asked: "asked"
        case .unanswered: "unanswered"
        case .wrapUp: "wrap_up"
        case .wrapUpEnded: "wrap_up_ended"
        case .deskGone: "desk_gone"
        case .busy: "busy"
        case .error: "error"
        case .bounced: "bounced"
        case .doNotDisturb: "do_not_disturb"
        case .personalCall: "personal_call"
        case .notReachable: "not_reachable"
        }
    }
}

/// An instant in UTC as RFC 3339 writes it, with milliseconds: `2026-11-21T15:04:05.678Z`.
func stamp(_ ms: Int64) -> String {
    let days = (ms >= 0 ? ms : ms - 86_399_999) / 86_400_000
    let rest = ms - days * 86_400_000
    // Days since 0000-03-01, in eras of 400 years: Howard Hinnant's civil_from_days.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func append(_ number: Int64, _ digits: Int, _ after: Unicode.Scalar) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        for _ in 0..<digits {
            text.append(UInt8(48 + number / divisor % 10))
            divisor /= 10
        }
        text.append(UInt8(ascii: after))
    }
    append(year, 4, "-")
    append(month, 2, "-")
    append(day, 2, "T")
    append(rest / 3_600_000, 2, ":")
    append(rest / 60_000 % 60, 2, ":")
    append(rest / 1_000 % 60, 2, ".")
    append(rest % 1_000, 3, "Z")
    return String(decoding: text, as: UTF8.self)
}

extension JSONWriter {
    /// null where there is none.
    mutating func member(_ name: StaticString, at ms: Int64?) {
        member(name, orNull: ms.map(stamp))
    }
}

/// Whole seconds; what is left of one is still to be waited for.
func wholeS(_ ms: Int64) -> Int64 { ms / 1_000 + (ms % 1_000 > 0 ? 1 : 0) }
