// A call or chat of another system at the desk: what is known of it, why it is here, where it may go.
import Center
import Hummingbird
import Routing
import Web

struct ItemPage {
    struct Target {
        let targetID: Int64
        let targetName: String
    }

    let itemNumber: Int64
    let itemTitle: String
    let itemState: String
    let itemPageFrom: String
    let itemPageQueue: String
    let itemCame: Stamp
    let hasExternalID: Bool
    let itemExternalID: String
    /// Whether the agent has it in hand, and may transfer it.
    let isHolding: Bool
    let itemQueues: [Target]
    let hasItemAgents: Bool
    let itemAgents: [Target]
}

extension AgentDesk {
    func itemPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let id = try itemID(context)
        // Also says whether the agent may see it.
        _ = try await floor.explain(item: id, for: seat.agent.id, in: seat.workspace)
        let shown = try await floor.workItem(id, in: seat.workspace)
        guard let external = shown.external else { throw Refusal.notFound("There is no such call here.") }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        let isHolding = shown.now.state == .active && shown.now.agent == seat.agent.id.raw
        let others = isHolding ? try await presentAgents(seat) : []
        let queues = seat.directory.queues.map(\.id).map {
            ItemPage.Target(targetID: $0.raw, targetName: seat.directory.queueName($0))
        }
        var page = deskPage(external.shownSubject, seat, view, openErrand: nil)
        page.item = ItemPage(
            itemNumber: id.raw, itemTitle: external.shownSubject,
            itemState: "\(external.channel.title), \(shown.now.state.words)",
            itemPageFrom: external.shownFrom,
            itemPageQueue: seat.directory.queueName(QueueID(shown.now.queue)),
            itemCame: seat.times.stamp(external.createdAt), hasExternalID: !external.externalID.isEmpty,
            itemExternalID: external.externalID, isHolding: isHolding, itemQueues: queues,
            hasItemAgents: !others.isEmpty, itemAgents: others)
        return show(page, request)
    }

    func whyItem(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let id = try itemID(context)
        let told = try await floor.explain(item: id, for: seat.agent.id, in: seat.workspace)
        return try await whyPage(
            told, "Why is it here?", back: ("\(seat.base)/items/\(id.raw)", "Back to it"), seat, request)
    }

    func endItem(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        _ = try await floor.endItem(try itemID(context), by: seat.principal)
        return .done(request, goTo: seat.base)
    }

    func transferItem(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let id = try itemID(context)
        let parts = (fields["to"] ?? "").split(separator: "-")
        guard parts.count == 2, let number = Int64(parts[1]) else {
            throw Refusal.invalid("Choose a queue or an agent.", pointer: "/to")
        }
        let target: ItemTarget
        switch parts[0] {
        case "queue": target = .queue(QueueID(number), keepWait: true)
        case "agent": target = .agent(AgentID(number))
        default: throw Refusal.invalid("Choose a queue or an agent.", pointer: "/to")
        }
        _ = try await floor.transferItem(id, to: target, by: seat.principal)
        return .done(request, goTo: "\(seat.base)?said=\(Said.itemTransferred.rawValue)")
    }

    private func itemID(_ context: Context) throws -> WorkItemID {
        guard let number = context.segment("item").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such call here.")
        }
        return WorkItemID(number)
    }

    /// Agents to be chosen from; more than these are found by name nowhere yet.
    private static let agentsMax = 500

    /// Others who are signed in.
    private func presentAgents(_ seat: Seat) async throws -> [ItemPage.Target] {
        let others = seat.directory.agents.filter {
            $0.active && $0.adminLevel != .observer && $0.id != seat.agent.id
        }
        let now = try await floor.agentsNow(
            others.prefix(Self.agentsMax).map(\.id), in: seat.workspace)
        return now.filter { $0.presence != Presence.signedOut.rawValue }.compactMap { found in
            seat.directory.agent(AgentID(found.id)).map {
                ItemPage.Target(targetID: found.id, targetName: $0.displayName)
            }
        }
    }
}

extension ItemNow.State {
    fileprivate var words: String {
        switch self {
        case .waiting: "waiting"
        case .offered: "being offered"
        case .active: "in hand"
        case .wrapUp: "in wrap-up"
        case .done: "over"
        case .abandoned: "abandoned by the customer"
        case .overflowed: "not taken by its queue"
        case .withdrawn: "withdrawn"
        }
    }
}
