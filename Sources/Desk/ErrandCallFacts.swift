// The call behind an errand, beside its conversation.
import Center
import Routing

extension ErrandPage {
    struct CallFacts {
        struct Fact {
            let factName: String
            let factValue: String
        }

        /// The call's own page, while it goes on in somebody's hands.
        let liveItem: Int64?
        let callEnded: Stamp?
        let callFacts: [Fact]
        let appointment: Stamp?
        /// As the other system wrote it,
        let recording: String?
        /// and as an address only where it is one of the web.
        let recordingAddress: String?
    }
}

extension ErrandPage.CallFacts {
    /// The last second of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799

    init(_ told: ErrandCall, _ seat: Seat) {
        let call = told.call
        // Of a call for whom nobody was found here nothing more is heard.
        liveItem = told.endedAt == nil ? told.item?.raw : nil
        callEnded = told.endedAt.map(seat.times.stamp)
        let seconds = call.appointment.flatMap { Int64($0) }.flatMap {
            (0...Self.secondsMax).contains($0) ? $0 : nil
        }
        appointment = seconds.map { seat.times.stamp(Instant(ms: $0 * 1_000)) }
        let facts: [(String, String?)] = [
            ("Queue", call.queueName), ("Number in the queue", call.queueNumber),
            ("Called number", call.destNumber), ("Device", String(call.deviceID)),
            ("Extension", String(call.extensionID)), ("Reason", call.callReason),
            ("Appointment", seconds == nil ? call.appointment : nil), ("Reference", call.referenceID),
            (
                "Call back by",
                [call.pagingName, call.pagingNumber].compactMap { $0 }.joined(separator: " · ")
            ),
        ]
        callFacts = facts.compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return Fact(factName: name, factValue: value)
        }
        recording = call.link.flatMap { $0.isEmpty ? nil : $0 }
        recordingAddress = recording.flatMap(Self.webAddress)
    }

    /// Nothing but the web is made a link: the vendor's own sample is no URL, and `javascript:` would be one.
    private static func webAddress(_ text: String) -> String? {
        let lower = text.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"),
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F })
        else { return nil }
        return text
    }
}
