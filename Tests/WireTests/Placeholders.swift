// What stands in angle brackets in a golden file, and what it stands for.
import Foundation

/// Names and their values; a run adds what responses taught it.
struct Placeholders {
    private var values: [String: String] = [:]

    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The bytes to send: `<name>` is its value, `<repeat:3:[>` is `[[[`, `<byte:FF>` is that byte.
    func bytes(of text: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            bytes += rest[..<open].utf8
            guard let close = rest[open...].firstIndex(of: ">"),
                let value = try value(String(rest[rest.index(after: open)..<close]))
            else {
                bytes.append(UInt8(ascii: "<"))
                rest = rest[rest.index(after: open)...]
                continue
            }
            bytes += value
            rest = rest[rest.index(after: close)...]
        }
        return bytes + rest.utf8
    }

    func text(of text: String) throws -> String {
        String(decoding: try bytes(of: text), as: UTF8.self)
    }

    /// Nil for what looks like no placeholder, such as a tag of HTML.
    private func value(_ name: String) throws -> [UInt8]? {
        if let value = values[name] { return Array(value.utf8) }
        let parts = name.split(separator: ":", maxSplits: 2).map(String.init)
        if parts.count == 3, parts[0] == "repeat", let times = Int(parts[1]) {
            return Array(String(repeating: parts[2], count: times).utf8)
        }
        if parts.count == 2, parts[0] == "byte", let byte = UInt8(parts[1], radix: 16) { return [byte] }
        let given = [
            "token", "agent", "archive", "attachment", "tenios", "library", "category", "question", "file",
        ]
        if parts.count == 2, given.contains(parts[0]) {
            throw GoldenFile.Problem(description: "<\(name)> is not given")
        }
        return nil
    }

    /// Compares a text with what is expected, where `<any>` matches anything and `<any:name>` also keeps it.
    mutating func matches(_ actual: String, _ expected: String) throws -> Bool {
        guard let open = expected.range(of: "<any"),
            let close = expected[open.upperBound...].firstIndex(of: ">")
        else { return actual == (try text(of: expected)) }
        let before = try text(of: String(expected[..<open.lowerBound]))
        let after = try text(of: String(expected[expected.index(after: close)...]))
        guard actual.count >= before.count + after.count, actual.hasPrefix(before), actual.hasSuffix(after)
        else {
            return false
        }
        let name = expected[open.upperBound..<close]
        if name.hasPrefix(":") {
            values[String(name.dropFirst())] = String(actual.dropFirst(before.count).dropLast(after.count))
        }
        return true
    }

    /// Where two JSON values differ; nil when they do not. Order of members does not count, nothing else is free.
    mutating func difference(_ actual: Any, _ expected: Any, at place: String = "") throws -> String? {
        switch (actual, expected) {
        case (_, let expected as String) where expected == "<any>": return nil
        case (let actual as NSNumber, let expected as String) where expected.hasPrefix("<any:"):
            return try matches("\(actual)", expected) ? nil : "\(place): \(actual)"
        case (let actual as String, let expected as String):
            return try matches(actual, expected) ? nil : "\(place): \(actual) instead of \(expected)"
        case (let actual as [String: Any], let expected as [String: Any]):
            guard Set(actual.keys) == Set(expected.keys) else {
                return "\(place): members \(actual.keys.sorted()) instead of \(expected.keys.sorted())"
            }
            for key in expected.keys.sorted() {
                if let difference = try difference(actual[key]!, expected[key]!, at: "\(place)/\(key)") {
                    return difference
                }
            }
            return nil
        case (let actual as [Any], let expected as [Any]):
            guard actual.count == expected.count else {
                return "\(place): \(actual.count) elements instead of \(expected.count)"
            }
            for (index, pair) in zip(actual, expected).enumerated() {
                if let difference = try difference(pair.0, pair.1, at: "\(place)/\(index)") {
                    return difference
                }
            }
            return nil
        case (let actual as NSNumber, let expected as NSNumber):
            return actual == expected ? nil : "\(place): \(actual) instead of \(expected)"
        case (is NSNull, is NSNull): return nil
        default: return "\(place): \(actual) instead of \(expected)"
        }
    }
}
