// The workspace itself and its lists: skills, tags, not-ready reasons, calendars.

import Foundation
import Routing
import Store

extension ProvisionRun {
    func applyWorkspace() throws {
        if isNew {
            let clash = try work.query("SELECT id FROM workspace WHERE name = \(plan.workspace.value)")
            guard clash.isEmpty else {
                throw Refusal.conflict(
                    "The workspace \(plan.workspace.value) was made meanwhile; run it again.")
            }
            try work.execute(
                """
                INSERT INTO workspace (id, name, organisation, time_zone, integrations, callback_networks,
                    embed_origins, created_at)
                VALUES (\(workspace), \(plan.workspace.value), \(plan.organisation ?? plan.workspace.value),
                    \(plan.timeZone ?? "UTC"), \(""), \(""), \(""), \(work.now))
                """)
        }
        let integrations = plan.integrations?.map(\.rawValue).joined(separator: " ")
        let networks = plan.callbackNetworks?.map(\.description).joined(separator: " ")
        let columns: [SQL] = [
            plan.organisation.map { "organisation = \($0)" }, plan.timeZone.map { "time_zone = \($0)" },
            integrations.map { "integrations = \($0)" }, networks.map { "callback_networks = \($0)" },
            plan.queueOrder.map { "queue_order = \($0.rawValue)" },
            plan.embedOrigins.map { "embed_origins = \($0.joined(separator: " "))" },
        ].compactMap { $0 }
        if let first = columns.first {
            let list = columns.dropFirst().reduce(first) { $0 + ", " + $1 }
            try work.execute("UPDATE workspace SET \(sql: list) WHERE id = \(workspace)")
        }
    }

    func applySkills() throws {
        for skill in work.directory.skills { skills[fold(skill.name)] = skill.id }
        for name in plan.skills where skills[fold(name.value)] == nil {
            let id = SkillID(work.next(.skill))
            skills[fold(name.value)] = id
            try work.execute(
                """
                INSERT INTO skill (workspace, id, name, folded)
                VALUES (\(workspace), \(id), \(name.value), \(fold(name.value)))
                """)
        }
    }

    func applyTags() throws {
        var known = Set(work.directory.tags.map { fold($0.name) })
        for name in plan.tags where known.insert(fold(name.value)).inserted {
            try work.execute(
                """
                INSERT INTO tag (workspace, id, name, folded)
                VALUES (\(workspace), \(work.next(.tag)), \(name.value), \(fold(name.value)))
                """)
        }
    }

    func applyReasons() throws {
        for reason in work.directory.reasons { reasons[reason.code] = reason.id }
        for entry in plan.notReadyReasons {
            let known = work.directory.reasons.first { $0.code == entry.code.value }
            if entry.isDefault == true {
                try work.execute("UPDATE not_ready_reason SET is_default = 0 WHERE workspace = \(workspace)")
            }
            if let known {
                try work.set(
                    "not_ready_reason", known.id.raw,
                    [entry.text.map { "text = \($0)" }, entry.isDefault.map { "is_default = \($0)" }])
            } else {
                guard let text = entry.text else {
                    throw plan.problem(at: entry.position, "a new not-ready reason needs a text")
                }
                let id = ReasonID(work.next(.reason))
                reasons[entry.code.value] = id
                try work.execute(
                    """
                    INSERT INTO not_ready_reason (workspace, id, code, text, is_default)
                    VALUES (\(workspace), \(id), \(entry.code.value), \(text),
                        \(entry.isDefault ?? false))
                    """)
            }
        }
    }

    func applyCalendars() throws {
        for row in try work.query("SELECT id, name FROM calendar WHERE workspace = \(workspace)") {
            calendars[row.text("name")] = CalendarID(row.int("id"))
        }
        for entry in plan.calendars {
            let name = entry.name.value
            let id: CalendarID
            if let known = calendars[name] {
                id = known
            } else {
                id = CalendarID(work.next(.calendar))
                calendars[name] = id
                try work.execute(
                    """
                    INSERT INTO calendar (workspace, id, name, hours, holidays)
                    VALUES (\(workspace), \(id), \(name), \(""), \("[]"))
                    """)
            }
            let zone: SQL? =
                switch entry.timeZone {
                case .absent: nil
                case .cleared: "time_zone = NULL"
                case .value(let zone): "time_zone = \(zone)"
                }
            let hours: SQL? =
                switch entry.hours {
                case .absent: nil
                case .cleared: "hours = ''"
                case .value(let hours): "hours = \(try json(hours))"
                }
            let holidays: SQL? = try entry.holidays.map { "holidays = \(try json($0))" }
            try set("calendar", id, [zone, hours, holidays])
        }
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
