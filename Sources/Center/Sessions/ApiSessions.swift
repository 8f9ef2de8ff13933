// The sessions of programs that are in use, known without their rows.

import Routing
import Synchronization

/// Sessions in use, so that a request reads no row. What ends one says so here after its commit.
final class ApiSessions: Sendable {
    struct Entry: Sendable {
        let session: ApiSession
        var seenAt: Int64
        /// What the row says of it.
        var notedAt: Int64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Raised when sessions end: a row that was read before is not believed afterwards.
        var endings = 0
    }
    private let state = Mutex(State())

    /// The session, and whether its row should hear of this use.
    func used(_ digest: String, at now: Int64) -> (session: ApiSession, isDue: Bool)? {
        state.withLock { state in
            guard var entry = state.entries[digest] else { return nil }
            guard entry.seenAt > now - ApiSessionLimits.idleMs else {
                state.entries[digest] = nil
                return nil
            }
            entry.seenAt = max(entry.seenAt, now)
            let isDue = now - entry.notedAt >= ApiSessionLimits.touchEveryMs
            if isDue { entry.notedAt = now }
            state.entries[digest] = entry
            return (entry.session, isDue)
        }
    }

    /// When this session was last used, as far as is known here.
    func seenAt(_ digest: String) -> Int64? { state.withLock { $0.entries[digest]?.seenAt } }

    var endings: Int { state.withLock { $0.endings } }

    /// - Parameter endings: as they stood before the row was read.
    func learn(_ digest: String, _ session: ApiSession, seenAt: Int64, endings: Int) {
        state.withLock { state in
            guard state.endings == endings else { return }
            if state.entries.count >= ApiSessionLimits.knownMax { state.entries = [:] }
            state.entries[digest] = Entry(session: session, seenAt: seenAt, notedAt: seenAt)
        }
    }

    func end(_ digests: [String]) {
        state.withLock { state in
            state.endings += 1
            for digest in digests { state.entries[digest] = nil }
        }
    }

    func endAll(of agent: AgentID, in workspace: WorkspaceID) {
        let session = ApiSession(workspace: workspace, agent: agent)
        state.withLock { state in
            state.endings += 1
            state.entries = state.entries.filter { $0.value.session != session }
        }
    }
}
