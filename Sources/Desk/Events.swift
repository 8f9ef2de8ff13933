// The stream of one open desk: it says that something changed, the page then asks what.
import Center
import Hummingbird
import Routing
import Synchronization
import Web

/// What a stream says; the raw value is the event's name.
enum Ping: String {
    /// Listening has begun: what happened before is for the page to fetch.
    case hello
    /// The agent's own presence, offer or errands in hand.
    case own
    /// Work of others in the agent's areas: only counts and lists changed.
    case counts
    /// The errand on the page.
    case errand
    /// Who else has the errand on the page; the data is a sentence, or nothing.
    case company
    /// The agent was signed out.
    case signedOut = "signed-out"
}

extension AgentDesk {
    func events(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let asked = try Fields(queryOf: request)["errand"].flatMap { Int64($0) }.map(ErrandID.init)
        let interest = Interest(
            workspace: seat.workspace, agent: seat.agent.id, errand: try await reached(asked, seat),
            accessKey: seat.session.accessKey, floor: floor)
        let hold = Hold()
        let subscription = Subscription(limits: context.limits) { hold.release() }
        let listening = try floor.bus.listen { [weak subscription] events in
            guard let subscription else { return }
            for (ping, seq) in interest.pings(events) {
                subscription.push(ServerSentEvent(id: String(seq), event: ping.rawValue, data: ""))
            }
            if interest.isOver(events) { subscription.finish() }
        }
        let lifetimeMs = max(0, seat.session.expiresAt - floor.now)
        let expiry = Task { [weak subscription] in
            try await Task.sleep(for: .milliseconds(lifetimeMs))
            subscription?.finish()
        }
        let visit = interest.errand.map { errand in
            onlookers.enter(errand, seat.agent.id, in: seat.workspace) { [weak subscription] others in
                let sentence = floor.roster.workspace(seat.workspace)?.company(others) ?? ""
                subscription?.push(ServerSentEvent(event: Ping.company.rawValue, data: sentence))
            }
        }
        floor.deskOpened(seat.agent.id, in: seat.workspace)
        hold.keep {
            floor.deskClosed(seat.agent.id, in: seat.workspace)
            visit?.leave()
            listening.cancel()
            expiry.cancel()
        }
        subscription.push(ServerSentEvent(event: Ping.hello.rawValue, data: ""))
        return context.stream(subscription, for: request)
    }

    /// The errand, if the agent may see it.
    private func reached(_ errand: ErrandID?, _ seat: Seat) async throws -> ErrandID? {
        guard let errand else { return nil }
        do {
            return try await floor.errand(errand, for: seat.agent.id, in: seat.workspace).errand.id
        } catch Refusal.notFound {
            return nil
        }
    }
}

/// Which events concern one open desk.
struct Interest: Sendable {
    let workspace: WorkspaceID
    let agent: AgentID
    /// The errand on the page.
    let errand: ErrandID?
    /// The key that made the session.
    var accessKey: Int64?
    let floor: Floor

    /// At most one ping of each kind for one commit, with the event's position; called on the writer's thread.
    func pings(_ events: [Event]) -> [(Ping, Int64)] {
        var found: [(Ping, Int64)] = []
        for event in events where event.workspace == workspace {
            for ping in pings(event) where !found.contains(where: { $0.0 == ping }) {
                found.append((ping, event.seq))
            }
        }
        return found
    }

    /// Whether the desk's agent is no more, or the session's access key.
    func isOver(_ events: [Event]) -> Bool {
        events.contains { event in
            guard event.workspace == workspace, event.agent == agent else { return false }
            return event.kind == .agentDeleted
                || (event.kind == .accessKeyRevoked && event.nounID == accessKey)
        }
    }

    private func pings(_ event: Event) -> [Ping] {
        var pings: [Ping] = []
        if event.agent == agent { pings.append(event.kind == .signedOut ? .signedOut : .own) }
        if let errand, event.number("errand") == errand.raw, event.kind != .offerMade,
            event.kind != .offerEnded, event.kind != .errandDrafted
        {
            pings.append(.errand)
        }
        if event.agent != agent, changesCounts(event) { pings.append(.counts) }
        return pings
    }

    /// An event that names no area counts when its agent shares one with ours; the settings are those of now.
    private func changesCounts(_ event: Event) -> Bool {
        switch event.kind {
        case .errandArrived, .errandReopened, .errandMoved, .itemConnected, .errandReturned, .errandClosed,
            .itemLeft:
            break
        case .provisioned, .areaDeleted, .groupMade, .groupChanged, .groupDeleted: return true
        default: return false
        }
        guard let directory = floor.roster.workspace(workspace), let own = directory.agent(agent) else {
            return false
        }
        // A moved errand leaves an area that its event does not name.
        if event.kind == .errandArrived || event.kind == .errandReopened, let area = event.number("area") {
            return directory.reaches(own, AreaID(area))
        }
        guard let other = event.agent.flatMap(directory.agent) else { return true }
        return own.adminLevel == .administrator || other.areas.contains { own.areas.contains($0) }
    }
}

/// What a stream must let go of when it ends, which may be before it was all set up.
private final class Hold: Sendable {
    private let state = Mutex<(release: (@Sendable () -> Void)?, isOver: Bool)>((nil, false))

    func keep(_ release: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.release = release }
            return state.isOver
        }
        if isOver { release() }
    }

    func release() {
        let release = state.withLock { state in
            defer { state = (nil, true) }
            return state.release
        }
        release?()
    }
}
