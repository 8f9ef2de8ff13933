// Agents: what they are doing, what they say, what their telephones tell.
import Center
import Hummingbird
import Routing
import Web

extension NeutralRoutes {
    private static let pageMax = 500

    func agents(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let place = try ListPlace(request, defaultLimit: 100, limitMax: Self.pageMax)
        let all = caller.directory.agents.filter { $0.active && $0.id.raw > place.after ?? 0 }.map(\.id)
        let page = Array(all.prefix(place.limit))
        let now = try await floor.agentsNow(page, in: caller.workspace)
        return answer(
            JSONWriter.object { list in
                list.array("items") { items in
                    for agent in now { items.object { $0.members(of: agent, caller.directory) } }
                }
                list.member("next", orNull: page.count < all.count ? page.last?.raw : nil)
            })
    }

    func agent(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = try agentID(context)
        guard let now = try await floor.agentsNow([id], in: caller.workspace).first else {
            throw Refusal.notFound("There is no such agent.")
        }
        return state(now, caller)
    }

    func setPresence(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = try agentID(context)
        let asked = try await Asked(request, context, members: ["presence", "reason"])
        let presence = try asked.body.required(
            "presence", asked.body.word("presence", presenceWords))
        let reason = try asked.body.text("reason")
        guard reason == nil || presence == .unavailable else {
            throw Refusal.invalid("Only unavailable has a reason.", pointer: "/reason")
        }
        let now = try await floor.setPresence(
            id, presence, reason: reason, tag: asked.tag, by: caller.principal)
        return state(now, caller)
    }

    func endWrapUp(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = try agentID(context)
        let asked = try await Asked(request, context, members: [])
        return state(
            try await floor.endWrapUp(
                of: id, tag: asked.tag, once: asked.once, by: caller.principal), caller)
    }

    func signal(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = try agentID(context)
        let asked = try await Asked(request, context, members: ["signal", "on"])
        let word = try asked.body.required("signal", asked.body.word("signal", signalWords))
        let (signal, isOn) = word.signal(on: try asked.body.required("on", asked.body.flag("on")))
        return state(
            try await floor.signal(
                id, signal, on: isOn, tag: asked.tag, once: asked.once, by: caller.principal), caller)
    }

    private func agentID(_ context: Context) throws -> AgentID {
        AgentID(try number("agent", context, "agent"))
    }

    private func state(_ now: AgentNow, _ caller: Caller) -> Response {
        answer(tag: now.tag, JSONWriter.object { $0.members(of: now, caller.directory) })
    }
}

extension JSONWriter {
    fileprivate mutating func members(of now: AgentNow, _ directory: Directory) {
        let agent = directory.agent(AgentID(now.id))
        func code(_ reason: Int64?) -> String? { reason.flatMap { directory.reason(ReasonID($0))?.code } }
        member("id", now.id)
        member("login_name", agent?.loginName ?? "")
        member("name", agent?.userName ?? "")
        member("presence", Presence(rawValue: now.presence)?.name ?? "")
        member("reason", orNull: code(now.reason))
        member("presence_since", at: now.presenceSinceMs)
        member("status", RoutingStatus(rawValue: now.status)?.name ?? "")
        if let pending = now.pendingPresence {
            object("pending") {
                $0.member("presence", Presence(rawValue: pending)?.name ?? "")
                $0.member("reason", orNull: code(now.pendingReason))
            }
        } else {
            null("pending")
        }
        member("wrap_up_until", at: now.wrapUpUntilMs)
        member("guard_until", at: now.guardUntilMs)
        let signals = Signals(rawValue: now.signals)
        object("signals") {
            $0.member("do_not_disturb", signals.contains(Signals(.doNotDisturb)))
            $0.member("personal_call", signals.contains(Signals(.personalCall)))
            $0.member("reachable", !signals.contains(Signals(.notReachable)))
        }
        if let offer = now.offer {
            object("offer") {
                $0.member("id", offer.name.description)
                $0.member("item", offer.name.item.raw)
                $0.member("deadline", at: offer.deadlineMs)
            }
        } else {
            null("offer")
        }
        array("in_hand") { for item in now.inHand { $0.element(item) } }
        let areas = (agent?.areas ?? []).compactMap { directory.area($0)?.queue }
        let centers = directory.callCenters(joinedBy: AgentID(now.id)).map(\.queue)
        let queues = agent?.adminLevel == .observer ? [] : (areas + centers).sorted()
        array("queues") { for queue in queues { $0.element(queue.raw) } }
        array("skills") { list in
            for skill in agent?.skills ?? [] {
                list.object {
                    $0.member("name", directory.skills.first { $0.id == skill.skill }?.name ?? "")
                    $0.member("level", skill.level)
                }
            }
        }
    }
}
