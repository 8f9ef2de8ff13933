// Work items: handed in, looked at, abandoned, ended, transferred.
import Center
import Hummingbird
import Routing
import Web

extension NeutralRoutes {
    func openItem(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let asked = try await Asked(
            request, context,
            members: [
                "queue", "channel", "priority", "required_skills", "desired_skills", "from", "subject",
                "external_id",
            ])
        let body = asked.body
        var new = NewExternalItem(
            queue: QueueID(try body.required("queue", body.integer("queue"))),
            channel: try body.required("channel", body.word("channel", channelWords)))
        new.priority = try body.integer("priority")
        new.requiredSkills = try body.texts("required_skills", max: ExternalItemLimits.skillsMax)
        new.desiredSkills = try body.texts("desired_skills", max: ExternalItemLimits.skillsMax)
        new.from = try body.text("from") ?? ""
        new.subject = try body.text("subject") ?? ""
        new.externalID = try body.text("external_id") ?? ""
        let now = try await floor.openItem(new, once: asked.once, by: caller.principal)
        let path = "\(Self.root)/workspaces/\(caller.directory.name)/work-items/\(now.id)"
        return answer(.created, tag: now.tag, location: path, JSONWriter.object { $0.members(of: now) })
    }

    func item(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = WorkItemID(try number("item", context, "work item"))
        let view = try await floor.workItem(id, in: caller.workspace)
        return answer(tag: view.now.tag, JSONWriter.object { $0.members(of: view) })
    }

    func items(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let place = try ListPlace(request, defaultLimit: 100, limitMax: ItemViewLimits.pageMax)
        let found = try await floor.openItems(
            after: place.after ?? 0, limit: place.limit, in: caller.workspace)
        return answer(
            JSONWriter.object { list in
                list.array("items") { items in
                    for (now, external) in found {
                        items.object {
                            $0.members(of: now)
                            $0.members(of: external)
                        }
                    }
                }
                list.member("next", orNull: found.count < place.limit ? nil : found.last?.now.id)
            })
    }

    func abandonItem(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = WorkItemID(try number("item", context, "work item"))
        let asked = try await Asked(request, context, members: [])
        return done(
            try await floor.abandonItem(id, tag: asked.tag, once: asked.once, by: caller.principal))
    }

    func endItem(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = WorkItemID(try number("item", context, "work item"))
        let asked = try await Asked(request, context, members: [])
        return done(try await floor.endItem(id, tag: asked.tag, once: asked.once, by: caller.principal))
    }

    func transferItem(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let id = WorkItemID(try number("item", context, "work item"))
        let asked = try await Asked(request, context, members: ["queue", "agent", "keep_wait"])
        let body = asked.body
        let target: ItemTarget
        switch (try body.integer("queue"), try body.integer("agent")) {
        case (let queue?, nil):
            target = .queue(QueueID(queue), keepWait: try body.flag("keep_wait") ?? true)
        case (nil, let agent?):
            guard !body.has("keep_wait") else {
                throw Refusal.invalid("Only a queue keeps the wait.", pointer: "/keep_wait")
            }
            target = .agent(AgentID(agent))
        case (nil, nil): throw Refusal.invalid("Name a queue or an agent.", pointer: "")
        case (_?, _?): throw Refusal.invalid("Name a queue or an agent, not both.", pointer: "/agent")
        }
        return done(
            try await floor.transferItem(
                id, to: target, tag: asked.tag, once: asked.once, by: caller.principal))
    }

    private func done(_ now: ItemNow) -> Response {
        answer(tag: now.tag, JSONWriter.object { $0.members(of: now) })
    }
}

extension JSONWriter {
    /// Where it stands: the answer to every verb.
    mutating func members(of now: ItemNow) {
        member("id", now.id)
        member("channel", Channel(rawValue: now.channel)?.name ?? "")
        member("state", now.state.rawValue)
        member("queue", now.queue)
        member("priority", now.priority)
        member("queued_at", at: now.queuedMs)
        member("agent", orNull: now.agent)
        member("active_since", at: now.activeSinceMs)
        member("wrap_up_until", at: now.wrapUpUntilMs)
        member("position", orNull: now.position)
        member("estimated_wait_s", orNull: now.estimatedWaitMs.map(wholeS))
        array("offers") { offers in
            for offer in now.offers {
                offers.object {
                    $0.member("id", offer.name.description)
                    $0.member("agent", offer.name.agent.raw)
                    $0.member("made_at", at: offer.madeMs)
                    $0.member("deadline", at: offer.deadlineMs)
                }
            }
        }
        guard let overflow = now.overflow else { return null("overflow") }
        object("overflow") {
            $0.member("cause", overflow.cause)
            $0.member("action", overflow.action)
            $0.member("number", orNull: overflow.number)
        }
    }

    /// What the other system told of it, and what became of it.
    mutating func members(of external: ExternalItem) {
        member("external_id", external.externalID)
        member("from", external.from)
        member("subject", external.subject)
        member("created_at", at: external.createdAt.ms)
        member("connected_at", at: external.connectedAt?.ms)
        member("ended_at", at: external.endedAt?.ms)
        member("handling_ms", external.handlingMs)
    }

    mutating func members(of view: ItemView) {
        members(of: view.now)
        if let external = view.external { members(of: external) }
        member("errand", orNull: view.errand?.raw)
        if let at = view.blockedAt, let why = view.blockedBy {
            object("blocked") {
                $0.member("at", at: at.ms)
                $0.member("reason", why.word)
            }
        } else {
            null("blocked")
        }
        array("past_offers") { offers in
            for offer in view.offers where offer.endedAt != nil {
                let name = OfferName(
                    item: WorkItemID(view.now.id), epoch: offer.epoch, agent: offer.agent)
                offers.object {
                    $0.member("id", name.description)
                    $0.member("agent", offer.agent.raw)
                    $0.member("made_at", at: offer.madeAt.ms)
                    $0.member("deadline", at: offer.deadline.ms)
                    $0.member("ended_at", at: offer.endedAt?.ms)
                    $0.member("ending", orNull: offer.ending?.word)
                }
            }
        }
        array("decisions") { decisions in
            for decision in view.decisions { decisions.object { $0.members(of: decision) } }
        }
    }

    /// How many agents were left after each step, and who won by which rule.
    private mutating func members(of decision: StoredDecision) {
        member("at", at: decision.at.ms)
        member("queue", decision.queue.raw)
        member("serving", decision.serving)
        member("available", decision.available)
        member("skilled", decision.skilled)
        member("with_room", decision.withRoom)
        member("candidates", decision.candidates)
        member("winner", decision.winner.raw)
        member("reason", decision.reason)
        member("figure", orNull: decision.figure)
        member("runner_up", orNull: decision.runnerUp?.raw)
    }
}
