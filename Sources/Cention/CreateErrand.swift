// POST c3_new_errands: another system hands in an errand. Source: seed 001, lines 74-238; cention.md §3.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func createErrand(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .createErrand)
        let body = try await body(of: request, context)
        let errand = try NewErrand(body.buffer)
        let id = try await floor.openErrand(errand, by: principal)
        return JSONAPI.created(
            "c3_new_errands", id.description,
            location: "\(publicURL())/s/\(directory.name)/capi/json/c3_errand_reports/\(id)")
    }
}

extension NewErrand {
    /// Reads `data.attributes`. Members that nobody documents are ignored.
    init(_ body: ByteBuffer) throws {
        let attributes = try WireDocument(body, types: "c3_new_errands").attributes
        self.init()
        let message = try attributes.required("msg")
        messageID = try message.text("message_id")
        name = try message.text("name")
        from = try message.text("from")
        guard !from.isEmpty else { throw message.missing("from") }
        subject = try message.text("subject")
        self.body = try message.text("body")
        htmlBody = try message.text("html_body")
        attachments = try message.objects("attachments").map(NewAttachment.init)
        answer = try attributes.object("answer").map(NewAnswer.init)
        try Self.checkTemplate(attributes)
        extradata = attributes.member("extradata")?.source
        integrationData = try attributes.object("integrationData")?.value.source
        cuid = try attributes.textOrNil("cuid")
        requestDigest = body.withUnsafeReadableBytes { sha256Hex($0) }
    }

    /// A WhatsApp template is checked and not kept: nothing sends it yet.
    private static func checkTemplate(_ attributes: WireObject) throws {
        guard let template = try attributes.object("watemplate") else { return }
        _ = try template.text("elementname")
        _ = try template.text("namespace")
        _ = try template.objects("params")
        if attributes.member("answer") == nil {
            throw Refusal.invalid(
                "watemplate needs an answer with user_type and user_id.",
                pointer: attributes.pointer(to: "answer"))
        }
    }
}

extension NewAttachment {
    fileprivate init(_ object: WireObject) throws {
        let name = try object.text("name")
        let contentType = try object.text("content_type")
        let contentID = try object.text("content_id")
        guard let content = object.member("content") else { throw object.missing("content") }
        guard content.kind == .string else { throw object.wrong("a string", "content") }
        guard let bytes = content.base64 else {
            throw Refusal.invalid("content is no base64.", pointer: object.pointer(to: "content"))
        }
        self.init(
            name: name, contentType: contentType.isEmpty ? "application/octet-stream" : contentType,
            contentID: contentID.isEmpty ? nil : contentID, bytes: bytes)
    }
}
