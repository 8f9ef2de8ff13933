// Reads a workspace's settings from rows.

import Routing
import Store

extension Directory {
    /// One consistent picture; `reader` is in a transaction.
    static func read(_ workspace: WorkspaceID, _ reader: any Reading) throws -> Directory {
        let rows = try reader.fetch([
            "SELECT * FROM workspace WHERE id = \(workspace)",
            "SELECT id, name FROM skill WHERE workspace = \(workspace) ORDER BY id",
            "SELECT id, name FROM tag WHERE workspace = \(workspace) ORDER BY id",
            "SELECT id, code, text, is_default FROM not_ready_reason WHERE workspace = \(workspace) ORDER BY id",
            "SELECT agent, skill, level FROM agent_skill WHERE workspace = \(workspace) ORDER BY agent, skill",
            "SELECT * FROM agent WHERE workspace = \(workspace) ORDER BY id",
            "SELECT id, name FROM agent_group WHERE workspace = \(workspace) ORDER BY id",
            """
            SELECT agent_group, agent FROM agent_group_agent WHERE workspace = \(workspace)
            ORDER BY agent_group, agent
            """,
            """
            SELECT agent_group, area FROM agent_group_area WHERE workspace = \(workspace)
            ORDER BY agent_group, area
            """,
            "SELECT * FROM queue WHERE workspace = \(workspace) ORDER BY id",
            """
            SELECT queue, skill, required FROM queue_skill WHERE workspace = \(workspace) ORDER BY queue, skill
            """,
            "SELECT * FROM area WHERE workspace = \(workspace) ORDER BY id",
            "SELECT * FROM access_token WHERE workspace = \(workspace) ORDER BY id",
            "SELECT * FROM callback WHERE workspace = \(workspace) ORDER BY id",
            "SELECT callback, area FROM callback_area WHERE workspace = \(workspace) ORDER BY callback, area",
            "SELECT * FROM queue_treatment WHERE workspace = \(workspace) ORDER BY queue, kind",
            "SELECT * FROM queue_member WHERE workspace = \(workspace) ORDER BY queue, place",
            "SELECT * FROM call_center WHERE workspace = \(workspace) ORDER BY id",
            "SELECT * FROM dnis WHERE workspace = \(workspace) ORDER BY call_center, place",
            "SELECT * FROM call_center_supervisor WHERE workspace = \(workspace) ORDER BY call_center, agent",
            "SELECT * FROM supervised_agent WHERE workspace = \(workspace) ORDER BY call_center, supervisor, agent",
            "SELECT * FROM calendar WHERE workspace = \(workspace) ORDER BY id",
            "SELECT * FROM tenios_key WHERE workspace = \(workspace) ORDER BY id",
            "SELECT * FROM facebook_page WHERE workspace = \(workspace) ORDER BY id",
        ])
        guard let own = rows[0].first else {
            preconditionFailure("workspace \(workspace) has no row")
        }
        let queues = QueueRows(
            queues: rows[9], skills: rows[10], treatments: rows[15], members: rows[16])
        let order = QueueOrder(rawValue: own.text("queue_order")) ?? .oldest
        let callCenters = CallCenter.read(
            rows[17], dnis: rows[18], supervisors: rows[19], supervised: rows[20], queues, order)
        let (groups, areasOfAgent) = agentGroups(rows[6], agents: rows[7], areas: rows[8])
        return Directory(
            workspace: workspace, name: own.text("name"), organisation: own.text("organisation"),
            timeZone: own.text("time_zone"), integrations: words(own.text("integrations")),
            callbackNetworks: words(own.text("callback_networks")),
            agents: agents(rows[5], skills: rows[4], areas: areasOfAgent), groups: groups,
            areas: rows[11].filter { $0.intOrNil("deleted_at") == nil }.map {
                area($0, queues, order)
            },
            skills: rows[1].map { Skill(id: SkillID($0.int("id")), name: $0.text("name")) },
            tags: rows[2].map { ErrandTag(id: $0.int("id"), name: $0.text("name")) },
            reasons: rows[3].map {
                NotReadyReason(
                    id: ReasonID($0.int("id")), code: $0.text("code"), text: $0.text("text"),
                    isDefault: $0.bool("is_default"))
            },
            tokens: rows[12].map { token($0, workspace) }, callbacks: callbacks(rows[13], areas: rows[14]),
            formerAreas: formerAreas(rows[11]), callCenters: callCenters, queueOrder: order,
            calendars: ServiceCalendar.read(rows[21], timeZone: own.text("time_zone")),
            serviceLevelMs: Dictionary(
                uniqueKeysWithValues: rows[9].map {
                    (QueueID($0.int("id")), $0.int("service_level_s") * 1_000)
                }),
            teniosKeys: rows[22].map {
                TeniosKey(
                    id: TeniosKeyID($0.int("id")), workspace: workspace, name: $0.text("name"),
                    digest: $0.text("digest"))
            },
            teniosGetRetrieve: own.bool("tenios_get_retrieve"),
            embedOrigins: words(own.text("embed_origins")), facebookPages: rows[23].map(FacebookPage.init),
            users: try UserDirectory.Rows(workspace, own, reader))
    }

