// Reads the members of one mapping of a provisioning file.

/// Refuses unknown keys when made; then gives each member by its key.
package struct EntryReader {
    package let position: Position
    private let noun: String
    private let members: [String: DocumentMember]
    private let keys: [String]

    /// `noun` says what the mapping describes, such as `an agent`.
    package init(_ node: DocumentNode, _ noun: String, keys: [String]) throws {
        guard case .mapping(let found) = node.content else {
            throw node.expected(
                "\(noun): a mapping with the keys \(keys.joined(separator: ", "))", secret: true)
        }
        position = node.position
        self.noun = noun
        self.keys = keys
        var members: [String: DocumentMember] = [:]
        for member in found {
            guard keys.contains(member.key.value) else {
                throw unknownKey(member.key, among: keys)
            }
            members[member.key.value] = member
        }
        self.members = members
    }

    /// The value written under `key`, null included.
    package func node(_ key: String) -> DocumentNode? {
        precondition(keys.contains(key), "the reader of \(noun) does not declare the key \(key)")
        return members[key]?.value
    }

    /// Where `key` itself stands; the mapping's own place if it is not there.
    package func keyPosition(_ key: String) -> Position { members[key]?.key.position ?? position }

    package func required<Value>(
        _ key: String, _ read: (DocumentNode) throws -> Value
    ) throws -> Value {
        guard let node = node(key) else {
            throw ProvisionProblem(at: position, "the key '\(key)' is missing: \(noun) needs it")
        }
        return try read(node)
    }

    /// A member that can be left out but not cleared: `read` refuses null (a list takes it as empty).
    package func optional<Value>(
        _ key: String, _ read: (DocumentNode) throws -> Value
    ) throws -> Value? {
        guard let node = node(key) else { return nil }
        return try read(node)
    }

    /// A member that can be left out, and cleared with null.
    func given<Value>(
        _ key: String, _ read: (DocumentNode) throws -> Value
    ) throws -> Given<Value> {
        guard let node = node(key) else { return .absent }
        return node.isNull ? .cleared : .value(try read(node))
    }

    /// A list of references by name, none of them twice.
    package func names(
        _ key: String, of things: String, max: Int, rule: TextRule = .name, folded: Bool = false
    ) throws -> [Located<String>]? {
        guard let node = node(key) else { return nil }
        let names = try node.list(of: things, max: max) { try $0.locatedText(rule) }
        try refuseRepeats(names, folded: folded)
        return names
    }
}

/// `password:secret` without a space is a key to YAML: what follows the colon is not repeated.
private func unknownKey(_ key: Located<String>, among keys: [String]) -> ProvisionProblem {
    let name = key.value.prefix { $0 != ":" }
    if name.count < key.value.count, keys.contains(String(name)) {
        return ProvisionProblem(at: key.position, "a space is missing after '\(name):'")
    }
    return .unknown("key", Located(String(name), at: key.position), among: keys)
}

/// Refuses the second of two equal names; `folded` compares as people read, without case.
package func refuseRepeats(_ names: [Located<String>], folded: Bool = false) throws {
    var lines: [String: Int] = [:]
    for name in names {
        if let line = lines.updateValue(
            name.position.line, forKey: folded ? name.value.lowercased() : name.value)
        {
            throw ProvisionProblem(at: name.position, "\(quoted(name.value)) is already on line \(line)")
        }
    }
}
