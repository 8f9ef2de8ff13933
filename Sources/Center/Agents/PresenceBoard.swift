// What every agent said last, for readers on any thread: telephony systems ask often, and rows would be slow.

public import Routing
import Synchronization

/// An agent's presence as it stands, or as it was asked for during a call.
public struct PresenceNow: Sendable, Hashable {
    public let presence: Presence
    /// Only with `unavailable`.
    public let reason: ReasonID?
}

/// Follows the commits: what an answer was given for is on the board.
final class PresenceBoard: Sendable {
    struct Key: Sendable, Hashable {
        let workspace: WorkspaceID
        let agent: AgentID
    }

    private let entries = Mutex<[Key: PresenceNow]>([:])

    func note(_ records: [Key: AgentRecord]) {
        guard !records.isEmpty else { return }
        entries.withLock { entries in
            for (key, record) in records { entries[key] = PresenceNow(record) }
        }
    }

    /// Everything anew, after the routers were made from rows.
    func replace(_ offices: some Sequence<Office>) {
        var fresh: [Key: PresenceNow] = [:]
        for office in offices {
            for agent in office.directory.agents {
                guard let record = office.router.agent(agent.id) else { continue }
                fresh[Key(workspace: office.workspace, agent: agent.id)] = PresenceNow(record)
            }
        }
        let ready = fresh
        entries.withLock { $0 = ready }
    }

    /// Who never said anything is signed out.
    func presence(_ key: Key) -> PresenceNow {
        entries.withLock { $0[key] } ?? PresenceNow(presence: .signedOut, reason: nil)
    }
}

extension PresenceNow {
    /// What was asked for during a call counts at once for who asked.
    init(_ record: AgentRecord) {
        presence = record.pending?.presence ?? record.presence
        reason = record.pending.map(\.reason) ?? record.reason
    }
}

extension Floor {
    /// What the agent said last.
    public func presence(of agent: AgentID, in workspace: WorkspaceID) -> PresenceNow {
        writer.presences.presence(.init(workspace: workspace, agent: agent))
    }
}
