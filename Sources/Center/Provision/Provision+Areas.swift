// Areas of a plan, each with its queue.

import Foundation
import Routing
import Store

extension ProvisionRun {
    func applyAreas() throws {
        for area in work.directory.areas {
            areas[area.name] = area.id
            areaQueues[area.name] = area.queue
        }
        for entry in plan.areas {
            let name = entry.name.value
            let (id, queue) = try known(name) ?? revived(name) ?? made(name)
            areas[name] = id
            areaQueues[name] = queue
            result.ids.areas[name] = id.raw
            try set("area", id, try columns(entry))
            try work.set("queue", queue.raw, [entry.priority.map { "priority = \($0)" }])
            if let paths = entry.archives { try setArchives(paths, of: id) }
        }
    }

    private func known(_ name: String) -> (AreaID, QueueID)? {
        work.directory.areas.first { $0.name == name }.map { ($0.id, $0.queue) }
    }

    /// A deleted area of this name comes back as it was, without groups.
    private func revived(_ name: String) throws -> (AreaID, QueueID)? {
        guard let (id, former) = work.directory.formerAreas.first(where: { $0.value.name == name }) else {
            return nil
        }
        try set("area", id, ["deleted_at = NULL", "successor = NULL"])
        return (id, former.queue)
    }

    private func made(_ name: String) throws -> (AreaID, QueueID) {
        let id = AreaID(work.next(.area))
        let queue = try makeQueue("area")
        try work.execute(
            """
            INSERT INTO area (workspace, id, name, external_id, queue)
            VALUES (\(workspace), \(id), \(name), \(""), \(queue))
            """)
        return (id, queue)
    }

    func makeQueue(_ kind: String) throws -> QueueID { try work.makeQueue(kind) }

    private func columns(_ entry: AreaEntry) throws -> [SQL?] {
        let externalID: SQL? =
            switch entry.externalID {
            case .absent: nil
            case .cleared: "external_id = ''"
            case .value(let text): "external_id = \(text)"
            }
        return [
            externalID, try calendarColumn(entry.calendar), promise("sla_response_s", entry.slaResponseS),
            promise("sla_done_s", entry.slaDoneS),
            entry.slaWarningPermille.map { "sla_warning_permille = \($0)" }, satisfaction(entry.satisfaction),
        ]
    }

    private func promise(_ column: SQL, _ given: Given<Int64>) -> SQL? {
        switch given {
        case .absent: nil
        case .cleared: column + " = NULL"
        case .value(let seconds): column + " = \(seconds)"
        }
    }

    private func satisfaction(_ given: Given<SatisfactionQuestion>) -> SQL? {
        switch given {
        case .absent: nil
        case .cleared: "satisfaction = NULL"
        case .value(let question): "satisfaction = \(question.json)"
        }
    }

    /// The area's archive as the plan lists it; a file that is there by name keeps its id.
    private func setArchives(_ paths: [Located<String>], of area: AreaID) throws {
        var known: [String: Int64] = [:]
        for row in try work.query(
            "SELECT id, name FROM area_archive WHERE workspace = \(workspace) AND area = \(area)")
        {
            known[row.text("name")] = row.int("id")
        }
        var kept: Set<String> = []
        for path in paths {
            guard let file = prepared.files[path.value] else { preconditionFailure("file not prepared") }
            guard kept.insert(file.name).inserted else {
                throw plan.problem(at: path.position, "the area has two files of this name")
            }
            let id = known[file.name] ?? work.next(.archive)
            try work.execute(
                """
                INSERT INTO area_archive (workspace, id, area, name, content_type, size, bytes, digest)
                VALUES (\(workspace), \(id), \(area), \(file.name), \(file.contentType), \(file.size),
                    \(file.bytes), \(file.digest))
                ON CONFLICT (workspace, id) DO UPDATE SET content_type = excluded.content_type,
                    size = excluded.size, bytes = excluded.bytes, digest = excluded.digest
                """)
        }
        for name in known.keys.sorted() where !kept.contains(name) {
            try work.execute(
                "DELETE FROM area_archive WHERE workspace = \(workspace) AND area = \(area) AND name = \(name)"
            )
        }
    }
}
