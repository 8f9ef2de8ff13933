// Changed errands whose reports were asked for while the writer was busy: it reads them together.

import Routing
import Synchronization

/// Groups of errands that wait for the writer, each read by one verb: statements over many errands cost less than as
/// many statements, and so does one verb instead of many.
final class ChangedReads: Sendable {
    /// Errands that one verb reads.
    static let togetherMax = 16

    struct Asked: Sendable {
        let id: ErrandID
        /// Called in the writer, with nil where there is no such errand; again when the verb runs again.
        let take: @Sendable (ErrandReport?) -> Void
        /// Called once, when what was read is off the list durably, or with what went wrong.
        let answer: @Sendable (Job.Outcome) -> Void
    }

    /// Takes errands until its verb runs.
    final class Group: Sendable {
        private let state = Mutex<(asked: [Asked], isOpen: Bool)>(([], true))

        /// False when it is full, closed, or has the errand: whoever reads it next finds it off the list.
        fileprivate func add(_ one: Asked) -> Bool {
            state.withLock { state in
                guard state.isOpen, state.asked.count < togetherMax,
                    !state.asked.contains(where: { $0.id == one.id })
                else { return false }
                state.asked.append(one)
                return true
            }
        }

        fileprivate func close() -> [Asked] {
            state.withLock { state in
                state.isOpen = false
                return state.asked
            }
        }
    }

    private let open = Mutex<[WorkspaceID: Group]>([:])

    /// Adds to the group that waits; the caller brings a new one to the writer.
    /// - Returns: the new group, where there was none to add to.
    func ask(_ one: Asked, in workspace: WorkspaceID) -> Group? {
        open.withLock { open in
            if let group = open[workspace], group.add(one) { return nil }
            let group = Group()
            _ = group.add(one)
            open[workspace] = group
            return group
        }
    }

    /// All that were added to the group; none is after this.
    func close(_ group: Group, _ workspace: WorkspaceID) -> [Asked] {
        open.withLock { open in
            if open[workspace] === group { open[workspace] = nil }
        }
        return group.close()
    }
}
