// What a queue does with work that it does not take, as rows hold it.

public import Routing

/// When a treatment counts. The raw value is what rows and pages hold; in the order of precedence.
public enum TreatmentKind: String, Codable, Sendable, Hashable, CaseIterable {
    case holiday, night
    case forcedForwarding = "forced_forwarding"
    case stranded, overflow
}

/// A treatment and the number it names, if it does.
public struct QueueTreatment: Sendable, Hashable {
    public let kind: TreatmentKind
    public let action: Treatment
    /// Of the action `number`, in E.164.
    public let number: String?
    /// Forced forwarding is switched on and off by hand; the others are always on.
    public let isActive: Bool

    public init(kind: TreatmentKind, action: Treatment, number: String?, isActive: Bool = true) {
        self.kind = kind
        self.action = action
        self.number = number
        self.isActive = isActive
    }
}

extension Treatment {
    /// Where work goes on.
    var target: QueueID? {
        if case .queue(let queue, _) = self { queue } else { nil }
    }

    var keepsWait: Bool {
        if case .queue(_, let keepsWait) = self { keepsWait } else { false }
    }
}

extension QueueSettings {
    /// Takes the active treatments over; what the queue waits for with the overflow is set already.
    mutating func take(_ treatments: [QueueTreatment]) {
        for treatment in treatments where treatment.isActive {
            switch treatment.kind {
            case .holiday: holiday = treatment.action
            case .night: night = treatment.action
            case .forcedForwarding: forcedForwarding = treatment.action
            case .stranded: stranded = treatment.action
            case .overflow: overflow.action = treatment.action
            }
        }
    }

    /// Sends no work to another queue.
    var untargeted: QueueSettings {
        var settings = self
        func kept(_ treatment: Treatment?) -> Treatment? { treatment?.target == nil ? treatment : nil }
        settings.holiday = kept(holiday)
        settings.night = kept(night)
        settings.forcedForwarding = kept(forcedForwarding)
        settings.stranded = kept(stranded)
        settings.overflow.action = kept(overflow.action)
        return settings
    }
}

/// A phone number as E.164 writes it: `+`, then 2 to 15 digits, the first not 0.
package func isE164(_ number: String) -> Bool {
    let digits = number.utf8.dropFirst()
    return number.utf8.first == UInt8(ascii: "+") && (2...15).contains(digits.count)
        && digits.first != UInt8(ascii: "0") && digits.allSatisfy { (0x30...0x39).contains($0) }
}
