// Files at the desk: what came and went with an errand, and what goes up for an answer.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Routing
import Web

/// Pictures that a browser shows without running anything: known by their first bytes, not by what they are called.
enum Picture {
    /// Larger ones are offered for download only.
    static let shownMaxBytes: Int64 = 12 << 20

    private static let types: [(name: String, starts: [[UInt8]])] = [
        ("image/png", [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]),
        ("image/jpeg", [[0xFF, 0xD8, 0xFF]]),
        ("image/gif", [Array("GIF87a".utf8), Array("GIF89a".utf8)]),
    ]

    /// Whether the page offers to show it; what it is, is seen when it is asked for.
    static func isShown(_ contentType: String, _ size: Int64) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        return size <= shownMaxBytes && (type == "image/webp" || types.contains { $0.name == type })
    }

    /// The type by the content; nil for anything else than a picture.
    static func type(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            return "image/webp"
        }
        return types.first { type in type.starts.contains { bytes.starts(with: $0) } }?.name
    }
}

extension AgentDesk {
    private static let missing = Refusal.notFound("There is no such file here.")
    /// Types that say no more than what the file is; every other one is only bytes.
    private static let plainTypes: Set<String> = [
        "application/pdf", "application/zip", "image/png", "image/jpeg", "image/gif", "image/webp",
    ]

    func fileDownload(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let file = try await errandFile(seat, context)
        return Self.file(file, type: Self.downloadType(file.contentType), isDownload: true)
    }

    private static func downloadType(_ type: String) -> String {
        let type = type.lowercased()
        return plainTypes.contains(type) ? type : "application/octet-stream"
    }

    /// A stored file as a download, piece by piece.
    func download(_ file: StoredFile) async throws -> Response {
        let headers = Self.fileHeaders(
            file.name, type: Self.downloadType(file.contentType), isDownload: true)
        guard file.pieces > 0 else { return Response(status: .ok, headers: headers) }
        // Read before the answer begins: a file that is not there is still a proper error.
        let first = try await floor.blobs.piece(0, of: file)
        let body = ResponseBody(contentLength: file.size) { [blobs = floor.blobs] writer in
            for n in 0..<file.pieces {
                let piece = n == 0 ? first : try await blobs.piece(n, of: file)
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    func filePicture(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try Self.picture(try await errandFile(seat, context))
    }

    /// A picture inside a letter, for the frame.
    func linkedPicture(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        let query = try Fields(queryOf: request)
        guard let id = Self.fileID(context), let until = query["until"].flatMap({ Int64($0) }),
            let signature = query["signature"]
        else { throw Self.missing }
        return try Self.picture(
            try await floor.linkedPicture(
                id, until: Instant(ms: until), signature: signature, in: directory.workspace))
    }

    /// A file of the answer that is being written.
    func uploadedPicture(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard let id = Self.fileID(context) else { throw Self.missing }
        return try Self.picture(
            try await floor.uploadContent(id, for: seat.agent.id, in: seat.workspace))
    }

    /// Takes a file as its raw bytes; name and kind stand in the query.
    func uploadFile(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard isGenuine(request.headers[.csrfToken] ?? "", seat) else {
            throw Refusal.forbidden(
                "This page is no longer valid. Load it again, then attach the file again.")
        }
        let id = try errandID(context)
        let query = try Fields(queryOf: request)
        let isInline = query["inline"] == "yes"
        let file = try await sentFile(
            request, context, name: query["name"] ?? "", max: UploadLimits.bytesMax)
        guard !isInline || Picture.type(of: file.bytes) != nil else {
            throw Refusal.unsupported("Only PNG, JPEG, GIF and WebP pictures can stand in the text.")
        }
        let upload = try await floor.upload(file, isInline: isInline, for: id, by: seat.principal)
        return .html(.created, templates.render("upload", UploadLine(upload, base: seat.base)))
    }

    /// A file that comes as a request's raw bytes; its type is what its content says, else what its sender does.
    func sentFile(
        _ request: Request, _ context: Context, name: String, max: Int
    ) async throws -> NewAttachment {
        let body: Body
        do {
            body = try await context.collectBody(request, upTo: max)
        } catch Refusal.tooLarge {
            throw Refusal.tooLarge("A file has at most \(max >> 20) MiB; send a smaller one.")
        }
        let bytes = body.bytes
        return NewAttachment(
            name: Self.fileName(name),
            contentType: Picture.type(of: bytes) ?? Self.type(request.headers[.contentType] ?? ""),
            bytes: bytes)
    }

    func removeUpload(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard let id = Self.fileID(context) else { throw Self.missing }
        try await floor.removeUpload(id, by: seat.principal)
        return .done(request, goTo: seat.base)
    }

    private func errandFile(_ seat: Seat, _ context: Context) async throws -> FileContent {
        guard let id = Self.fileID(context) else { throw Self.missing }
        return try await floor.attachment(
            id, of: try errandID(context), for: seat.agent.id, in: seat.workspace)
    }

    private static func fileID(_ context: Context) -> AttachmentID? {
        context.segment("file").flatMap { Int64($0) }.map(AttachmentID.init)
    }

    private static func picture(_ file: FileContent) throws -> Response {
        guard let type = Picture.type(of: file.bytes) else {
            throw Refusal.unsupported("This file is no picture that can be shown; download it instead.")
        }
        return Self.file(file, type: type, isDownload: false)
    }

    /// Never a page of our origin: no type that runs, no sniffing, and a sandbox around it if opened all the same.
    private static func file(_ file: FileContent, type: String, isDownload: Bool) -> Response {
        Response(
            status: .ok, headers: fileHeaders(file.name, type: type, isDownload: isDownload),
            body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private static func fileHeaders(_ name: String, type: String, isDownload: Bool) -> HTTPFields {
        [
            .contentType: type,
            .contentDisposition: "\(isDownload ? "attachment" : "inline"); \(fileNames(name))",
            .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
            .cacheControl: "private, no-store",
        ]
    }

    /// The name twice, as RFC 6266 has it: in ASCII for old readers, and as it is.
    static func fileNames(_ name: String) -> String {
        let ascii = name.unicodeScalars.map { scalar in
            (32...126).contains(scalar.value) && !"\"\\/;%".unicodeScalars.contains(scalar)
                ? String(scalar) : "_"
        }.joined()
        let encoded = name.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + hexPair(byte)
        }.joined()
        return "filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }

    private static func hexPair(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// The last part of a path, without characters that steer a terminal or turn the reading direction.
    static func fileName(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let kept = last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        let text = String(String.UnicodeScalarView(kept)).trimmingCharacters(in: .whitespaces)
        return text.isEmpty ? "file" : text
    }

    /// `type/subtype` without parameters; anything else is only bytes.
    private static func type(_ header: String) -> String {
        let type = header.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        let parts = type.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { (33...126).contains($0) && !"\"(),;<>".utf8.contains($0) }
            }
        return isPlain ? type : "application/octet-stream"
    }
}
