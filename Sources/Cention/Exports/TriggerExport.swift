// POST c3_trigger_exports: the errands of a preset, a row each, sent as they are read.
// Source: seed 001, lines 1395-1465; cention.md §8.
import Center
import Hummingbird
import Routing
import SafeHTML
import Web

extension CentionRoutes {
    @Sendable func triggerExport(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .export)
        let body = try await body(of: request, context)
        let words = ReportWords(directory)
        let order = try ExportOrder(body.buffer, words)
        let pass = try exportGate.enter()
        var export = try await floor.export(order.preset, order.period, by: principal)
        let document = ExportDocument(order: order, id: export.id, words: words)
        // Read before the answer begins: a database that is away is still a proper error.
        let first = try await export.piece()
        let begun = export
        let answer = ResponseBody { writer in
            var export = begun
            var piece = first
            var isFirst = true
            try await writer.write(ByteBuffer(bytes: document.head))
            while let errands = piece {
                let comma = !isFirst
                try await writer.write(await offLoop { document.rows(of: errands, afterOthers: comma) })
                isFirst = false
                piece = try await export.piece()
            }
            try await writer.write(ByteBuffer(bytes: document.tail))
            try await writer.finish(nil)
            withExtendedLifetime(pass) {}
        }
        return Response(status: .created, headers: [.contentType: JSONAPI.mediaType], body: answer)
    }
}

/// What a request asks for.
private struct ExportOrder {
    let preset: ExportPresetID
    let period: ExportPeriod
    /// As sent.
    let from: String
    let to: String

    init(_ body: ByteBuffer, _ words: ReportWords) throws {
        let document = try WireDocument(body, types: "c3_trigger_exports")
        let attributes = document.attributes
        from = try attributes.text("errand_from_date")
        to = try attributes.text("errand_to_date")
        func day(_ text: String, _ name: StaticString, plus days: Int) throws -> Instant? {
            guard !text.isEmpty else { return nil }
            guard let start = words.start(of: text, plus: days) else {
                throw Refusal.invalid(
                    "\(name) is a day such as 2019/01/01.", pointer: attributes.pointer(to: name))
            }
            return start
        }
        period = ExportPeriod(
            usesClosure: try attributes.boolOrNil("use_closure_date") ?? false,
            from: try day(from, "errand_from_date", plus: 0), end: try day(to, "errand_to_date", plus: 1))
        if let from = period.from, let end = period.end, from >= end {
            throw Refusal.invalid(
                "errand_to_date is before errand_from_date.",
                pointer: attributes.pointer(to: "errand_to_date"))
        }
        preset = try Self.preset(try document.data.required("relationships"))
    }

    /// The page calls both the relationship and its data arrays; its sample has objects. A list of one is taken for it.
    private static func preset(_ relationships: WireObject) throws -> ExportPresetID {
        let data = try only("data", in: only("export", in: relationships))
        guard try data.requiredText("type") == "c3_exports" else {
            throw WireError(
                .conflict, "An export is of the type c3_exports.", pointer: data.pointer(to: "type"))
        }
        guard let member = data.member("id") else { throw data.missing("id") }
        guard let id = member.integer ?? member.string.flatMap(WireID.number) else {
            throw Refusal.invalid(
                "The id of an export is its number; provision prints it.", pointer: data.pointer(to: "id"))
        }
        return ExportPresetID(id)
    }

    private static func only(_ name: StaticString, in object: WireObject) throws -> WireObject {
        guard object.member(name)?.kind == .array else { return try object.required(name) }
        let elements = try object.objects(name, max: 1)
        guard let one = elements.first else { throw object.missing(name) }
        return one
    }
}

/// The document around the rows, and the rows.
private struct ExportDocument: Sendable {
    let head: [UInt8]
    let tail: [UInt8]
    private let words: ReportWords
    private let tags: [Int64: String]

    init(order: ExportOrder, id: ExportID, words: ReportWords) {
        self.words = words
        tags = Dictionary(words.directory.tags.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        let whole = JSONWriter.object { document in
            document.object("data") { data in
                data.member("type", "c3_trigger_exports")
                data.member("id", id.description)
                data.object("attributes") { attributes in
                    attributes.member("c3_id", id.raw)
                    attributes.member("use_closure_date", order.period.usesClosure)
                    attributes.member("errand_from_date", order.from)
                    attributes.member("errand_to_date", order.to)
                    attributes.array("content") { _ in }
                }
            }
        }
        // The list is the last thing in it: `]}}}` closes.
        tail = Array("]}}}".utf8)
        head = Array(whole.dropLast(tail.count))
    }

    func rows(of errands: [ExportedErrand], afterOthers: Bool) -> ByteBuffer {
        var buffer = ByteBuffer()
        for (index, errand) in errands.enumerated() {
            if afterOthers || index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            buffer.writeBytes(JSONWriter.object { write(errand, to: &$0) })
        }
        return buffer
    }

    private func write(_ errand: ExportedErrand, to row: inout JSONWriter) {
        let directory = words.directory
        row.member("errand_id", errand.id.description)
        row.member("from_address", errand.fromAddress)
        row.member("to_address", errand.account ?? "")
        row.member("subject", errand.subject)
        row.member("question", text(errand.question))
        row.member("answer", text(errand.answer))
        row.member("errand_notes", errand.notes.joined(separator: "\n"))
        row.member("timestamp_arrived", words.second(errand.arrivedAt))
        row.member("timestamp_opened", words.second(errand.openedAt))
        row.member("timestamp_answered", words.second(errand.answeredAt))
        row.member("timestamp_closed", words.second(errand.closedAt))
        row.member("agent_id", errand.agent?.raw ?? 0)
        row.member("agent_name", errand.agent.flatMap { directory.agent($0)?.userName } ?? "")
        row.member("area_id", errand.area.raw)
        row.member("area_name", directory.areaName(errand.area) ?? "")
        row.member("tag_names", errand.tags.compactMap { tags[$0] }.joined(separator: ","))
        row.member("client_id", errand.contact.raw)
        row.member("priority", String(errand.priority))
        for level in Self.levels { row.member(level.name, errand.satisfaction == level.value ? 1 : 0) }
        row.member("channel", errand.channel.service.name)
        row.member("area_external_id", directory.area(errand.area)?.externalID ?? "")
    }

    private static let levels: [(name: StaticString, value: Int64)] = [
        ("satisfaction_meter_answer_1", 1), ("satisfaction_meter_answer_2", 2),
        ("satisfaction_meter_answer_3", 3), ("satisfaction_meter_answer_4", 4),
        ("satisfaction_meter_answer_5", 5),
    ]

    private func text(_ text: ExportedText) -> String {
        switch text {
        case .plain(let text): text
        case .html(let html): SafeHTML.text(html)
        }
    }
}
