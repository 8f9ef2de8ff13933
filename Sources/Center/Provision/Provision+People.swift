// Agents and agent groups of a plan.

import Foundation
import Routing
import Store

extension ProvisionRun {
    func applyAgents() throws {
        var owners = try uniqueOwners()
        for agent in work.directory.agents { agents[agent.loginName] = agent.id }
        for entry in plan.agents {
            let known = work.directory.agent(login: entry.loginName.value)
            let id = known?.id ?? AgentID(work.next(.agent))
            agents[entry.loginName.value] = id
            result.ids.agents[entry.loginName.value] = id.raw
            try owners.claim(entry, id, plan)
            if known == nil { try insert(entry, id) }
            try work.set("agent", id.raw, columns(entry))
            try work.set("agent", id.raw, try columns(entry.rules, known?.rules))
            try entry.telephony.check(over: known?.telephony, entry, plan)
            try work.set("agent", id.raw, columns(entry.telephony))
            if let skills = entry.skills { try setSkills(skills, of: id) }
        }
    }

    private func columns(_ entry: AgentTelephonyEntry) -> [SQL?] {
        [
            text("first_name", entry.firstName), text("last_name", entry.lastName),
            text("phone_number", entry.phoneNumber), text("extension", entry.extensionNumber),
            entry.cloudACDEnabled.map { "cloud_acd_enabled = \($0)" },
            entry.sipEnabled.map { "sip_enabled = \($0)" },
            entry.externalNumberEnabled.map { "external_number_enabled = \($0.value)" },
            text("external_number", entry.externalNumber.map(\.value)),
        ]
    }

    private func insert(_ entry: AgentEntry, _ id: AgentID) throws {
        let capacity = Capacity()
        try work.execute(
            """
            INSERT INTO agent (workspace, id, login_name, user_name, email_address, password, admin_level, language,
                time_zone, external_id, bright_reference_code, signature_name, chat_name, list_size,
                capacity_errand, capacity_chat, capacity_call, active, created_at)
            VALUES (\(workspace), \(id), \(entry.loginName.value), \(entry.userName ?? entry.loginName.value),
                \(""), \(prepared.passwords[entry.loginName.value]), \(AdminLevel.agent.rawValue), \("en"),
                \(plan.timeZone ?? (isNew ? "UTC" : work.directory.timeZone)), \(""), \(""), \(""), \(""), \(10),
                \(capacity.errand), \(capacity.chat), \(capacity.call), \(true), \(work.now))
            """)
    }

    private func columns(_ entry: AgentEntry) -> [SQL?] {
        let email: SQL? =
            switch entry.emailAddress {
            case .absent: nil
            case .cleared: "email_address = '', email_folded = NULL"
            case .value(let address):
                "email_address = \(address.value), email_folded = \(fold(address.value))"
            }
        let device: SQL? =
            switch entry.deviceID {
            case .absent: nil
            case .cleared: "device_id = NULL"
            case .value(let number): "device_id = \(number.value)"
            }
        let phone: SQL? =
            switch entry.extensionID {
            case .absent: nil
            case .cleared: "extension_id = NULL"
            case .value(let number): "extension_id = \(number.value)"
            }
        return [
            entry.userName.map { "user_name = \($0)" }, email, device, phone,
            entry.adminLevel.map { "admin_level = \($0.rawValue)" },
            entry.language.map { "language = \($0.rawValue)" }, entry.timeZone.map { "time_zone = \($0)" },
            entry.capacity?.errand.map { "capacity_errand = \($0)" },
            entry.capacity?.chat.map { "capacity_chat = \($0)" },
            entry.capacity?.call.map { "capacity_call = \($0)" },
        ]
    }

    private func columns(_ entry: AgentRulesEntry, _ before: AgentRules?) throws -> [SQL?] {
        var interrupts = before?.settings.interrupts ?? Interrupts()
        for (inHand, words) in entry.interrupts?.given ?? [] {
            for word in ChannelWord.allCases {
                interrupts[word.channel, during: inHand] = words.contains(word)
            }
        }
        let reason: SQL? =
            switch entry.bouncedReason {
            case .absent: nil
            case .cleared: "bounced_reason = NULL"
            case .value(let code): "bounced_reason = \(try self.reason(code))"
            }
        // What the file says of it is in force, whatever the agent chose.
        var isOwn = entry.forcedUnavailable != nil
        if case .value = entry.bouncedAfter { isOwn = true }
        return [
            isOwn ? "default_unavailable = NULL" : nil,
            entry.limits?.noAnswer.map { "unanswered_limit = \($0)" },
            entry.limits?.busy.map { "busy_limit = \($0)" },
            entry.limits?.error.map { "error_limit = \($0)" },
            work.column("bounced_after", entry.bouncedAfter), reason,
            work.column("guard_ms", entry.guardMs), entry.wrapUpMs.map { "wrap_up_ms = \($0)" },
            entry.interrupts.map { _ in "interrupts = \(interrupts.rawValue)" },
            try forced("do_not_disturb", entry.forcedUnavailable?.doNotDisturb),
            try forced("personal_call", entry.forcedUnavailable?.personalCall),
            try forced("not_reachable", entry.forcedUnavailable?.notReachable),
        ]
    }

