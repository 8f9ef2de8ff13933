// The cases in which a queue does not take its work, as its page shows them.
import Center
import Routing
import Web

extension QueuePage.Case {
    init(_ kind: TreatmentKind, _ queue: QueueID, _ directory: Directory, _ typed: Fields?) {
        let stored = directory.treatments(of: queue).first { $0.kind == kind }
        let isArea = directory.area(of: queue) != nil
        caseID = kind.rawValue
        caseName = kind.sentence
        let word = typed?["\(kind.rawValue).action"] ?? stored?.action.fieldWord ?? ""
        var choices = [("", kind == .overflow ? "nothing is chosen" : "as always")]
        if !isArea { choices += [("busy", "busy tone"), ("ringing", "ringing"), ("number", "to a number")] }
        let others = directory.areas.map(\.queue) + (isArea ? [] : directory.callCenters.map(\.queue))
        for other in others where other != queue {
            choices.append(("queue:\(other.raw)", "to \(directory.queueName(other))"))
        }
        caseActions = choices.map {
            QueuePage.Choice(choiceValue: $0.0, choiceLabel: $0.1, isChosen: $0.0 == word)
        }
        caseNumber = typed?["\(kind.rawValue).number"] ?? stored?.number ?? ""
        keepsWait =
            typed.map { $0["\(kind.rawValue).keep_wait"] != nil } ?? stored?.action.keepsWaitOnPage ?? true
        takesNumber = !isArea
    }
}

extension Treatment {
    /// As the page's form says it.
    fileprivate var fieldWord: String {
        switch self {
        case .busy: "busy"
        case .ringing: "ringing"
        case .number: "number"
        case .queue(let queue, _): "queue:\(queue.raw)"
        }
    }

    /// Nil where nothing waits.
    fileprivate var keepsWaitOnPage: Bool? {
        if case .queue(_, let keepsWait) = self { keepsWait } else { nil }
    }
}

extension TreatmentKind {
    fileprivate var sentence: String {
        switch self {
        case .holiday: "On holidays"
        case .night: "Outside hours"
        case .forcedForwarding: "Forced forwarding"
        case .stranded: "Nobody signed in"
        case .overflow: "Overflow"
        }
    }
}
