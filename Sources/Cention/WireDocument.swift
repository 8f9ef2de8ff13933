// The JSON:API document around what a client sends.
import Center
import Hummingbird
import Web

/// A request's body, read and checked as far as every document is alike.
struct WireDocument {
    let attributes: WireObject
    let data: WireObject

    /// - Parameter types: what `data.type` may say.
    /// - Throws: 400 for what is no JSON or has the wrong shape, 409 for another type, 403 for an id of the client's.
    init(_ body: ByteBuffer, types: StaticString...) throws {
        let document: JSONDocument
        do {
            document = try JSONDocument(body)
        } catch let fault as JSONFault {
            throw WireError(
                .badRequest,
                "The body is no JSON that is taken here: \(fault.problem), at byte \(fault.offset).")
        }
        let data = try WireObject(document.root, at: "").required("data")
        guard let type = try data.textOrNil("type") else { throw data.missing("type") }
        guard types.contains(where: { $0.description == type }) else {
            throw WireError(.conflict, "This path takes the type \(types[0]) only.", pointer: "/data/type")
        }
        // The published clients' library writes an empty id where it has none.
        if data.member("id") != nil, try data.text("id") != "" {
            throw WireError(.forbidden, "Ids are given by the server; leave id out.", pointer: "/data/id")
        }
        attributes = try data.required("attributes")
        self.data = data
    }
}

extension CentionRoutes {
    /// Reads the body whole, within the limit that every body has.
    func body(of request: Request, _ context: Context) async throws -> Body {
        try Negotiation.check(request.headers)
        return try await context.collectBody(request, upTo: context.limits.bodyMaxBytes)
    }
}