    private func forced(_ signal: String, _ entry: ForcedEntry?) throws -> SQL? {
        guard let entry else { return nil }
        let reason: ReasonID? = if case .reason(let code) = entry { try self.reason(code) } else { nil }
        return SQL(name: "\(signal)_forces = ") + "\(entry != .no), "
            + SQL(name: "\(signal)_reason = ") + (reason.map { "\($0)" } ?? "NULL")
    }

    private func setSkills(_ references: [SkillReference], of agent: AgentID) throws {
        try work.execute("DELETE FROM agent_skill WHERE workspace = \(workspace) AND agent = \(agent)")
        for reference in references {
            try work.execute(
                """
                INSERT INTO agent_skill (workspace, agent, skill, level)
                VALUES (\(workspace), \(agent), \(try skill(reference.name)), \(reference.level ?? 1))
                """)
        }
    }

    func applyGroups() throws {
        var known = Dictionary(uniqueKeysWithValues: work.directory.groups.map { ($0.name, $0.id) })
        for entry in plan.agentGroups {
            let name = entry.name.value
            let id: GroupID
            if let group = known[name] {
                id = group
            } else {
                id = GroupID(work.next(.group))
                known[name] = id
                try work.execute(
                    """
                    INSERT INTO agent_group (workspace, id, name, description)
                    VALUES (\(workspace), \(id), \(name), \(""))
                    """)
            }
            result.ids.agentGroups[name] = id.raw
            if let members = entry.agents {
                try work.execute(
                    "DELETE FROM agent_group_agent WHERE workspace = \(workspace) AND agent_group = \(id)")
                for member in members {
                    try work.execute(
                        """
                        INSERT INTO agent_group_agent (workspace, agent_group, agent)
                        VALUES (\(workspace), \(id), \(try agent(member)))
                        """)
                }
            }
            if let served = entry.areas {
                try work.execute(
                    "DELETE FROM agent_group_area WHERE workspace = \(workspace) AND agent_group = \(id)")
                for one in served {
                    try work.execute(
                        """
                        INSERT INTO agent_group_area (workspace, agent_group, area)
                        VALUES (\(workspace), \(id), \(try area(one)))
                        """)
                }
            }
        }
    }

    /// Who holds what only one agent may have, as rows say before the plan.
    private func uniqueOwners() throws -> UniqueOwners {
        var owners = UniqueOwners()
        let rows = try work.query(
            """
            SELECT id, login_name, email_folded, device_id, extension_id FROM agent
            WHERE workspace = \(workspace) AND active = 1 ORDER BY id
            """)
        for row in rows {
            let id = AgentID(row.int("id"))
            if let email = row.textOrNil("email_folded") { owners.emails[email] = id }
            owners.devices[id] = (row.intOrNil("device_id"), row.intOrNil("extension_id"))
        }
        return owners
    }
}

/// E-mail addresses and phones: one active agent each.
private struct UniqueOwners {
    var emails: [String: AgentID] = [:]
    var devices: [AgentID: (device: Int64?, phone: Int64?)] = [:]

    mutating func claim(_ entry: AgentEntry, _ id: AgentID, _ plan: ProvisionPlan) throws {
        if let address = entry.emailAddress.value {
            let folded = fold(address.value)
            if let owner = emails[folded], owner != id {
                throw plan.problem(at: address.position, "another agent has this e-mail address")
            }
            for (held, owner) in emails where owner == id { emails[held] = nil }
            emails[folded] = id
        }
        let before = devices[id]
        let device = entry.deviceID.map(\.value).over(before?.device)
        let phone = entry.extensionID.map(\.value).over(before?.phone)
        if let device, let phone {
            for (owner, held) in devices where owner != id && held.device == device && held.phone == phone {
                throw plan.problem(at: entry.position, "another agent has this device and extension")
            }
        }
        devices[id] = (device, phone)
    }
}
