// Making agents and changing what they are called, what they may do and how they read.

public import Routing
import Store

/// What an agent is told to be; nil: not said, so what is there stays, and a new agent gets its default.
public struct AgentFields: Sendable, Hashable {
    /// Unique in the workspace, deleted agents' included. A new agent needs one.
    public var loginName: String?
    /// A new agent needs one.
    public var userName: String?
    public var adminLevel: AdminLevel?
    /// Unique among active agents; empty for none.
    public var emailAddress: String?
    public var externalID: String?
    public var brightReferenceCode: String?
    public var signatureName: String?
    public var chatName: String?
    public var language: AgentLanguage?
    /// As the time zone database names it.
    public var timeZone: String?
    public var listSize: Int64?
    /// False deletes the agent, true brings a deleted one back.
    public var isActive: Bool?

    public init() {}
}

extension AgentFields {
    /// Code points of every text.
    public static let lengthMax = 200
    public static let loginLengthMax = 100
    public static let emailLengthMax = 254
    public static let listSizes: ClosedRange<Int64> = 1...200

    /// - Throws: `Refusal.invalid` for what cannot be stored, with the member as its pointer.
    func check() throws {
        if let loginName {
            try Self.text(loginName, "login_name", max: Self.loginLengthMax)
            guard !loginName.isEmpty, !loginName.contains(where: \.isWhitespace) else {
                throw Refusal.invalid("login_name cannot be empty or contain spaces.", pointer: "/login_name")
            }
        }
        if let userName {
            try Self.text(userName, "user_name")
            guard userName.contains(where: { !$0.isWhitespace }) else {
                throw Refusal.invalid("user_name cannot be empty.", pointer: "/user_name")
            }
        }
        if let emailAddress, !emailAddress.isEmpty {
            try Self.text(emailAddress, "email_address", max: Self.emailLengthMax)
            guard isEmailAddress(emailAddress) else {
                throw Refusal.invalid(
                    "email_address is an address such as ana@example.com.", pointer: "/email_address")
            }
        }
        try Self.text(externalID ?? "", "external_id")
        try Self.text(brightReferenceCode ?? "", "bright_reference_code")
        try Self.text(signatureName ?? "", "signature_name")
        try Self.text(chatName ?? "", "chat_name")
        if let listSize, !Self.listSizes.contains(listSize) {
            throw Refusal.invalid(
                "list_size is a number from \(Self.listSizes.lowerBound) to \(Self.listSizes.upperBound).",
                pointer: "/list_size")
        }
    }

    private static func text(_ text: String, _ name: String, max: Int = lengthMax) throws {
        guard text.unicodeScalars.count <= max else {
            throw Refusal.invalid("\(name) has at most \(max) characters.", pointer: "/\(name)")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Refusal.invalid(
                "\(name) cannot contain line breaks, tabs or other control characters.", pointer: "/\(name)")
        }
    }
}

extension Floor {
    /// Makes an agent without a password: they sign in by access key until one is set.
    /// - Throws: `Refusal.invalid`; `Refusal.conflict` for a login name or an e-mail address that is taken.
    public func makeAgent(_ fields: AgentFields, by principal: Principal) async throws -> AgentID {
        try await perform(Plan("make agent", alone: true), by: principal) { work in
            try work.requireAdministrator()
            try fields.check()
            guard let loginName = fields.loginName else {
                throw Refusal.invalid("login_name is required.", pointer: "/login_name")
            }
            guard let userName = fields.userName else {
                throw Refusal.invalid("user_name is required.", pointer: "/user_name")
            }
            try work.requireFree(login: loginName, for: nil)
            let isActive = fields.isActive ?? true
            if isActive { try work.requireFree(email: fields.emailAddress, for: nil) }
            let id = AgentID(work.next(.agent))
            let capacity = Capacity()
            try work.execute(
                """
                INSERT INTO agent (workspace, id, login_name, user_name, email_address, admin_level, language,
                    time_zone, external_id, bright_reference_code, signature_name, chat_name, list_size,
                    capacity_errand, capacity_chat, capacity_call, active, created_at)
                VALUES (\(work.workspace), \(id), \(loginName), \(userName), \(""),
                    \(AdminLevel.agent.rawValue), \(AgentLanguage.en.rawValue), \(work.directory.timeZone),
                    \(""), \(""), \(""), \(""), \(10), \(capacity.errand), \(capacity.chat), \(capacity.call),
                    \(isActive), \(work.now))
                """)
            try work.set("agent", id.raw, fields.columns)
            try work.nameForTelephony(id, loginName)
            try work.tell(.agentMade, .agent, id.raw, ["agent": .number(id.raw)])
            try work.reconfigure()
            return id
        }
    }

