// What an agent is told of routing, as administrators see and change it: room, limits, timers, forced unavailability.
import Center
import Hummingbird
import Routing
import Web

struct AgentPage {
    let oneAgentName: String
    let oneAgentID: Int64
    let oneAgentLogin: String
    let oneAgentGroups: String
    let hasPassword: Bool
    let skillsLeftOut: Bool
    let oneAgentForms: [EntryForm]
    let agentKeys: AgentKeys

    init(_ agent: Agent, _ keys: [KnownAccessKey], _ seat: Seat, refused: RefusedForm?) {
        oneAgentName = agent.displayName
        oneAgentID = agent.id.raw
        oneAgentLogin = agent.loginName
        let groups = seat.directory.groups.filter { $0.agents.contains(agent.id) }.map(\.name)
        oneAgentGroups = groups.isEmpty ? "none" : groups.joined(separator: ", ")
        hasPassword = agent.hasPassword
        skillsLeftOut = seat.directory.skills.count > PickedList.ticksMax
        oneAgentForms = [
            AgentIdentityForm.change(agent, seat, refused), AgentSkillsForm(agent, seat).form(refused),
            AgentRulesForm(agent, seat).form(refused),
        ].compactMap { $0 }
        agentKeys = AgentKeys(agent, keys, seat, refused)
    }
}

private struct AgentRulesForm {
    let agent: Agent
    private let seat: Seat
    private let rules: AgentSettings

    init(_ agent: Agent, _ seat: Seat) {
        self.agent = agent
        self.seat = seat
        rules = agent.rules.settings
    }

    /// A code may be any text, so these cannot be taken for one.
    private static let no = ""
    private static let yes = "yes:"
    private static func reason(_ code: String) -> String { "code:\(code)" }

    func form(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker("agent-rules", refused)
        let reasons = seat.directory.reasons
        let codes = reasons.map { (Self.reason($0.code), $0.text) }
        func word(_ forced: ForcedUnavailable) -> String {
            switch forced {
            case .no: return Self.no
            case .yes(let id):
                guard let reason = reasons.first(where: { $0.id == id }) else { return Self.yes }
                return Self.reason(reason.code)
            }
        }
        func forcing(_ name: String, _ label: String, _ signal: Signal) -> EntryForm.Field {
            maker.choice(
                name, label,
                [(Self.no, "gets no offers meanwhile"), (Self.yes, "unavailable, without a reason")]
                    + codes.map { ($0.0, "unavailable: \($0.1)") }, word(rules.forcing[signal]))
        }
        let bounced = reasons.first { $0.id == rules.bouncedReason }.map { Self.reason($0.code) } ?? ""
        var rows: [(legend: String, fields: [EntryForm.Field])] = [
            (
                "At the same time",
                [
                    maker.number("capacity.errand", "Errands", agent.capacity.errand),
                    maker.number("capacity.chat", "Chats", agent.capacity.chat),
                    maker.number("capacity.call", "Calls", agent.capacity.call),
                ]
            ),
            (
                "Made unavailable after offers that failed in a row; 0 for never",
                [
                    maker.number("no_answer", "No answer", rules.unansweredLimit),
                    maker.number("busy", "Busy line", rules.busyLimit),
                    maker.number("error", "Error", rules.errorLimit),
                    maker.number(
                        "bounced_after", "Calls that came back", agent.rules.bouncedAfter,
                        hint: "as the call centers have it"),
                    maker.choice("bounced_reason", "Reason then", [("", "none")] + codes, bounced),
                ]
            ),
            (
                "When the telephone says",
                [
                    forcing("do_not_disturb", "Do not disturb", .doNotDisturb),
                    forcing("personal_call", "A personal call", .personalCall),
                    forcing("not_reachable", "Not reachable", .notReachable),
                ]
            ),
            (
                "Timers, in seconds",
                [
                    maker.number(
                        "guard_timer_s", "Guard time", rules.guardMs.map { $0 / 1_000 }, hint: "the queue’s"),
                    maker.number("wrap_up_s", "Wrap-up that is asked for", rules.wrapUpMs / 1_000),
                ]
            ),
        ]
        for inHand in ChannelWord.allCases {
            rows.append(
                (
                    "While \(inHand.one) is in hand, may be offered",
                    ChannelWord.allCases.map { other in
                        maker.tick(
                            "interrupts.\(inHand.rawValue).\(other.rawValue)", other.many,
                            rules.interrupts[other.own, during: inHand.own])
                    }
                ))
        }
        return maker.form("Room, limits and timers", "\(seat.base)/admin/agents/\(agent.id.raw)/rules", rows)
    }

