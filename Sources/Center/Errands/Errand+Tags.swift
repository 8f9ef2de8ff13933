// Tags on an errand, from the workspace's list.

import Routing
import Store

extension Floor {
    /// Puts a tag of the workspace's list on the errand; a second time changes nothing.
    public func tagErrand(_ id: ErrandID, _ tag: Int64, by principal: Principal) async throws {
        try await setTag(id, tag, on: true, by: principal)
    }

    /// Takes a tag off the errand; also one that has left the workspace's list.
    public func untagErrand(_ id: ErrandID, _ tag: Int64, by principal: Principal) async throws {
        try await setTag(id, tag, on: false, by: principal)
    }

    private func setTag(_ id: ErrandID, _ tag: Int64, on: Bool, by principal: Principal) async throws {
        let plan = Plan(
            "tag errand",
            reads: [
                Errand.row(principal.workspace, id),
                """
                SELECT tag FROM errand_tag WHERE workspace = \(principal.workspace) AND errand = \(id)
                    AND tag = \(tag)
                """,
            ],
            keys: [.errand(id)], checksFirst: true)
        try await perform(plan, by: principal) { work in
            _ = try work.actingAgent()
            let errand = try work.errand(0)
            guard !on || work.directory.tags.contains(where: { $0.id == tag }) else {
                throw Refusal.invalid("There is no such tag; choose one of the list.", pointer: "/tag")
            }
            guard try work.rows(1).isEmpty == on else { return }
            if on {
                try work.execute(
                    """
                    INSERT INTO errand_tag (workspace, errand, tag, at)
                    VALUES (\(work.workspace), \(errand.id), \(tag), \(work.now))
                    """)
            } else {
                try work.execute(
                    """
                    DELETE FROM errand_tag WHERE workspace = \(work.workspace) AND errand = \(errand.id)
                        AND tag = \(tag)
                    """)
            }
            try work.record(on ? .tagged : .untagged, errand.id, ["tag": .number(tag)])
            try work.touch(
                errand.id, on ? .errandTagged : .errandUntagged,
                ["errand": .number(errand.id.raw), "tag": .number(tag)])
        }
    }
}
