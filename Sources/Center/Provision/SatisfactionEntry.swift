// An area's satisfaction meter in a provisioning file.

extension SatisfactionQuestion {
    static let keys = ["question", "labels"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a satisfaction meter", keys: Self.keys)
        let count = Self.levels.count
        let labels = try entry.required("labels") { node in
            let labels = try node.list(of: "labels", max: count) { try $0.locatedText(.label) }
            guard labels.count == count else {
                throw node.problem("expected \(count) labels, from the lowest level to the highest")
            }
            return labels
        }
        try refuseRepeats(labels, folded: true)
        self.init(
            question: try entry.required("question") { try $0.text(.question) }, labels: labels.map(\.value))
    }
}

extension TextRule {
    fileprivate static let question = TextRule(what: "a question", lengths: 1...500)
    fileprivate static let label = TextRule(what: "a label", lengths: 1...100)
}
