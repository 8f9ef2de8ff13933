// A request's members: of its JSON body, whatever the method, and of the query for GET and DELETE.
import Center
import Hummingbird
import Web

/// Members that nobody documents are ignored; a member that is null counts as absent where nothing else is said.
struct Members {
    /// A list of ten thousand agents with the longest ids.
    static let bodyMaxBytes = 4 << 20

    private let root: JSONValue?
    private let query: Fields?

    /// - Throws: 416 for a body that is no JSON object; an empty one is fine.
    init(_ request: Request, _ context: Context) async throws {
        let takesQuery = request.method == .get || request.method == .delete
        query = takesQuery && request.uri.query != nil ? try Fields(queryOf: request) : nil
        // Without one of these a request has no body, and most GETs are not kept waiting for it.
        guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else {
            root = nil
            return
        }
        let body = try await context.collectBody(
            request, upTo: min(Self.bodyMaxBytes, context.limits.bodyMaxBytes))
        guard body.count > 0 else {
            root = nil
            return
        }
        let document: JSONDocument
        do {
            document = try JSONDocument(body.buffer)
        } catch let fault as JSONFault {
            throw ApioError.badMedia(
                "The body is no JSON object that is taken here: \(fault.problem), at byte \(fault.offset).")
        }
        guard document.root.kind == .object else {
            throw ApioError.badMedia("The body must be a JSON object.")
        }
        root = document.root
    }

    private init(_ object: JSONValue) {
        root = object
        query = nil
    }

    private func member(_ name: StaticString) -> JSONValue? {
        root?[name].flatMap { $0.isNull ? nil : $0 }
    }

    private func asked(_ name: StaticString) -> String? {
        guard let query, root?[name] == nil else { return nil }
        return query[name.description]
    }

    func isNull(_ name: StaticString) -> Bool { root?[name]?.isNull ?? false }

    /// The text; U+0000, which no engine stores, becomes U+FFFD.
    func text(_ name: StaticString) throws -> String? {
        guard let member = member(name) else { return asked(name) }
        guard let text = member.string else { throw Self.wrong(name, "a string") }
        guard member.isEscaped, text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// A text on one line, of so many characters.
    func text(_ name: StaticString, _ lengths: ClosedRange<Int>, unbroken: Bool = false) throws -> String? {
        guard let text = try text(name) else { return nil }
        guard lengths.contains(text.unicodeScalars.count) else {
            throw Self.wrong(name, "\(lengths.lowerBound) to \(lengths.upperBound) characters")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Self.wrong(name, "a text without line breaks, tabs and other control characters")
        }
        guard !unbroken || !text.contains(where: \.isWhitespace) else {
            throw Self.wrong(name, "a text without spaces")
        }
        return text
    }

    func required(_ name: StaticString, _ lengths: ClosedRange<Int>, unbroken: Bool = false) throws -> String
    {
        guard let text = try text(name, lengths, unbroken: unbroken) else { throw Self.missing(name) }
        return text
    }

    func flag(_ name: StaticString) throws -> Bool? {
        if let member = member(name) {
            guard member.kind == .yes || member.kind == .no else { throw Self.wrong(name, "true or false") }
            return member.kind == .yes
        }
        switch asked(name) {
        case nil: return nil
        case "true", "1": return true
        case "false", "0": return false
        default: throw Self.wrong(name, "true or false")
        }
    }

    /// A whole number in the range.
    /// - Parameter orText: also its digits in a string.
    func integer(
        _ name: StaticString, in range: ClosedRange<Int64>, orText: Bool = false
    ) throws -> Int64? {
        let number: Int64?
        if let member = member(name) {
            number = member.integer ?? (orText ? member.string.flatMap(Self.digits) : nil)
        } else if let asked = asked(name) {
            number = Self.digits(asked)
        } else {
            return nil
        }
        guard let number, range.contains(number) else {
            throw Self.wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func digits(_ text: String) -> Int64? {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isPlain ? Int64(text) : nil
    }

    /// The object; nil when absent.
    func object(_ name: StaticString) throws -> Members? {
        guard let member = member(name) else { return nil }
        guard member.kind == .object else { throw Self.wrong(name, "an object") }
        return Members(member)
    }

    /// The array's objects; nil when absent.
    func objects(_ name: StaticString, max: Int) throws -> [Members]? {
        guard let member = member(name) else { return nil }
        guard member.kind == .array else { throw Self.wrong(name, "an array") }
        let elements = member.elements
        guard elements.count <= max else { throw Self.wrong(name, "at most \(max) elements") }
        return try elements.map { element in
            guard element.kind == .object else { throw Self.wrong(name, "an array of objects") }
            return Members(element)
        }
    }

    static func wrong(_ name: StaticString, _ wanted: String) -> ApioError {
        .invalid("\(name): expected \(wanted).")
    }

    static func missing(_ name: StaticString) -> ApioError { .invalid("\(name) is required.") }
}
