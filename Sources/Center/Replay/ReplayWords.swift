// The first difference of a replay, in words.

import Routing

extension Router.Difference {
    var words: String {
        switch self {
        case .unreadable(let problem): "its inputs are \(problem)"
        case .changed: "its row is not as it was written"
        case .outputs(let place, let entry, let outputs):
            "input \(place + 1), at \(entry.at.ms) ms, gave other outputs when it was played again. The input: "
                + "\(entry.input.words). The outputs now: \(outputs.map(\.words).joined(separator: "; "))"
        }
    }
}

extension Input {
    /// Its case and values, without the names of types.
    fileprivate var words: String { "\(self)".withoutTypes }
}

extension Output {
    fileprivate var words: String { "\(self)".withoutTypes }
}

extension String {
    /// `arrive(Routing.WorkItemID(raw: 5), …)` becomes `arrive(WorkItemID(5), …)`.
    fileprivate var withoutTypes: String { replacing("Routing.", with: "").replacing("(raw: ", with: "(") }
}