    func entry(_ entry: inout TypedEntry) -> DocumentNode {
        func forced(_ name: String) -> DocumentNode {
            let word = entry.value(name)
            if word.hasPrefix("code:") { return entry.text(String(word.dropFirst(5)), of: name) }
            return entry.bare(word == Self.yes ? "true" : "false", of: name)
        }
        let bounced = entry.value("bounced_reason")
        var interrupts: [(String, DocumentNode)] = []
        for inHand in ChannelWord.allCases {
            let name = "interrupts.\(inHand.rawValue)"
            let others = ChannelWord.allCases.filter { entry.typed["\(name).\($0.rawValue)"] != nil }
            let nodes = others.map { entry.text($0.rawValue, of: "\(name).\($0.rawValue)") }
            interrupts.append((inHand.rawValue, entry.list(nodes, of: name)))
        }
        return entry.mapping([
            "login_name": entry.text(agent.loginName, of: ""),
            "capacity": entry.mapping([
                "errand": entry.word("capacity.errand"), "chat": entry.word("capacity.chat"),
                "call": entry.word("capacity.call"),
            ]),
            "limits": entry.mapping([
                "no_answer": entry.word("no_answer"), "busy": entry.word("busy"),
                "error": entry.word("error"),
            ]),
            "bounced_after": entry.word("bounced_after"),
            "bounced_reason": entry.text(
                bounced.hasPrefix("code:") ? String(bounced.dropFirst(5)) : "", of: "bounced_reason"),
            "forced_unavailable": entry.mapping([
                "do_not_disturb": forced("do_not_disturb"), "personal_call": forced("personal_call"),
                "not_reachable": forced("not_reachable"),
            ]),
            "guard_timer_s": entry.word("guard_timer_s"), "wrap_up_s": entry.word("wrap_up_s"),
            "interrupts": entry.mapping(interrupts),
        ])
    }
}

extension ChannelWord {
    fileprivate var own: Channel {
        switch self {
        case .errand: .errand
        case .chat: .chat
        case .call: .call
        }
    }

    fileprivate var one: String { self == .errand ? "an errand" : "a \(rawValue)" }
    fileprivate var many: String { "\(rawValue)s" }
}

extension AgentDesk {
    func agentPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await agentPage(try administeredAgent(seat, context), seat, request)
    }

    func changeAgentRules(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let refused = try await administer(seat, "agent-rules", fields) { entry in
            let told = AgentRulesForm(agent, seat).entry(&entry)
            return entry.file("agents", told, of: seat.directory)
        }
        if let refused { return try await agentPage(agent, seat, request, refused: refused) }
        return .seeOther("\(seat.base)/admin/agents/\(agent.id.raw)?said=\(Said.queueChanged.rawValue)")
    }

    /// The active agent that the path names, for an administrator.
    func administeredAgent(_ seat: Seat, _ context: Context) throws -> Agent {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("agent").flatMap({ Int64($0) }),
            let agent = seat.directory.agent(AgentID(id)), agent.active
        else { throw Refusal.notFound("There is no such agent.") }
        return agent
    }

    func agentPage(
        _ agent: Agent, _ seat: Seat, _ request: Request, refused: RefusedForm? = nil,
        minted: Minted? = nil
    ) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        let keys = try await floor.accessKeys(of: agent.id, in: seat.workspace)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(agent.displayName, seat, view, openErrand: nil)
        page.notice = refused == nil ? said?.sentence : nil
        page.minted = minted
        page.oneAgent = AgentPage(agent, keys, seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}
