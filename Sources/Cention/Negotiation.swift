// Which media types a request may bring and ask for. Source: JSON:API 1.0, content negotiation; cention.md §2.2.
import Center
import Hummingbird

enum Negotiation {
    /// - Throws: 415 for a body of another type, 406 when no answer of ours is acceptable.
    static func check(_ headers: HTTPFields) throws {
        guard let contentType = headers.text(.contentType), isTaken(contentType) else {
            throw WireError(
                .unsupportedMediaType,
                "Send the body as Content-Type: \(JSONAPI.mediaType), without parameters.")
        }
        try checkAnswer(headers)
    }

    /// - Throws: 406 when no answer of ours is acceptable.
    static func checkAnswer(_ headers: HTTPFields) throws {
        if let accept = headers.text(.accept), !isAcceptable(accept) {
            throw WireError(
                .notAcceptable,
                "Accept \(JSONAPI.mediaType) without parameters; this server answers with no others.")
        }
    }

    private static func isTaken(_ header: String) -> Bool {
        if header == JSONAPI.mediaType { return true }
        let entries = entries(header)
        guard entries.count == 1, let (type, parameters) = entries.first else { return false }
        return (type == JSONAPI.mediaType || type == "application/json")
            && parameters.allSatisfy { $0 == "charset" }
    }

    /// False only when every entry for our type has parameters. A weight is none, a charset is overlooked.
    private static func isAcceptable(_ header: String) -> Bool {
        if header == "*/*" || header == JSONAPI.mediaType { return true }
        let ours = entries(header).filter { $0.type == JSONAPI.mediaType }
        return ours.isEmpty || ours.contains { $0.parameters.allSatisfy { $0 == "charset" || $0 == "q" } }
    }

    /// The media types of a header in lower case, each with the names of its parameters.
    private static func entries(_ header: String) -> [(type: String, parameters: [String])] {
        split(header, at: ",").map { entry in
            let parts = split(entry, at: ";")
            let names = parts.dropFirst().map { trimmed(String($0.prefix { $0 != "=" })) }
            return (trimmed(parts[0]), names.filter { !$0.isEmpty })
        }
    }

    /// Splits where the separator stands outside quotes.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var quoted = false
        var escaped = false
        for character in text {
            if character == separator, !quoted {
                parts.append("")
                continue
            }
            if character == "\"", !escaped { quoted.toggle() }
            escaped = quoted && character == "\\" && !escaped
            parts[parts.count - 1].append(character)
        }
        return parts
    }

    private static func trimmed(_ text: String) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(text.drop(while: blank).reversed().drop(while: blank).reversed()).lowercased()
    }
}
