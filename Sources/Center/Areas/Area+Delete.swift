// An area is given up: its work is refused or goes on in another one, and is never stranded.

import Routing
import Store

public enum AreaLimits {
    /// Work items that one verb moves; an area with more is moved by several.
    static let movedAtOnceMax = 100
}

extension Floor {
    /// Deletes an area. What is closed keeps it; a second time changes nothing.
    /// - Parameter target: takes over the open errands as they are (waiting ones keep their wait, those in
    ///   hand stay there), the access tokens that land here, and the callbacks that listen.
    /// - Throws: `Refusal.conflict` without a target while there is anything to take over.
    public func deleteArea(_ id: AreaID, movingTo target: AreaID? = nil, by principal: Principal) async throws
    {
        var isDone = false
        while !isDone {
            isDone = try await perform(Plan("delete area", alone: true), by: principal) { work in
                try work.requireAdministrator()
                return try work.giveUp(id, target)
            }
        }
    }
}

extension Work {
    /// False while there is more to move.
    fileprivate func giveUp(_ id: AreaID, _ target: AreaID?) throws -> Bool {
        guard let area = directory.area(id) else {
            if directory.formerAreas[id] != nil { return true }
            throw Refusal.notFound("There is no such area.")
        }
        let heir = try target.map { target in
            guard target != id, let heir = directory.area(target) else {
                throw Refusal.invalid("Name another area that is there.", pointer: "/moving_to")
            }
            return heir
        }
        try requireNoSource(of: area.queue)
        try requireNothingLeft(in: area, heir)
        if let heir {
            for item in office.router.items(in: area.queue, max: AreaLimits.movedAtOnceMax) {
                route(.relocate(item.id, heir.queue))
            }
            if office.router.presentCount(area.queue) > AreaLimits.movedAtOnceMax { return false }
        }
        try handOver(area, heir)
        try execute("DELETE FROM agent_group_area WHERE workspace = \(workspace) AND area = \(id)")
        try execute(
            """
            UPDATE area SET deleted_at = \(now), successor = \(heir?.id)
            WHERE workspace = \(workspace) AND id = \(id)
            """)
        try tell(
            .areaDeleted, .area, id.raw,
            ["area": .number(id.raw), "successor": .number(heir?.id.raw ?? 0)])
        try reconfigure()
        return true
    }

    /// Refuses to give up a queue that others send work on to.
    func requireNoSource(of queue: QueueID) throws {
        let names = directory.sources(of: queue).map(directory.queueName)
        guard names.isEmpty else {
            throw Refusal.conflict(
                "\(names.joined(separator: ", ")) would send work on to \(directory.queueName(queue)); change "
                    + "that first.")
        }
    }

    private func requireNothingLeft(in area: Area, _ heir: Area?) throws {
        guard heir == nil else { return }
        let present = office.router.presentCount(area.queue)
        guard present == 0 else {
            throw Refusal.conflict(
                "\(area.name) has \(present) open \(openWords(area.queue, present)); close them first, or name "
                    + "an area to move them to.")
        }
        let landing = directory.tokens.filter { token in
            guard !token.revoked, token.claims.contains(.createErrand),
                token.expiresAt == 0 || token.expiresAt > now.ms / 1_000
            else { return false }
            return directory.landingArea(token)?.id == area.id
                && (token.area != nil || directory.areas.count == 1)
        }
        guard landing.isEmpty else {
            let names = landing.map(\.name).joined(separator: ", ")
            throw Refusal.conflict(
                "New errands come to \(area.name) by the access tokens \(names); name an area to move them to."
            )
        }
    }

    /// Errands, unless something of another system is among them.
    private func openWords(_ queue: QueueID, _ count: Int) -> String {
        let isMixed = office.externals.keys.contains { item($0)?.queue == queue }
        return (isMixed ? "work item" : "errand") + (count == 1 ? "" : "s")
    }

    /// A callback keeps the area on its list also without an heir: an empty list would mean every area.
    private func handOver(_ area: Area, _ heir: Area?) throws {
        guard let heir else { return }
        try execute(
            "UPDATE access_token SET area = \(heir.id) WHERE workspace = \(workspace) AND area = \(area.id)")
        for callback in directory.callbacks where callback.areas.contains(area.id) {
            try execute(
                """
                INSERT INTO callback_area (workspace, callback, area)
                VALUES (\(workspace), \(callback.id), \(heir.id)) ON CONFLICT (workspace, callback, area) DO NOTHING
                """)
        }
    }
}
