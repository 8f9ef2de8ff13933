// Which agents have a desk that listens: streams are counted here, the router learns of the first and the last.

public import Routing
import Synchronization

/// How long a desk may be gone.
public struct DeskPatience: Sendable {
    /// Without a stream for this long an agent becomes not ready.
    public var awayMs: Int64 = 60_000
    /// Going from page to page closes a stream and opens another: a shorter gap is not worth a row.
    public var noticeMs: Int64 = 2_000

    public init() {}
}

/// The streams of this process. They end with it, so no row counts them; see `Input.resume`.
final class Desks: Sendable {
    struct Key: Sendable, Hashable {
        let workspace: WorkspaceID
        let agent: AgentID
    }

    enum Listening: Sendable {
        case open
        case closed(since: Instant)
    }

    private struct Entry {
        var streams = 0
        var closedSince: Instant
        /// What the router was told last.
        var toldOpen = false
    }

    let patience: DeskPatience
    private let entries = Mutex<[Key: Entry]>([:])

    init(_ patience: DeskPatience) { self.patience = patience }

    /// True when the router must be told.
    func opened(_ key: Key, at now: Instant) -> Bool {
        entries.withLock { entries in
            entries[key, default: Entry(closedSince: now)].streams += 1
            return entries[key]?.toldOpen == false
        }
    }

    /// True when it was the last stream.
    func closed(_ key: Key, at now: Instant) -> Bool {
        entries.withLock { entries in
            guard var entry = entries[key], entry.streams > 0 else {
                preconditionFailure("a desk of agent \(key.agent.raw) was closed that was not open")
            }
            entry.streams -= 1
            entry.closedSince = now
            entries[key] = entry
            return entry.streams == 0
        }
    }

    /// Nil when no desk was there since the router was told that the last one closed.
    func listening(_ key: Key) -> Listening? {
        entries.withLock { entries in
            entries[key].map { $0.streams > 0 ? .open : .closed(since: $0.closedSince) }
        }
    }

    /// The router knows what `open` says.
    func told(_ key: Key, open: Bool) {
        entries.withLock { entries in
            entries[key]?.toldOpen = open
            if let entry = entries[key], entry.streams == 0, !open { entries[key] = nil }
        }
    }

    /// Agents whose desk listens. Ascending.
    func open(in workspace: WorkspaceID) -> [AgentID] {
        entries.withLock { entries in
            entries.filter { $0.key.workspace == workspace && $0.value.streams > 0 }.map(\.key.agent).sorted()
        }
    }

    /// What the router must still be told. In the order of keys.
    func untold(at now: Instant) -> [Key] {
        let due = entries.withLock { entries in
            entries.filter { _, entry in
                entry.streams > 0
                    ? !entry.toldOpen : now - entry.closedSince >= patience.noticeMs
            }.map(\.key)
        }
        return due.sorted { ($0.workspace, $0.agent) < ($1.workspace, $1.agent) }
    }
}

extension Floor {
    /// A stream of the agent's desk listens from now on. Each is closed once.
    public func deskOpened(_ agent: AgentID, in workspace: WorkspaceID) {
        let key = Desks.Key(workspace: workspace, agent: agent)
        guard desks.opened(key, at: now) else { return }
        Task { await reviewDesk(key) }
    }

    /// A stream of the agent's desk has ended. Unless another listens in time, the agent becomes not ready.
    public func deskClosed(_ agent: AgentID, in workspace: WorkspaceID) {
        let key = Desks.Key(workspace: workspace, agent: agent)
        guard desks.closed(key, at: now) else { return }
        Task {
            if desks.patience.noticeMs > 0 {
                try? await Task.sleep(for: .milliseconds(desks.patience.noticeMs))
            }
            await reviewDesk(key)
        }
    }

    /// Tells the router of every desk that came or went, where telling failed at the time.
    public func reviewDesks() async {
        for key in desks.untold(at: now) { await reviewDesk(key) }
    }

    /// Tells what is so when the verb runs, so that it does not matter in which order verbs come.
    private func reviewDesk(_ key: Desks.Key) async {
        let desks = desks
        do {
            let open = try await perform(Plan("desk", checksFirst: true), by: .system(key.workspace)) {
                work in
                guard let record = work.agentRecord(key.agent) else { return false }
                switch (desks.listening(key), record.desk) {
                case (.open, .open): return true
                case (.open, _):
                    work.route(.deskOpened(key.agent))
                    return true
                case (.closed(let since), .open):
                    work.route(.deskClosed(key.agent, until: since + desks.patience.awayMs))
                    return false
                case (.closed, _), (nil, _): return false
                }
            }
            desks.told(key, open: open)
        } catch {
            // The database is away, or this server stops: housekeeping asks again, and so does `resume`.
            logger.debug("the desk of agent \(key.agent.raw) is told later: \(error)")
        }
    }
}
