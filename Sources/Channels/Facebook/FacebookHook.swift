// The webhook of a workspace's pages at Facebook: `/s/<workspace>/hooks/facebook`. Ratings are what is heard.
// Source: Meta, "Webhooks: Getting Started" and "Webhooks Reference: Page, ratings".
public import Center
import HTTPTypes
import Hummingbird
public import Web

/// Adds the webhook to the server.
public func addFacebookHook(to routes: Routes, floor: Floor) {
    let hook = FacebookHook(floor: floor)
    let hooks = routes.dialect(at: "/s/:workspace/hooks/facebook", name: .root) { _, _, miss in
        switch miss {
        case .path: return FacebookHook.say(.notFound, "There is nothing at this address.")
        case .method(let allowed):
            var response = FacebookHook.say(.methodNotAllowed, "This address takes GET and POST.")
            response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
            return response
        }
    }
    hooks.get("", use: FacebookHook.answering(hook.verify))
    hooks.post("", use: FacebookHook.answering(hook.receive))
}

struct FacebookHook: Sendable {
    /// Facebook's own limit of a message.
    static let bodyMaxBytes = 1 << 20
    /// Longest challenge that is repeated.
    static let challengeMax = 200
    /// Changes of one message that are stored; Facebook sends up to 1,000.
    static let changesMax = 5_000
    private static let algorithm = "sha256="

    let floor: Floor

    /// Facebook asks, once, whether we know the word that was typed in there; the answer is its challenge.
    @Sendable func verify(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        let query = try Fields(queryOf: request)
        guard query["hub.mode"] == "subscribe", let word = query["hub.verify_token"],
            let challenge = query["hub.challenge"], floor.isFacebookVerifyToken(word, in: directory)
        else { throw Refusal.forbidden("The verify token is that of no page here.") }
        guard (1...Self.challengeMax).contains(challenge.utf8.count),
            challenge.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Refusal.invalid("hub.challenge is a word of at most \(Self.challengeMax) letters.") }
        return Self.text(.ok, challenge)
    }

    /// What is signed is stored, then answered; anything that is not about ratings of known pages is passed over.
    @Sendable func receive(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        let body = try await context.collectBody(request, upTo: Self.bodyMaxBytes)
        let header = request.headers[.hubSignature] ?? ""
        let pages =
            header.hasPrefix(Self.algorithm)
            ? try floor.facebookPages(
                signed: body.bytes, String(header.dropFirst(Self.algorithm.count)), in: directory) : []
        guard !pages.isEmpty else {
            throw Refusal.unauthenticated("X-Hub-Signature-256 is not that of a page here.")
        }
        let payload: FacebookPayload
        do {
            payload = try FacebookPayload(JSONDocument(body.buffer).root, pages, at: floor.now)
        } catch let fault as JSONFault {
            throw Refusal.invalid("The body is no JSON that is taken here: \(fault.problem).")
        }
        guard payload.changes.count <= Self.changesMax else {
            throw Refusal.invalid("A message has at most \(Self.changesMax) changes of ratings.")
        }
        if payload.unknownPages > 0 {
            context.logger.notice(
                "\(payload.unknownPages) entries are of pages at Facebook that nobody set up")
        }
        try await floor.noteFacebookRatings(payload.changes, in: directory.workspace)
        return Self.say(.ok, "EVENT_RECEIVED")
    }

    private func directory(_ context: Context) throws -> Directory {
        guard let name = context.segment("workspace"), let directory = floor.roster.workspace(named: name),
            !directory.facebookPages.isEmpty
        else { throw Refusal.notFound("There is nothing at this address.") }
        context.notes.workspace = directory.workspace.description
        return directory
    }

    static func answering(
        _ handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) -> @Sendable (Request, Context) async throws -> Response {
        Context.answering(handler) { error, _ in
            (error as? Refusal).map { refusal in
                var response = say(refusal.status, refusal.message)
                if let seconds = refusal.retryAfterS { response.headers[.retryAfter] = String(seconds) }
                return response
            }
        } fault: { sentence, _ in
            say(.internalServerError, sentence)
        }
    }

    static func say(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        text(status, sentence + "\n")
    }

    /// Never a page of our origin, whatever the challenge says.
    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HTTPField.Name {
    fileprivate static let hubSignature = HTTPField.Name("X-Hub-Signature-256")!
}
