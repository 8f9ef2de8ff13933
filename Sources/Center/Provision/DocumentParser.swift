// From YAML text to nodes with places: the only file that knows the YAML library.

import Yams

/// Most values and keys in a document; 20,000 agents with ten members each fit.
private let nodesMax = 500_000

/// Deepest nesting; the format itself needs seven levels.
private let depthMax = 32

private let depthReason = "nested deeper than \(depthMax) levels"

/// `needed` is the first key that the file cannot do without.
package func parseDocument(_ text: String, needed: String = "workspace") throws -> DocumentNode {
    let text = try checkedDocument(text)
    let start = Position(line: 1, column: 1)
    do {
        // No rules: what a plain text means is decided where the member is read.
        let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
        let root = try parser.singleRoot()
        // Nodes hold their anchors weakly: the parser keeps them alive while the tree is walked.
        return try withExtendedLifetime(parser) {
            guard let root else {
                throw ProvisionProblem(at: start, "the file is empty: '\(needed)' is missing")
            }
            var left = nodesMax
            return try convert(root, depth: 1, left: &left)
        }
    } catch let problem as ProvisionProblem {
        throw problem
    } catch let error as Yams.YamlError {
        throw problem(from: error, in: text)
    } catch {
        throw ProvisionProblem(at: start, "not readable as YAML")
    }
}

private func convert(_ node: Yams.Node, depth: Int, left: inout Int) throws -> DocumentNode {
    let position = Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    if node.anchor != nil { throw ProvisionProblem(at: position, aliasReason) }
    left -= 1
    guard left >= 0 else { throw ProvisionProblem(at: position, "the file has more than \(nodesMax) values") }
    guard depth <= depthMax else {
        throw ProvisionProblem(at: position, depthReason)
    }
    switch node {
    case .alias: throw ProvisionProblem(at: position, aliasReason)
    case .scalar(let scalar):
        try refuseTag(scalar.tag, but: .str, position)
        let plain = scalar.style == .plain && scalar.tag.rawValue == Yams.Tag.Name.implicit.rawValue
        return DocumentNode(.text(scalar.string, plain: plain), at: position)
    case .sequence(let sequence):
        try refuseTag(sequence.tag, but: .seq, position)
        var nodes: [DocumentNode] = []
        nodes.reserveCapacity(sequence.count)
        for element in sequence { nodes.append(try convert(element, depth: depth + 1, left: &left)) }
        return DocumentNode(.list(nodes), at: position)
    case .mapping(let mapping):
        try refuseTag(mapping.tag, but: .map, position)
        var members: [DocumentMember] = []
        members.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            let key = try convert(key, depth: depth + 1, left: &left)
            guard case .text(let name, _) = key.content else { throw key.expected("a key") }
            members.append(
                DocumentMember(
                    key: Located(name, at: key.position),
                    value: try convert(value, depth: depth + 1, left: &left)))
        }
        return DocumentNode(.mapping(members), at: position)
    }
}

/// Only the tag that goes without saying may be said: the library writes it into keys and quoted texts itself.
private func refuseTag(_ tag: Yams.Tag, but own: Yams.Tag.Name, _ position: Position) throws {
    guard tag.rawValue != Yams.Tag.Name.implicit.rawValue, tag.rawValue != own.rawValue else { return }
    throw ProvisionProblem(at: position, "tags ('!name') are not read")
}

private func problem(from error: Yams.YamlError, in text: String) -> ProvisionProblem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
        if problem.hasPrefix("Maximum nesting level") {
            return ProvisionProblem(at: Position(line: mark.line, column: mark.column), depthReason)
        }
        let around = context.map { " (\($0.text) from line \($0.mark.line))" } ?? ""
        return ProvisionProblem(at: Position(line: mark.line, column: mark.column), "\(problem)\(around)")
    case .composer(_, let problem, let mark, _):
        let reason =
            problem == "but found another document"
            ? "a second document begins here: a file holds one" : aliasReason
        return ProvisionProblem(at: Position(line: mark.line, column: mark.column), reason)
    case .duplicatedKeysInMapping(let names, let context):
        let first = Position(line: max(context.mark.line, 1), column: max(context.mark.column, 1))
        let name = names.first ?? ""
        // Without a space after the colon a value belongs to the key; it may be a secret.
        let shown = quoted(String(name.prefix { $0 != ":" }))
        guard let second = repeated(name, after: first, in: text) else {
            return ProvisionProblem(at: first, "the key \(shown) is here and again further down")
        }
        return ProvisionProblem(at: second, "the key \(shown) is already on line \(first.line)")
    default:
        return ProvisionProblem(at: Position(line: 1, column: 1), "not readable as YAML")
    }
}

/// Where a block mapping has its key a second time: at the same column, before the text moves out of it.
///
/// The library tells only where the first one stands.
private func repeated(_ name: String, after first: Position, in text: String) -> Position? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard first.line < lines.count else { return nil }
    for number in first.line..<lines.count {
        let line = lines[number].unicodeScalars
        let indent = line.prefix { $0 == " " }.count
        let rest = String(Substring(line.dropFirst(indent)))
        if rest.isEmpty || rest.hasPrefix("#") { continue }
        if indent < first.column - 1 { return nil }
        guard indent == first.column - 1 else { continue }
        for written in [name, "\"\(name)\"", "'\(name)'"] where rest.hasPrefix(written) {
            if rest.dropFirst(written.count).drop(while: { $0 == " " }).hasPrefix(":") {
                return Position(line: number + 1, column: first.column)
            }
        }
    }
    return nil
}