    /// Changes what `fields` names, all of it or nothing.
    /// - Throws: as `makeAgent`; `Refusal.notFound`; `Refusal.conflict` for the last administrator.
    public func changeAgent(_ id: AgentID, _ fields: AgentFields, by principal: Principal) async throws {
        try await perform(Plan("change agent", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let agent = work.directory.agent(id) else {
                throw Refusal.notFound("There is no such agent.")
            }
            try fields.check()
            if let login = fields.loginName { try work.requireFree(login: login, for: id) }
            if fields.isActive ?? agent.active { try work.requireFree(email: fields.emailAddress, for: id) }
            if agent.adminLevel == .administrator, let level = fields.adminLevel, level != .administrator {
                try work.requireAnotherAdministrator(than: agent)
            }
            try work.set("agent", id.raw, fields.columns)
            switch fields.isActive {
            case true?: try work.revive(agent)
            case false?: try work.retire(agent)
            case nil: break
            }
            try work.tell(.agentChanged, .agent, id.raw, ["agent": .number(id.raw)])
            try work.reconfigure()
        }
        if fields.isActive == false {
            apiSessions.endAll(of: id, in: principal.workspace)
            desks.told(Desks.Key(workspace: principal.workspace, agent: id), open: false)
        }
    }
}

extension AgentFields {
    fileprivate var columns: [SQL?] {
        [
            loginName.map { "login_name = \($0)" }, userName.map { "user_name = \($0)" },
            adminLevel.map { "admin_level = \($0.rawValue)" },
            emailAddress.map {
                $0.isEmpty
                    ? "email_address = '', email_folded = NULL"
                    : "email_address = \($0), email_folded = \(fold($0))"
            },
            externalID.map { "external_id = \($0)" },
            brightReferenceCode.map { "bright_reference_code = \($0)" },
            signatureName.map { "signature_name = \($0)" }, chatName.map { "chat_name = \($0)" },
            language.map { "language = \($0.rawValue)" }, timeZone.map { "time_zone = \($0)" },
            listSize.map { "list_size = \($0)" },
        ]
    }
}

extension Work {
    fileprivate func requireFree(login: String, for id: AgentID?) throws {
        guard let other = directory.agent(login: login), other.id != id else { return }
        throw Refusal.conflict(
            other.active
                ? "Another agent has this login name."
                : "A deleted agent has this login name; bring that agent back instead.")
    }

    fileprivate func requireFree(email: String?, for id: AgentID?) throws {
        guard let email, !email.isEmpty else { return }
        let folded = fold(email)
        let others = try query(
            "SELECT id FROM agent WHERE workspace = \(workspace) AND email_folded = \(folded) AND active = 1")
        guard others.allSatisfy({ AgentID($0.int("id")) == id }) else {
            throw Refusal.conflict("Another agent has this e-mail address.")
        }
    }

    /// The login name is the user id too, where nobody on this server has that; in the first group.
    fileprivate func nameForTelephony(_ id: AgentID, _ login: String) throws {
        let taken = try query("SELECT id FROM agent WHERE user_id = \(login) LIMIT 1")
        let group = try query(
            "SELECT name FROM user_group WHERE workspace = \(workspace) ORDER BY id LIMIT 1"
        ).first?.text("name")
        try set(
            "agent", id.raw, [taken.isEmpty ? "user_id = \(login)" : nil, group.map { "user_group = \($0)" }])
    }
}
