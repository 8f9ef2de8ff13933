// GET c3_response_attachments/<id> and c3_area_archives/<id>: a file, its content as base64 inside the
// document. Source: seed 001, lines 485-529 and 1351-1389; cention.md §7, §10, §14.
import Center
import Foundation
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func responseAttachment(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .attachments)
        try Negotiation.checkAnswer(request.headers)
        let fields = try SparseFields(request, "c3_response_attachments", of: ["attachment"])
        let file = try await floor.responseAttachment(AttachmentID(try Self.fileID(context)), by: principal)
        let document = FileDocument(file) { document, content in
            document.object("data") { data in
                data.member("type", "c3_response_attachments")
                data.member("id", String(file.id))
                data.object("attributes") { attributes in
                    if fields.has("attachment") { content(&attributes) }
                }
            }
        }
        return try await document.answer(from: floor.blobs, through: fileGate)
    }

    @Sendable func areaArchive(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .attachments, .library)
        try Negotiation.checkAnswer(request.headers)
        let fields = try SparseFields(request, "c3_area_archives", of: ["attachment", "c3_id"])
        let withoutContent = try Fields(queryOf: request)["without_content"]
        let file = try await floor.areaArchive(ArchiveID(try Self.fileID(context)), by: principal)
        let href = "\(publicURL())/s/\(directory.name)/capi/json/c3_area_archives/\(file.id)"
        let document = FileDocument(file, withContent: withoutContent != "true" && withoutContent != "1") {
            document, content in
            document.object("data") { data in
                data.member("type", "c3_area_archives")
                data.member("id", String(file.id))
                data.object("attributes") { attributes in
                    if fields.has("attachment") { content(&attributes) }
                    if fields.has("c3_id") { attributes.member("c3_id", file.id) }
                }
            }
            document.object("links") { links in links.object("self") { $0.member("href", href) } }
        }
        return try await document.answer(from: floor.blobs, through: fileGate)
    }

    /// The path's id. What no id can be is not there.
    private static func fileID(_ context: Context) throws -> Int64 {
        guard let id = context.segment("id").flatMap(WireID.number) else {
            throw Refusal.notFound("There is no such file here.")
        }
        return id
    }
}

/// A document with a file in it, sent piece by piece.
struct FileDocument {
    private let file: StoredFile
    private let head: [UInt8]
    private let tail: [UInt8]
    private let hasContent: Bool

    /// - Parameter write: writes the document; what it is given writes the `attachment` member.
    init(
        _ file: StoredFile, withContent: Bool = true,
        _ write: (inout JSONWriter, (inout JSONWriter) -> Void) -> Void
    ) {
        self.file = file
        var writer = JSONWriter()
        writer.object { document in
            write(&document) { attributes in
                attributes.object("attachment") { attachment in
                    attachment.member("c3_id", file.id)
                    attachment.member("content_type", file.contentType)
                    attachment.member("name", file.name)
                    if withContent { attachment.memberLeftOpen("content") }
                }
            }
        }
        let gap = writer.gap ?? writer.bytes.count
        head = Array(writer.bytes[..<gap])
        tail = Array(writer.bytes[gap...])
        hasContent = writer.gap != nil
    }

    /// The length is announced, so a client can tell a document that broke off.
    /// - Throws: 503 when too many large files are on their way out.
    func answer(from blobs: Blobs, through gate: FileGate) async throws -> Response {
        let headers: HTTPFields = [.contentType: JSONAPI.mediaType]
        guard hasContent, file.pieces > 0 else {
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: head + tail)))
        }
        let pass = try file.size > Blobs.inRowMax ? gate.enter() : nil
        // Read before the answer begins: a file that is not there is still a proper error.
        let first = try await blobs.piece(0, of: file)
        let length = head.count + Base64.length(of: file.size) + tail.count
        let (file, head, tail) = (file, head, tail)
        let body = ResponseBody(contentLength: length) { writer in
            try await writer.write(ByteBuffer(bytes: head))
            var base64 = Base64.Encoder()
            for n in 0..<file.pieces {
                let piece = n == 0 ? first : try await blobs.piece(n, of: file)
                try await writer.write(
                    ByteBuffer(bytes: base64.encode(piece, isLast: n == file.pieces - 1)))
            }
            try await writer.write(ByteBuffer(bytes: tail))
            try await writer.finish(nil)
            withExtendedLifetime(pass) {}
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
