// The list of errands that changed since another system read them: one list a workspace.

import Routing
import Store

public enum ChangedErrands {
    /// Ids in one answer, the lowest first; what is read leaves the list and makes room.
    public static let listMax = 1_000_000
    /// Ids that one request may put on the list.
    public static let markMax = 10_000
    static let chunkMax = 500
}

extension Floor {
    /// Ascending. Looking at the list changes nothing.
    public func changedErrands(in workspace: WorkspaceID) async throws -> [ErrandID] {
        let errands = try await view { reader in
            var errands: [ErrandID] = []
            // Row by row: of a million nobody needs all at once.
            try reader.forEach(
                """
                SELECT errand FROM dirty WHERE workspace = \(workspace) ORDER BY errand
                LIMIT \(ChangedErrands.listMax)
                """
            ) { errands.append(ErrandID($0.int("errand"))) }
            return errands
        }
        caches.listed.note(errands, in: workspace)
        return errands
    }

    /// Puts errands on the list; unknown ones are passed over.
    public func markChanged(_ errands: [ErrandID], by principal: Principal) async throws {
        guard errands.count <= ChangedErrands.markMax else {
            throw Refusal.invalid(
                "Send at most \(ChangedErrands.markMax) errands in one request.",
                pointer: "/data/attributes/errands")
        }
        guard !errands.isEmpty else { return }
        try await perform(Plan("mark changed errands"), by: principal) { work in
            var rest = errands[...]
            let seq = try work.tell(.errandsMarked, .errand, 0, ["count": .number(Int64(errands.count))])
            while !rest.isEmpty {
                try work.execute(
                    """
                    INSERT INTO dirty (workspace, errand, seq)
                    SELECT workspace, id, \(seq) FROM errand WHERE workspace = \(work.workspace)
                        AND id IN \(list: Array(rest.prefix(ChangedErrands.chunkMax)))
                    ON CONFLICT (workspace, errand) DO UPDATE SET seq = excluded.seq
                    """)
                rest = rest.dropFirst(ChangedErrands.chunkMax)
            }
        }
    }
}
