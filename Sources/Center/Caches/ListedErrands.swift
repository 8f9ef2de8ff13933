// Errands that another system was told have changed: it is about to read them.

import Synchronization

/// Hints, one list a workspace: who is on one may have left the list of changed errands meanwhile.
final class ListedErrands: Sendable {
    /// Of a workspace: 1.6 MB. What comes after them is looked up.
    static let errandsMax = 200_000

    private let lists = Mutex<[WorkspaceID: [ErrandID]]>([:])

    /// - Parameter errands: ascending.
    func note(_ errands: [ErrandID], in workspace: WorkspaceID) {
        let kept = errands.count > Self.errandsMax ? Array(errands.prefix(Self.errandsMax)) : errands
        lists.withLock { $0[workspace] = kept }
    }

    func holds(_ errand: ErrandID, in workspace: WorkspaceID) -> Bool {
        guard let list = lists.withLock({ $0[workspace] }) else { return false }
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < errand { low = middle + 1 } else { high = middle }
        }
        return low < list.count && list[low] == errand
    }
}
