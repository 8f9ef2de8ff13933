// What holds what: links between libraries, categories and questions, in an order.

import Store

extension Work {
    /// Makes and ends the node's links; what is not named stays as it is.
    func link(
        _ node: LibraryNode, _ holds: [LibraryNode: Bool], _ heldBy: [LibraryNode: Bool]
    ) throws {
        func sorted(_ nodes: [LibraryNode: Bool]) -> [(key: LibraryNode, value: Bool)] {
            nodes.sorted { ($0.key.kind.rawValue, $0.key.id) < ($1.key.kind.rawValue, $1.key.id) }
        }
        for (other, isHeld) in sorted(holds) { try link(node, other, isHeld) }
        for (other, holds) in sorted(heldBy) { try link(other, node, holds) }
    }

    private func link(_ parent: LibraryNode, _ child: LibraryNode, _ isHeld: Bool) throws {
        guard parent.kind != .question else { throw Refusal.invalid("A question holds nothing.") }
        guard isHeld else { return try unlink(parent, child) }
        let held = try LibraryWalk(connection, workspace).held(child.kind, by: parent)
        guard !held.contains(child.id) else { return }
        try require(parent)
        try require(child)
        guard held.count < LibraryLimits.heldMax else {
            throw Refusal.conflict(
                "A \(parent.kind.word) holds at most \(LibraryLimits.heldMax) of one kind; make another.")
        }
        try insert(parent, child)
    }

    private func unlink(_ parent: LibraryNode, _ child: LibraryNode) throws {
        try execute(
            """
            DELETE FROM library_link WHERE workspace = \(workspace)
                AND parent_kind = \(parent.kind.rawValue) AND parent = \(parent.id)
                AND child_kind = \(child.kind.rawValue) AND child = \(child.id)
            """)
    }

    private func insert(_ parent: LibraryNode, _ child: LibraryNode) throws {
        try execute(
            """
            INSERT INTO library_link (workspace, parent_kind, parent, child_kind, child, place)
            VALUES (\(workspace), \(parent.kind.rawValue), \(parent.id), \(child.kind.rawValue), \(child.id), (
                SELECT COALESCE(MAX(place), 0) + 1 FROM library_link WHERE workspace = \(workspace)
                    AND parent_kind = \(parent.kind.rawValue) AND parent = \(parent.id)
                    AND child_kind = \(child.kind.rawValue)))
            """)
    }

    /// The whole list of what the node holds of one kind, in this order; a list that is there already is not written.
    func setHeld(_ kind: LibraryKind, by parent: LibraryNode, to children: [Int64]) throws {
        guard try LibraryWalk(connection, workspace).held(kind, by: parent) != children else { return }
        try execute(
            """
            DELETE FROM library_link WHERE workspace = \(workspace) AND parent_kind = \(parent.kind.rawValue)
                AND parent = \(parent.id) AND child_kind = \(kind.rawValue)
            """)
        for (place, child) in children.enumerated() {
            try execute(
                """
                INSERT INTO library_link (workspace, parent_kind, parent, child_kind, child, place)
                VALUES (\(workspace), \(parent.kind.rawValue), \(parent.id), \(kind.rawValue), \(child),
                    \(place + 1))
                """)
        }
    }
}
