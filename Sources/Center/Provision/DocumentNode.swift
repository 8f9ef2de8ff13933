// A YAML document as the provisioning reader sees it: texts, lists and mappings that know where they stand.

/// What one value of a document holds.
package indirect enum DocumentContent {
    /// `plain` text stood without quotes: only such text can be null, a number or true.
    case text(String, plain: Bool)
    case list([DocumentNode])
    case mapping([DocumentMember])
}

package struct DocumentMember {
    package let key: Located<String>
    package let value: DocumentNode

    package init(key: Located<String>, value: DocumentNode) {
        self.key = key
        self.value = value
    }
}

/// One value of a document, and where it stands.
package struct DocumentNode {
    package let content: DocumentContent
    package let position: Position

    package init(_ content: DocumentContent, at position: Position) {
        self.content = content
        self.position = position
    }

    package var isNull: Bool {
        guard case .text(let text, plain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What stands here, for "expected …, not …"; a text is repeated only if it can be no secret.
    func found(secret: Bool = false) -> String {
        switch content {
        case .list: "a list"
        case .mapping: "a mapping"
        case .text where isNull: "null"
        case .text where secret: "this text"
        case .text(let text, let plain): plain ? quoted(text) : "the text \(quoted(text))"
        }
    }

    package func problem(_ reason: String) -> ProvisionProblem { ProvisionProblem(at: position, reason) }

    package func expected(_ what: String, secret: Bool = false) -> ProvisionProblem {
        problem("expected \(what), not \(found(secret: secret))")
    }

    /// A whole number in decimal digits, written without quotes.
    package func whole(in range: ClosedRange<Int64>, of unit: String = "") throws -> Int64 {
        guard case .text(let text, plain: true) = content,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }),
            let number = Int64(text), range.contains(number)
        else {
            let what = unit.isEmpty ? "a whole number" : "a whole number of \(unit)"
            throw expected("\(what) from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func seconds(_ range: ClosedRange<Int64>) throws -> Int64 {
        try whole(in: range, of: "seconds")
    }

    /// A share such as `0.8`, without quotes, in thousandths: more than none, at most all.
    func permille() throws -> Int64 {
        let wrong = expected("a share from 0.001 to 1, with at most three digits after the point")
        guard case .text(let text, plain: true) = content else { throw wrong }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let digits = parts.count == 2 ? String(parts[1]) : ""
        guard parts.count <= 2, parts[0] == "0" || parts[0] == "1", (parts.count == 1) == digits.isEmpty,
            digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let whole = Int64(parts[0] + digits + String(repeating: "0", count: 3 - digits.utf8.count)),
            (1...1_000).contains(whole)
        else { throw wrong }
        return whole
    }

    package func flag() throws -> Bool {
        guard case .text(let text, plain: true) = content, text == "true" || text == "false" else {
            throw expected("true or false")
        }
        return text == "true"
    }

    /// One of a fixed set of words.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ noun: String, _: Choice.Type = Choice.self
    ) throws -> Choice {
        let words = Choice.allCases.map(\.rawValue)
        guard case .text(let text, _) = content, !isNull else {
            throw expected("one of \(words.joined(separator: ", "))")
        }
        if let choice = Choice(rawValue: text) { return choice }
        var problem = ProvisionProblem.unknown(noun, Located(text, at: position), among: words)
        let list = "one of \(words.joined(separator: ", "))"
        problem.reason += problem.reason.hasSuffix("?") ? " It is \(list)" : "; it is \(list)"
        throw problem
    }

    /// A list, each element read by `read`; null is an empty list.
    package func list<Element>(
        of things: String, max: Int, _ read: (DocumentNode) throws -> Element
    ) throws -> [Element] {
        if isNull { return [] }
        guard case .list(let nodes) = content else { throw expected("a list of \(things)") }
        guard nodes.count <= max else {
            throw nodes[max].problem("more than \(max) \(things)")
        }
        var elements: [Element] = []
        elements.reserveCapacity(nodes.count)
        for node in nodes { elements.append(try read(node)) }
        return elements
    }
}
