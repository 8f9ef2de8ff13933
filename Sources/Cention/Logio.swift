// GET custom/logio: when agents signed in and out, as csv or json. Source: seed 001, lines 1-72; cention.md §9.
import Center
import Foundation
import Hummingbird
import Routing
import Web

extension CentionRoutes {
    @Sendable func logio(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .logio)
        let query = try LogioQuery(request, now: floor.now)
        let agent = query.name.map { name in
            // An unknown name has no records.
            directory.agent(login: name)?.id ?? AgentID(0)
        }
        let (range, workspace) = (query.range, principal.workspace)
        let names = Dictionary(uniqueKeysWithValues: directory.agents.map { ($0.id, $0.loginName) })
        // Read before the answer begins: a database that is away is still a proper error.
        let first = try await floor.loginRecords(range, of: agent, in: workspace)
        let floor = floor
        let format = query.format
        let body = ResponseBody { writer in
            var page = first
            var lines = LogioLines(format: format, names: names)
            while true {
                try await writer.write(ByteBuffer(bytes: lines.text(of: page)))
                guard page.count == LoginRecord.pageMax, let last = page.last else { break }
                page = try await floor.loginRecords(range, of: agent, after: last, in: workspace)
            }
            if format == .json { try await writer.write(ByteBuffer(string: lines.end)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: format.mediaType], body: body)
    }
}

enum LogioFormat: String, CaseIterable {
    case csv, json

    var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .json: "application/json"
        }
    }
}

/// What is asked for.
private struct LogioQuery {
    static let defaultDays: Int64 = 7
    /// The last second of the year 9999, so that a time in milliseconds is refused.
    private static let secondsMax: Int64 = 253_402_300_799

    let name: String?
    let format: LogioFormat
    /// Both bounds of the request lie inside.
    let range: Range<Instant>

    init(_ request: Request, now: Instant) throws {
        let fields = try Fields(queryOf: request)
        name = fields["name"].flatMap { $0.isEmpty ? nil : $0 }
        let word = fields["format"] ?? ""
        guard let format = word.isEmpty ? .csv : LogioFormat(rawValue: word) else {
            throw Refusal.invalid("format is csv or json.")
        }
        self.format = format
        let to = try Self.seconds("to", fields) ?? now.ms / 1_000
        let from = try Self.seconds("from", fields) ?? max(0, to - Self.defaultDays * 86_400)
        range = Instant(ms: from * 1_000)..<Instant(ms: max(from, to + 1) * 1_000)
    }

    private static func seconds(_ name: String, _ fields: Fields) throws -> Int64? {
        guard let text = fields[name], !text.isEmpty else { return nil }
        guard let seconds = WireID.number(text), seconds <= secondsMax else {
            throw Refusal.invalid("\(name) is a time in seconds since 1970, in digits.")
        }
        return seconds
    }
}

/// Writes records as they come, numbered from 1.
private struct LogioLines {
    let format: LogioFormat
    let names: [AgentID: String]
    private var count: Int64 = 0

    init(format: LogioFormat, names: [AgentID: String]) {
        self.format = format
        self.names = names
    }

    var end: String { count == 0 ? "[]" : "]" }

    mutating func text(of records: [LoginRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            count += 1
            let name = names[record.agent] ?? ""
            let seconds = record.at.ms / 1_000
            switch format {
            case .csv:
                bytes += Array("\(count),\(Self.csv(name)),\(seconds),\(record.action)\n".utf8)
            case .json:
                bytes.append(UInt8(ascii: count == 1 ? "[" : ","))
                bytes += JSONWriter.object { line in
                    line.member("id", count)
                    line.member("name", name)
                    line.member("timestamp", seconds)
                    line.member("action", record.action)
                }
            }
        }
        return bytes
    }

    /// In quotes where a reader would take it for several.
    private static func csv(_ name: String) -> String {
        guard name.contains(where: { $0 == "," || $0 == "\"" }) else { return name }
        return "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
