// Agent groups as administrators see and change them: who is in them, and the areas that they give.
import Center
import Hummingbird
import Routing
import Web

struct GroupsPage {
    struct Line {
        let groupID: Int64
        let groupTitle: String
        let groupAgents: String
        let groupAreas: String
    }

    let groupLines: [Line]
    let hasGroupLines: Bool
    let groupForms: [EntryForm]

    init(_ seat: Seat, refused: RefusedForm? = nil) {
        let directory = seat.directory
        groupLines = directory.groups.map { group in
            let active = group.agents.filter { directory.agent($0)?.active == true }.count
            return Line(
                groupID: group.id.raw, groupTitle: group.name,
                groupAgents: active == 1 ? "1 agent" : "\(active) agents",
                groupAreas: group.areas.compactMap(directory.areaName).joined(separator: ", "))
        }
        hasGroupLines = !groupLines.isEmpty
        let maker = EntryForm.Maker(Self.formID, refused)
        groupForms = [
            maker.form(
                "Add an agent group", "\(seat.base)/admin/groups", button: "Add", needs: ["name"],
                [("", [maker.line("name", "Name", "", hint: "First line")])])
        ]
    }

    static let formID = "new-group"
}

/// One agent group.
struct GroupPage {
    let oneGroupID: Int64
    let oneGroupName: String
    let oneGroupForms: [EntryForm]

    init(_ group: AgentGroup, _ seat: Seat, refused: RefusedForm?) {
        oneGroupID = group.id.raw
        oneGroupName = group.name
        oneGroupForms = [GroupForm(group, seat).form(refused)]
    }
}

private struct GroupForm {
    static let id = "group"
    private let group: AgentGroup
    private let seat: Seat
    private let agents: PickedList
    private let areas: PickedList

    init(_ group: AgentGroup, _ seat: Seat) {
        self.group = group
        self.seat = seat
        agents = .agents(seat.directory)
        areas = .areas(seat.directory)
    }

    func form(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker(Self.id, refused)
        return maker.form(
            "Members and areas", "\(seat.base)/admin/groups/\(group.id)",
            note: "Each agent of the group is offered what comes to its areas. It counts at once.",
            [
                ("", [maker.line("name", "Name", group.name)]),
                ("Areas", areas.fields(maker, Set(group.areas.map(\.raw)))),
                ("Agents", agents.fields(maker, Set(group.agents.map(\.raw)))),
            ])
    }

    /// Deleted agents stay in it, for when they come back.
    func fields(_ typed: Fields) throws -> GroupFields {
        var fields = GroupFields()
        fields.name = TypedEntry(typed).value("name")
        let gone = group.agents.filter { seat.directory.agent($0)?.active != true }
        fields.agents = try agents.ids(typed).map { AgentID($0) } + gone
        fields.areas = try areas.ids(typed).map { AreaID($0) }
        return fields
    }
}

extension AgentDesk {
    func groupsPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await groupsPage(seat, request, refused: nil)
    }

    func addGroup(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let outcome = try await carryOut(seat, GroupsPage.formID, fields) {
            var new = GroupFields()
            new.name = TypedEntry(fields).value("name")
            return try await floor.makeGroup(new, by: seat.principal)
        }
        switch outcome {
        case .refused(let refused): return try await groupsPage(seat, request, refused: refused)
        case .done(let id):
            return .seeOther("\(seat.base)/admin/groups/\(id)?said=\(Said.queueChanged.rawValue)")
        }
    }

    func groupPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await groupPage(try group(seat, context), seat, request, refused: nil)
    }

    func changeGroup(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let group = try group(seat, context)
        let outcome = try await carryOut(seat, GroupForm.id, fields) {
            let told = try GroupForm(group, seat).fields(fields)
            try await floor.changeGroup(group.id, told, by: seat.principal)
        }
        if case .refused(let refused) = outcome {
            return try await groupPage(group, seat, request, refused: refused)
        }
        return .seeOther("\(seat.base)/admin/groups/\(group.id)?said=\(Said.queueChanged.rawValue)")
    }

    func deleteGroup(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let group = try group(seat, context)
        try await floor.deleteGroup(group.id, by: seat.principal)
        return .seeOther("\(seat.base)/admin/groups?said=\(Said.groupDeleted.rawValue)")
    }

    private func group(_ seat: Seat, _ context: Context) throws -> AgentGroup {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("group").flatMap({ Int64($0) }),
            let group = seat.directory.groups.first(where: { $0.id == GroupID(id) })
        else { throw Refusal.notFound("There is no such agent group.") }
        return group
    }

    private func groupsPage(_ seat: Seat, _ request: Request, refused: RefusedForm?) async throws
        -> Response
    {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Agent groups", seat, view, openErrand: nil)
        page.notice = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence
        page.groups = GroupsPage(seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }

    private func groupPage(
        _ group: AgentGroup, _ seat: Seat, _ request: Request, refused: RefusedForm?
    ) async throws -> Response {
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(group.name, seat, view, openErrand: nil)
        page.notice =
            refused == nil
            ? try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence : nil
        page.group = GroupPage(group, seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}
