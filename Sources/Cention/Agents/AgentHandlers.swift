// Agents and their access keys. Source: seed 000; cention.md §11, §14.
import Center
import Hummingbird
import Routing
import Web

extension AgentAPIRoutes {
    @Sendable func makeAgent(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = try await floor.makeAgent(try AgentFields(request.body), by: request.principal)
        return Self.echo(id, request.body)
    }

    @Sendable func changeAgent(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = AgentID(try Self.id(context, "agent"))
        try await floor.changeAgent(id, try AgentFields(request.body), by: request.principal)
        return Self.echo(id, request.body)
    }

    @Sendable func deleteAgent(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = AgentID(try Self.id(context, "agent"))
        try await floor.deleteAgent(id, by: request.principal)
        return Self.ok {
            $0.member("id", id.raw)
            $0.member("deleted", true)
        }
    }

    @Sendable func listAgents(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let directory = floor.roster.workspace(request.directory.workspace) ?? request.directory
        return Self.ok { document in
            document.array("data") { list in
                for agent in directory.agents {
                    list.object { line in
                        line.member("id", agent.id.raw)
                        line.member("login_name", agent.loginName)
                        line.member("user_name", agent.userName)
                        line.member("active", agent.active)
                    }
                }
            }
        }
    }

    @Sendable func mintKey(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = AgentID(try Self.id(context, "agent"))
        let expiry = try request.body.number("expiry") ?? 0
        let key = try await floor.mintAccessKey(for: id, expiry: expiry, by: request.principal)
        return Self.ok {
            $0.member("access_key_id", key.id)
            $0.member("secret_access_key", key.secret)
            $0.member("expiry", key.expiry)
        }
    }

    @Sendable func revokeKey(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = AgentID(try Self.id(context, "agent"))
        guard let key = context.segment("key") else {
            throw Refusal.notFound("This agent has no such access key.")
        }
        try await floor.revokeAccessKey(key, of: id, by: request.principal)
        return Self.ok {
            $0.member("access_key_id", key)
            $0.member("deleted", true)
        }
    }

    /// The id, and the members that were sent, in the form they were sent in. Source: seed 000, "Omitted field will
    /// not be processed and will not be return".
    private static func echo(_ id: AgentID, _ body: SignedBody) -> Response {
        ok { document in
            document.member("id", id.raw)
            for name in AgentFields.members {
                guard let value = body[name.description] else { continue }
                switch value.kind {
                case .string: document.member(name, value.string ?? "")
                default: document.member(name, json: value.source.utf8)
                }
            }
        }
    }
}

extension AgentFields {
    /// In the order of the vendor's samples.
    static let members: [StaticString] = [
        "login_name", "admin_level", "user_name", "email_address", "external_id", "bright_reference_code",
        "signature_name", "chat_name", "language", "time_zone", "activate", "list_size",
    ]

    private static let adminLevels: [AdminLevel] = [.agent, .observer, .administrator]

    init(_ body: SignedBody) throws {
        self.init()
        loginName = try body.text("login_name")
        userName = try body.text("user_name")
        adminLevel = try body.text("admin_level").map { word in
            guard let level = AdminLevel(rawValue: word), Self.adminLevels.contains(level) else {
                let words = Self.adminLevels.map(\.rawValue).joined(separator: ", ")
                throw Refusal.invalid("admin_level is one of \(words).", pointer: "/admin_level")
            }
            return level
        }
        emailAddress = try body.text("email_address")
        externalID = try body.text("external_id")
        brightReferenceCode = try body.text("bright_reference_code")
        signatureName = try body.text("signature_name")
        chatName = try body.text("chat_name")
        language = try body.text("language").map { word in
            guard let language = AgentLanguage(rawValue: word) else {
                let words = AgentLanguage.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal.invalid("language is one of \(words).", pointer: "/language")
            }
            return language
        }
        timeZone = try body.text("time_zone").map { word in
            guard let zone = TimeZoneAbbreviation.zone(of: word) else {
                throw Refusal.invalid(
                    "time_zone is one of \(TimeZoneAbbreviation.words).", pointer: "/time_zone")
            }
            return zone
        }
        isActive = try body.flag("activate")
        listSize = try body.number("list_size")
    }
}
