// Holds a value against the part of JSON Schema that openapi.json uses.
import Foundation

struct JSONSchema {
    let root: [String: Any]

    /// Keywords that say nothing of what is valid.
    private static let silent: Set<String> = ["description", "format", "minimum", "maximum", "minLength"]
    private static let known: Set<String> = [
        "$ref", "type", "enum", "oneOf", "properties", "required", "additionalProperties", "items",
        "maxItems", "maxLength", "pattern",
    ]

    /// What is wrong, in words; nil for nothing.
    func problem(_ value: Any, _ schema: [String: Any], at place: String = "") -> String? {
        let strange = Set(schema.keys).subtracting(Self.silent).subtracting(Self.known)
        guard strange.isEmpty else { return "\(place): keywords \(strange.sorted()) are not checked" }
        if let ref = schema["$ref"] as? String {
            guard let target = resolved(ref) else { return "\(place): nothing is at \(ref)" }
            return problem(value, target, at: place)
        }
        if let choices = schema["oneOf"] as? [[String: Any]] {
            let fitting = choices.filter { problem(value, $0, at: place) == nil }
            return fitting.count == 1 ? nil : "\(place): fits \(fitting.count) of \(choices.count)"
        }
        if let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map({ [$0] }),
            !types.contains(where: { Self.is(value, $0) })
        {
            return "\(place): \(value) is not \(types)"
        }
        if let words = schema["enum"] as? [Any], !words.contains(where: { "\($0)" == "\(value)" }) {
            return "\(place): \(value) is none of \(words)"
        }
        if let object = value as? [String: Any] { return problem(object, schema, at: place) }
        if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, element) in list.enumerated() {
                if let problem = problem(element, items, at: "\(place)/\(index)") { return problem }
            }
        }
        return nil
    }

    private func problem(_ object: [String: Any], _ schema: [String: Any], at place: String) -> String? {
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let missing = Set(schema["required"] as? [String] ?? []).subtracting(object.keys)
        guard missing.isEmpty else { return "\(place): \(missing.sorted()) are missing" }
        for (name, member) in object {
            let rest = schema["additionalProperties"]
            guard let own = properties[name] ?? rest as? [String: Any] else {
                if rest as? Bool == false { return "\(place): there is no member \(name)" }
                continue
            }
            if let problem = problem(member, own, at: "\(place)/\(name)") { return problem }
        }
        return nil
    }

    func resolved(_ ref: String) -> [String: Any]? {
        ref.split(separator: "/").dropFirst().reduce(root as Any?) { ($0 as? [String: Any])?[String($1)] }
            as? [String: Any]
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        let number = value as? NSNumber
        let isFlag = number.map { wasFlag($0) } ?? false
        return switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": isFlag
        case "integer": number != nil && !isFlag && number!.doubleValue == number!.doubleValue.rounded()
        case "number": number != nil && !isFlag
        default: false
        }
    }

    /// Whether a number was `true` or `false` in the text.
    private static func wasFlag(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || number === NSNumber(value: true)
            || number === NSNumber(value: false)
    }
}
