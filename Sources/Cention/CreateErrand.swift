// POST c3_new_errands: another system hands in an errand. Source: seed 001, lines 74-238; cention.md §3.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    /// Larger bodies are read and digested away from the event loop: at 64 KiB that takes a quarter of a millisecond.
    private static let quickMaxBytes = 64 << 10

    @Sendable func createErrand(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .createErrand)
        let body = try await body(of: request, context)
        guard body.count > Self.quickMaxBytes else { return try await create(body, principal, directory) }
        return try await offLoop { try await create(body, principal, directory) }
    }

    private func create(
        _ body: Body, _ principal: Principal, _ directory: Directory
    ) async throws -> Response {
        // Its share of the memory for bodies is given back when the errand, which is made of it, is stored.
        defer { withExtendedLifetime(body) {} }
        let errand = try NewErrand(body.buffer, integrations: directory.integrations)
        let id = try await floor.openErrand(errand, by: principal)
        return JSONAPI.created(
            "c3_new_errands", id.description,
            location: "\(publicURL())/s/\(directory.name)/capi/json/c3_errand_reports/\(id)")
    }
}

extension NewErrand {
    /// Reads `data.attributes`. Members that nobody documents are ignored.
    /// - Parameter integrations: those that the workspace lists.
    init(_ body: ByteBuffer, integrations: [String]) throws {
        let attributes = try WireDocument(body, types: "c3_new_errands").attributes
        self.init()
        let message = try attributes.required("msg")
        messageID = try message.text("message_id")
        name = try message.text("name")
        from = try message.requiredText("from")
        subject = try message.text("subject")
        self.body = try message.text("body")
        htmlBody = try message.text("html_body")
        attachments = try message.objects("attachments", max: ErrandLimits.attachmentsMax)
            .map(NewAttachment.init)
        answer = try attributes.object("answer").map(NewAnswer.init)
        template = try attributes.object("watemplate").map(NewTemplate.init)
        extradata = attributes.member("extradata")?.source
        if let data = try attributes.object("integrationData") {
            integrationData = data.value.source
            let applied = try IntegrationData.applied(data, integrations: integrations)
            note = applied?.comment
            call = applied?.call
        }
        cuid = try attributes.text("cuid")
        if cuid?.isEmpty == true { cuid = nil }
        requestDigest = body.withUnsafeReadableBytes { sha256Hex($0) }
    }
}

extension NewTemplate {
    fileprivate init(_ object: WireObject) throws {
        let elementName = try object.text("elementname")
        let namespace = try object.text("namespace")
        _ = try object.objects("params", max: ErrandLimits.templateParamsMax)
        self.init(
            elementName: elementName, namespace: namespace, params: object.member("params")?.source ?? "[]")
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
