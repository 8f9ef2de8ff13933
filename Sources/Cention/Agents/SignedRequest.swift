// Who asks: a request signed with an administrator's access key. Source: seed 000; cention.md §1.2.
import Center
import Hummingbird
import Web

/// A request whose signature is right, and whose signer may do what it asks.
///
/// The scheme covers neither method nor time: a request can be sent again by who reads it. TLS alone helps.
struct SignedRequest {
    static let scheme = "CENTION1-HMAC-SHA256"

    let principal: Principal
    let directory: Directory
    let body: SignedBody

    /// - Throws: 401 without a right signature, 403 for keys of others than administrators, 400 for bodies that
    ///   cannot have been signed.
    init(_ request: Request, _ context: Context, _ floor: Floor) async throws {
        guard let (id, signature) = Self.credentials(request.headers[.authorization]) else {
            throw Refusal.unauthenticated(
                "Sign the request: Authorization: \(Self.scheme) <access-key-id>,<signature>.")
        }
        let wrong = Refusal.unauthenticated("The access key or the signature is not valid.")
        guard let space = context.segment("workspace"), let directory = floor.roster.workspace(named: space),
            let key = try await floor.accessKey(id, in: directory.workspace)
        else { throw wrong }
        body = try SignedBody(
            try await context.collectBody(request, upTo: AgentAPIRoutes.bodyMaxBytes).buffer)
        let values = body.signedValues.map { ":" + $0 }.joined()
        let texts = Self.paths(request.uri.path).map { "\(id):\(space):\($0)\(values)" }
        guard key.hasSigned(texts, signature) else { throw wrong }
        context.notes.workspace = directory.workspace.description
        context.notes.principal = "agent \(key.agent.id.raw)"
        guard key.agent.adminLevel == .administrator else {
            throw Refusal.forbidden("Only an administrator's access key can do that.")
        }
        self.directory = directory
        principal = Principal(workspace: directory.workspace, actor: .agent(key.agent.id), via: .cention)
    }

    /// `CENTION1-HMAC-SHA256 id,signature`, with or without the word Authorization before it, as the page prints
    /// both. Ids may hold commas, so the last one parts them.
    private static func credentials(_ header: String?) -> (id: String, signature: String)? {
        guard var rest = header?[...] else { return nil }
        for word in ["authorization ", scheme.lowercased() + " "] {
            if rest.lowercased().hasPrefix(word) {
                rest = rest.dropFirst(word.count).drop { $0 == " " }
            } else if word != "authorization " {
                return nil
            }
        }
        guard let comma = rest.lastIndex(of: ",") else { return nil }
        let signature = rest[rest.index(after: comma)...].filter { $0 != " " }
        let id = String(rest[..<comma])
        return id.isEmpty || signature.isEmpty ? nil : (id, signature)
    }

    /// The path below the workspace as it can have been signed: as received, without doubled slashes, decoded.
    private static func paths(_ path: String) -> [String] {
        let segments = path.split(separator: "/")
        guard segments.count > 2 else { return [] }
        let received = String(path[segments[2].startIndex...])
        let plain = "/" + segments.dropFirst(2).joined(separator: "/")
        return ["/" + received, plain, percentDecoded(plain)].compactMap { $0 }
    }
}

/// The body's members: what was signed, and what is asked for.
struct SignedBody {
    let members: [(name: String, value: JSONValue)]
    /// The members' values as text, in the order of their names.
    let signedValues: [String]

    /// - Throws: 400 for what is no JSON object, for members that stand twice, and for values that have no text.
    init(_ buffer: ByteBuffer) throws {
        guard buffer.readableBytes > 0 else {
            members = []
            signedValues = []
            return
        }
        let document: JSONDocument
        do {
            document = try JSONDocument(buffer)
        } catch let fault as JSONFault {
            throw Refusal.invalid(
                "The body is no JSON that is taken here: \(fault.problem), at byte \(fault.offset).")
        }
        guard document.root.kind == .object else { throw Refusal.invalid("The body is a JSON object.") }
        members = document.root.members
        guard Set(members.map(\.name)).count == members.count else {
            throw Refusal.invalid("A member stands twice in the body.")
        }
        signedValues = try members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { try Self.text(of: $0.value, $0.name) }
    }

    /// The member's value; nil when it is absent or null.
    subscript(name: String) -> JSONValue? {
        members.first { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value }
    }

    private static func text(of value: JSONValue, _ name: String) throws -> String {
        if value.kind == .array {
            return try value.elements.map { try scalar($0, name) }.joined(separator: ",")
        }
        return try scalar(value, name)
    }

    private static func scalar(_ value: JSONValue, _ name: String) throws -> String {
        switch value.kind {
        case .string: value.string ?? ""
        case .integer: value.source
        case .yes: "true"
        case .no: "false"
        case .null: ""
        case .number, .array, .object:
            throw Refusal.invalid(
                "\(name.prefix(WireError.quotedMax)) is a text, a whole number, true or false, or a list of those."
            )
        }
    }
}

extension SignedBody {
    /// The member's text; nil when it is absent.
    func text(_ name: String) throws -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else {
            throw Refusal.invalid("\(name) is a text.", pointer: "/\(name)")
        }
        return text
    }

    /// A number, or the digits of one in a text; nil when it is absent.
    func number(_ name: String) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard let number = value.integer ?? value.string.flatMap(WireID.number), number >= 0 else {
            throw Refusal.invalid("\(name) is a whole number.", pointer: "/\(name)")
        }
        return number
    }

    /// true or false, bare or in a text; nil when it is absent.
    func flag(_ name: String) throws -> Bool? {
        guard let value = self[name] else { return nil }
        switch (value.kind, value.string) {
        case (.yes, _), (_, "true"): return true
        case (.no, _), (_, "false"): return false
        default: throw Refusal.invalid("\(name) is true or false.", pointer: "/\(name)")
        }
    }

    /// A list of ids; nil when it is absent.
    func ids(_ name: String) throws -> [Int64]? {
        guard let value = self[name] else { return nil }
        guard value.kind == .array else {
            throw Refusal.invalid("\(name) is a list of ids.", pointer: "/\(name)")
        }
        return try value.elements.map { element in
            guard let id = element.integer ?? element.string.flatMap(WireID.number) else {
                throw Refusal.invalid("\(name) is a list of ids.", pointer: "/\(name)")
            }
            return id
        }
    }
}
