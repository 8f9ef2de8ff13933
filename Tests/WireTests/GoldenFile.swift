// A golden file: what is given, what is sent and what comes back, and what is stored then.
import Foundation

/// One documented exchange, or several that need each other; Golden/README.md has the format.
struct GoldenFile: Sendable, CustomStringConvertible {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    struct Request: Sendable {
        var method: String
        var target: String
        var headers: [(name: String, value: String)]
        var body: String
    }

    struct Response: Sendable {
        var status: Int
        /// Those that the file cares for.
        var headers: [(name: String, value: String)]
        var body: String
    }

    /// The folder and the file's name.
    let name: String
    /// Which document says so, and where in it.
    let source: String
    /// Provisioning files, in the order they are read.
    let given: [String]
    var exchanges: [(request: Request, response: Response)] = []
    /// `table` or `table.column`, and its count or its last row's value.
    var stored: [(what: String, value: String)] = []

    var description: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    /// All golden files of a dialect, by name.
    static func all(of dialect: String) throws -> [GoldenFile] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: dialect).path)
            .filter { $0.hasSuffix(".http") }.sorted()
            .map { try GoldenFile(named: "\(dialect)/\($0)") }
    }

    init(named name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        try self.init(text, name: name)
    }

    init(_ text: String, name: String) throws {
        self.name = name
        var sections = Self.sections(text)
        let head = sections.removeFirst().lines
        func fact(_ key: String) throws -> String {
            guard let line = head.first(where: { $0.hasPrefix("# \(key): ") }) else {
                throw Problem(description: "\(name) has no line '# \(key): …'")
            }
            return String(line.dropFirst(key.count + 4))
        }
        source = try fact("source")
        given = try fact("given").split(separator: " ").map(String.init)
        var waiting: Request?
        for (title, lines) in sections {
            switch title {
            case "request":
                guard waiting == nil else {
                    throw Problem(description: "\(name) has a request without response")
                }
                waiting = try Self.request(lines, name)
            case "response":
                guard let request = waiting else { throw Problem(description: "\(name) answers no request") }
                exchanges.append((request, try Self.response(lines, name)))
                waiting = nil
            case "stored": stored = try lines.filter { !$0.isEmpty }.map { try Self.pair($0, name) }
            default: throw Problem(description: "\(name) has a section '\(title)'")
            }
        }
        guard waiting == nil, !exchanges.isEmpty else {
            throw Problem(description: "\(name) ends without a response")
        }
    }

    private static func sections(_ text: String) -> [(title: String, lines: [String])] {
        var sections: [(title: String, lines: [String])] = [("", [])]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("### ") {
                sections.append((String(line.dropFirst(4)), []))
            } else {
                sections[sections.count - 1].lines.append(String(line))
            }
        }
        return sections
    }

    private static func request(_ lines: [String], _ name: String) throws -> Request {
        let (first, headers, body) = try message(lines, name)
        let words = first.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { throw Problem(description: "\(name): '\(first)' is no request line") }
        return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
    }

    private static func response(_ lines: [String], _ name: String) throws -> Response {
        let (first, headers, body) = try message(lines, name)
        guard let status = Int(first.prefix(3)) else {
            throw Problem(description: "\(name): '\(first)' is no status line")
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// First line, headers up to an empty line, and the body without the line ends after it.
    private static func message(
        _ lines: [String], _ name: String
    ) throws -> (first: String, headers: [(name: String, value: String)], body: String) {
        guard let first = lines.first else { throw Problem(description: "\(name) has an empty section") }
        let headers = try lines.dropFirst().prefix { !$0.isEmpty }.map { try pair($0, name) }
        var body = lines.dropFirst(headers.count + 2)[...]
        while body.last?.isEmpty == true { body.removeLast() }
        return (first, headers, body.joined(separator: "\n"))
    }

    private static func pair(_ line: String, _ name: String) throws -> (String, String) {
        guard let colon = line.range(of: ": ") else {
            throw Problem(description: "\(name): '\(line)' is no pair")
        }
        return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
    }
}
