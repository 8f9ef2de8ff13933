// A request's body, read in the order in which its faults are told. Source: tenios.md §3.
import Center
import Hummingbird
import Web

/// A JSON object and who sent it; a member that is null counts as missing.
struct TeniosRequest {
    /// Larger bodies are refused; the skills of a workspace need more than anything else.
    static let bodyMaxBytes = 64 << 10
    static let skillsBodyMaxBytes = 1 << 20
    /// Unknown parameters that an answer names.
    static let unknownMax = 100

    let caller: Caller
    private let object: JSONValue

    /// Steps 1 to 3: JSON, the access key, unknown parameters.
    /// - Parameter names: all parameters of the call, the key apart.
    init(_ body: ByteBuffer, names: [StaticString], on routes: TeniosRoutes, _ context: Context) throws {
        guard let document = try? JSONDocument(body), document.root.kind == .object else {
            throw TeniosError.invalidJSON()
        }
        object = document.root
        caller = try Self.caller(of: object, on: routes, context)
        let known = Set(names.map(\.description) + ["access_key"])
        try Self.refuseUnknown(object.members.lazy.map(\.name), known: known)
    }

    private static func caller(
        of object: JSONValue, on routes: TeniosRoutes, _ context: Context
    ) throws -> Caller {
        guard let key = object["access_key"], !key.isNull else { throw TeniosError.required("access_key") }
        // What is no text is no key of anybody.
        guard let text = key.string else { throw TeniosError.badCredentials }
        return try routes.caller(text, context)
    }

    static func refuseUnknown(_ names: some Sequence<String>, known: Set<String>) throws {
        var unknown: [String] = []
        var seen = known
        for name in names where unknown.count < unknownMax && seen.insert(name).inserted {
            unknown.append(name)
        }
        if !unknown.isEmpty { throw TeniosError.invalidJSON(unknown) }
    }

    private func member(_ name: StaticString) -> JSONValue? {
        object[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// Steps 4 to 6: the agent whom `email` names.
    func agent() throws -> Agent {
        guard let email = member("email") else { throw TeniosError.required("email") }
        guard let text = email.string else { throw TeniosError.invalidEmail }
        return try caller.agent(email: text)
    }

    func wrapUpAgent() throws -> Agent {
        guard let email = member("agent_email") else { throw TeniosError.required("agent_email") }
        guard let text = email.string else { throw TeniosError.agentNotFound(["agent_email"]) }
        return try caller.agent(wrapUpEmail: text)
    }
}

/// Step 7: the other members, one at a time.
extension TeniosRequest {
    /// Whether the member is there at all, be it null.
    func has(_ name: StaticString) -> Bool { object[name] != nil }

    /// Nil when it is missing; an empty text counts so. Source: tenios.md §3, P:Wrap.
    func textOrNil(_ name: StaticString) throws -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.string else { throw Self.wrong(name) }
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }

    func text(_ name: StaticString) throws -> String {
        guard let text = try textOrNil(name) else { throw TeniosError.required(name.description) }
        return text
    }

    /// `true` and `false`, as words of JSON or as texts.
    func flag(_ name: StaticString) throws -> Bool {
        guard let value = member(name), value.string != "" else {
            throw TeniosError.required(name.description)
        }
        guard let flag = Self.flag(value) else { throw Self.wrong(name) }
        return flag
    }

    static func flag(_ value: JSONValue) -> Bool? {
        switch (value.kind, value.string) {
        case (.yes, _), (_, "true"): true
        case (.no, _), (_, "false"): false
        default: nil
        }
    }

    /// A whole number in the range, or its digits as a text.
    func number(_ name: StaticString, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let value = member(name), value.string != "" else {
            throw TeniosError.required(name.description)
        }
        guard let number = value.integer ?? value.string.flatMap(Self.digits), range.contains(number) else {
            throw Self.wrong(name)
        }
        return number
    }

    private static func digits(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// The elements of an array that must be there.
    func array(_ name: StaticString) throws -> [JSONValue] {
        guard let value = member(name) else { throw TeniosError.required(name.description) }
        guard value.kind == .array else { throw Self.wrong(name) }
        return value.elements
    }

    /// `READY` or `NOT_READY`.
    func isReady() throws -> Bool {
        switch try text("state") {
        case "READY": true
        case "NOT_READY": false
        default: throw Self.wrong("state")
        }
    }

    static func wrong(_ name: StaticString) -> TeniosError { .invalidJSON([name.description]) }
}

extension TeniosRoutes {
    /// Reads the request's body, which is taken as JSON whatever its type says.
    func read(
        _ request: Request, _ context: Context, _ names: StaticString...,
        upTo maxBytes: Int = TeniosRequest.bodyMaxBytes
    ) async throws -> TeniosRequest {
        let body = try await context.collectBody(request, upTo: maxBytes)
        return try TeniosRequest(body.buffer, names: names, on: self, context)
    }
}
