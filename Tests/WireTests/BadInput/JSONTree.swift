// JSON that a test builds, damages and writes, wrong texts among it.

indirect enum JSONTree: Sendable {
    /// Written as it is: numbers, words, and what is no JSON at all.
    case raw(String)
    case bytes([UInt8])
    case text(String)
    case array([JSONTree])
    case object([Member])

    struct Member: Sendable {
        var name: String
        var value: JSONTree
    }

    static let null = JSONTree.raw("null")

    var written: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .raw(let text): out += text.utf8
        case .bytes(let bytes): out += bytes
        case .text(let text): Self.write(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                out += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// The tree with the value at `path` (members' names and elements' numbers) replaced; nil takes it out.
    func replacing(_ path: ArraySlice<String>, with value: JSONTree?) -> JSONTree {
        guard let step = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            guard let index = members.firstIndex(where: { $0.name == step }) else { return self }
            if rest.isEmpty, value == nil {
                members.remove(at: index)
            } else {
                members[index].value = members[index].value.replacing(rest, with: value)
            }
            return .object(members)
        case .array(var elements):
            guard let index = Int(step), elements.indices.contains(index) else { return self }
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].replacing(rest, with: value)
            }
            return .array(elements)
        default: return self
        }
    }

    /// What stands at `path`.
    subscript(path: ArraySlice<String>) -> JSONTree? {
        guard let step = path.first else { return self }
        switch self {
        case .object(let members): return members.last { $0.name == step }?.value[path.dropFirst()]
        case .array(let elements):
            guard let index = Int(step), elements.indices.contains(index) else { return nil }
            return elements[index][path.dropFirst()]
        default: return nil
        }
    }

    /// Every path to a value below this one.
    var paths: [[String]] {
        switch self {
        case .object(let members):
            members.flatMap { member in [[member.name]] + member.value.paths.map { [member.name] + $0 } }
        case .array(let elements):
            elements.enumerated().flatMap { index, element in
                [[String(index)]] + element.paths.map { [String(index)] + $0 }
            }
        case .raw, .bytes, .text: []
        }
    }
}