    private static func agentGroups(
        _ groups: [Row], agents: [Row], areas: [Row]
    ) -> ([AgentGroup], [AgentID: Set<AreaID>]) {
        var found = groups.map { AgentGroup(id: GroupID($0.int("id")), name: $0.text("name")) }
        let index = Dictionary(uniqueKeysWithValues: zip(found.map(\.id), found.indices))
        for row in agents {
            guard let at = index[GroupID(row.int("agent_group"))] else { continue }
            found[at].agents.append(AgentID(row.int("agent")))
        }
        for row in areas {
            guard let at = index[GroupID(row.int("agent_group"))] else { continue }
            found[at].areas.append(AreaID(row.int("area")))
        }
        var areasOfAgent: [AgentID: Set<AreaID>] = [:]
        for group in found {
            for agent in group.agents { areasOfAgent[agent, default: []].formUnion(group.areas) }
        }
        return (found, areasOfAgent)
    }

    private static func agents(
        _ rows: [Row], skills: [Row], areas: [AgentID: Set<AreaID>]
    ) -> [Agent] {
        var skillsOfAgent: [AgentID: [AgentSkill]] = [:]
        for row in skills {
            skillsOfAgent[AgentID(row.int("agent")), default: []]
                .append(AgentSkill(skill: SkillID(row.int("skill")), level: row.int("level")))
        }
        return rows.map { row in
            let id = AgentID(row.int("id"))
            return Agent(
                id: id, loginName: row.text("login_name"), userName: row.text("user_name"),
                emailAddress: row.text("email_address"), password: row.textOrNil("password"),
                adminLevel: AdminLevel(rawValue: row.text("admin_level")) ?? .agent,
                language: row.text("language"), timeZone: row.text("time_zone"), active: row.bool("active"),
                capacity: Capacity(
                    errand: row.int("capacity_errand"), chat: row.int("capacity_chat"),
                    call: row.int("capacity_call")),
                skills: skillsOfAgent[id] ?? [], rules: AgentRules(row),
                telephony: AgentTelephony(row), profile: AgentProfile(row), areas: (areas[id] ?? []).sorted())
        }
    }

    /// With this agent as its rows are now.
    func rereading(_ id: AgentID, _ reader: any Reading) throws -> Directory {
        let rows = try reader.fetch([
            "SELECT * FROM agent WHERE workspace = \(workspace) AND id = \(id)",
            """
            SELECT agent, skill, level FROM agent_skill WHERE workspace = \(workspace) AND agent = \(id)
            ORDER BY skill
            """,
        ])
        let areas = Set(agent(id)?.areas ?? [])
        guard let fresh = Self.agents(rows[0], skills: rows[1], areas: [id: areas]).first else {
            preconditionFailure("agent \(id.raw) of workspace \(workspace) has no row")
        }
        return Directory(self, with: fresh)
    }

    private static func area(_ row: Row, _ queues: QueueRows, _ order: QueueOrder) -> Area {
        let queue = QueueID(row.int("queue"))
        guard var settings = queues.settings[queue] else {
            preconditionFailure("area without queue \(queue.raw)")
        }
        if order == .priority { settings.rank = settings.priority }
        return Area(
            id: AreaID(row.int("id")), name: row.text("name"), externalID: row.text("external_id"),
            queue: queue,
            calendar: row.intOrNil("calendar").map(CalendarID.init),
            slaResponseS: row.intOrNil("sla_response_s"),
            slaDoneS: row.intOrNil("sla_done_s"), slaWarningPermille: row.int("sla_warning_permille"),
            satisfaction: SatisfactionQuestion(json: row.textOrNil("satisfaction")), settings: settings,
            treatments: queues.treatments[queue] ?? [])
    }

    private static func formerAreas(_ rows: [Row]) -> [AreaID: FormerArea] {
        let former = rows.filter { $0.intOrNil("deleted_at") != nil }.map { row in
            (
                AreaID(row.int("id")),
                FormerArea(
                    name: row.text("name"), queue: QueueID(row.int("queue")),
                    successor: row.intOrNil("successor").map(AreaID.init))
            )
        }
        return Dictionary(uniqueKeysWithValues: former)
    }

    private static func token(_ row: Row, _ workspace: WorkspaceID) -> AccessToken {
        AccessToken(
            id: TokenID(row.int("id")), workspace: workspace, name: row.text("name"),
            digest: row.text("digest"),
            claims: Set(words(row.text("claims")).compactMap(Claim.init(rawValue:))),
            channel: row.textOrNil("channel").flatMap(ErrandChannel.init(rawValue:)),
            area: row.intOrNil("area").map(AreaID.init), account: row.textOrNil("account"),
            expiresAt: row.int("expires_at"), revoked: row.intOrNil("revoked_at") != nil)
    }

    private static func callbacks(_ rows: [Row], areas: [Row]) -> [CallbackSettings] {
        var found = rows.map { row in
            CallbackSettings(
                id: CallbackID(row.int("id")), name: row.text("name"), endpoint: row.text("endpoint"),
                secretSealed: row.blobOrNil("secret_sealed"), event: row.text("event"))
        }
        let index = Dictionary(uniqueKeysWithValues: zip(found.map(\.id), found.indices))
        for row in areas {
            guard let at = index[CallbackID(row.int("callback"))] else { continue }
            found[at].areas.insert(AreaID(row.int("area")))
        }
        return found
    }

    /// Words as rows hold a short list of them: parted by spaces.
    static func words(_ list: String) -> [String] { list.split(separator: " ").map(String.init) }
}
