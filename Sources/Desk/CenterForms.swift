// What else can be set of a call center: its own settings, the numbers that lead to it, and its supervisors.
import Center
import Hummingbird
import Routing
import Web

/// Empty lines for numbers to be added at a time.
private let blankNumbers = 2

/// More numbers, or more pairs of a supervisor and an agent, than this are no page: they are set by a file.
private let numbersMax = 200
private let pairsMax = 2_000

struct CenterForms {
    let center: CallCenter
    private let directory: Directory
    private let base: String

    init(_ center: CallCenter, _ seat: Seat) {
        self.center = center
        directory = seat.directory
        base = "\(seat.base)/admin/call-centers/\(center.id)"
    }

    func all(_ refused: RefusedForm?) -> [EntryForm] {
        var forms = [settings(refused)]
        if showsNumbers { forms.append(numbers(refused)) }
        if showsSupervisors { forms.append(supervisors(refused)) }
        return forms
    }

    private var showsNumbers: Bool { center.dnis.count <= numbersMax }
    private var showsSupervisors: Bool { center.supervisors.count * center.agents.count <= pairsMax }

    /// What is too much for a form, with how much there is.
    var leftOut: [(String, String)] {
        let by = "set by a provisioning file"
        return (showsNumbers ? [] : [("Numbers", "\(center.dnis.count), \(by)")])
            + (showsSupervisors ? [] : [("Supervisors", "\(center.supervisors.count), \(by)")])
    }

    private func settings(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker("center-settings", refused)
        return maker.form(
            "The call center", "\(base)/settings",
            [
                (
                    "",
                    [
                        maker.line("name", "Name", center.name),
                        maker.line("group", "Group", center.group, hint: "none"),
                        maker.choice(
                            "type", "Type", CallCenterType.allCases.map { ($0.rawValue, $0.rawValue) },
                            center.type.rawValue),
                        maker.line("phone_number", "Number", center.phoneNumber ?? "", hint: "+4930123456"),
                        maker.line("extension", "Extension", center.extensionNumber, hint: "none"),
                        maker.number("priority", "Priority, 0 goes first", center.priority),
                        maker.number(
                            "queue_length", "Queue length", center.queueLength, hint: "as many as come"),
                        maker.number(
                            "bounced_after", "Unavailable after bounced calls", center.bouncedAfter,
                            hint: "never"),
                        calendarField(maker, center.calendar, directory),
                    ]
                ),
                (
                    "",
                    [
                        maker.tick(
                            "log_off_allowed", "Agents may leave it for a while", center.logOffAllowed),
                        maker.tick("joinable", "Agents may put themselves into it", center.joinable),
                    ]
                ),
            ])
    }

    private func numbers(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker("center-numbers", refused)
        let stored = center.dnis.map { Optional($0) } + Array(repeating: nil, count: blankNumbers)
        let rows = stored.enumerated().map { place, number in
            (
                legend: number?.name ?? "A new number",
                fields: [
                    maker.line("name.\(place)", "Name", number?.name ?? "", hint: "main"),
                    maker.line(
                        "phone_number.\(place)", "Number", number?.phoneNumber ?? "", hint: "+4930123457"),
                    maker.choice(
                        "priority.\(place)", "Priority",
                        (0...QueueLimits.dnisPriorityMax).map {
                            ("\($0)", $0 == 0 ? "0, the highest" : "\($0)")
                        },
                        "\(number?.priority ?? 0)"),
                    maker.tick(
                        "allow_outgoing.\(place)", "May be shown when calling out",
                        number?.allowOutgoing ?? false),
                ]
            )
        }
        return maker.form(
            "Numbers that lead here", "\(base)/numbers",
            note: "A line without name and number is left out.", button: "Save numbers", rows)
    }

    private func supervisors(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker("center-supervisors", refused)
        let agents = center.agents.compactMap { directory.agent($0.agent) }.filter(\.active)
        var rows = center.supervisors.compactMap { supervisor in
            directory.agent(supervisor.agent).map { own in
                (
                    legend: own.displayName,
                    fields: agents.map { agent in
                        maker.tick(
                            "agent.\(own.id.raw).\(agent.id.raw)", agent.displayName,
                            supervisor.agents.contains(agent.id))
                    } + [maker.tick("remove.\(own.id.raw)", "No supervisor any more", false)]
                )
            }
        }
        let known = Set(center.supervisors.map(\.agent))
        let others = directory.agents.filter { $0.active && !known.contains($0.id) }
        rows.append(
            (
                legend: "",
                fields: [
                    maker.choice(
                        "add", "Add a supervisor",
                        [("", "nobody")] + others.map { ("\($0.id.raw)", $0.displayName) }, "")
                ]
            ))
        return maker.form(
            "Supervisors, and the agents each looks after", "\(base)/supervisors",
            button: "Save supervisors", rows)
    }
}

extension CallCenter {
    /// The settings as typed.
    func settings(_ entry: inout TypedEntry) -> DocumentNode {
        entry.mapping([
            "service_user_id": entry.text(serviceUserID, of: ""), "name": entry.text("name"),
            "group": entry.text("group"), "type": entry.word("type"),
            "phone_number": entry.text(entry.value("phone_number").filter { $0 != " " }, of: "phone_number"),
            "extension": entry.text("extension"), "priority": entry.word("priority"),
            "queue_length": entry.word("queue_length"), "bounced_after": entry.word("bounced_after"),
            "calendar": entry.text("calendar"), "log_off_allowed": entry.flag("log_off_allowed"),
            "joinable": entry.flag("joinable"),
        ])
    }

    func numbers(_ entry: inout TypedEntry) -> DocumentNode {
        var numbers: [DocumentNode] = []
        for place in 0..<(dnis.count + blankNumbers) {
            let number = "phone_number.\(place)"
            guard !entry.value("name.\(place)").isEmpty || !entry.value(number).isEmpty else { continue }
            numbers.append(
                entry.mapping(
                    [
                        "name": entry.text("name.\(place)"),
                        "phone_number": entry.text(entry.value(number).filter { $0 != " " }, of: number),
                        "priority": entry.word("priority.\(place)"),
                        "allow_outgoing": entry.flag("allow_outgoing.\(place)"),
                    ], of: "name.\(place)"))
        }
        return entry.mapping([
            "service_user_id": entry.text(serviceUserID, of: ""), "dnis": entry.list(numbers, of: ""),
        ])
    }

    func supervisors(_ entry: inout TypedEntry, _ directory: Directory) -> DocumentNode {
        var told: [DocumentNode] = []
        for supervisor in supervisors where entry.typed["remove.\(supervisor.agent.raw)"] == nil {
            guard let own = directory.agent(supervisor.agent) else { continue }
            let looked = agents.compactMap { directory.agent($0.agent) }.filter {
                entry.typed["agent.\(own.id.raw).\($0.id.raw)"] != nil
            }
            let names = looked.map {
                entry.text($0.loginName, of: "agent.\(own.id.raw).\($0.id.raw)")
            }
            told.append(
                entry.mapping([
                    "login_name": entry.text(own.loginName, of: ""), "agents": entry.list(names, of: ""),
                ]))
        }
        if let added = Int64(entry.value("add")).flatMap({ directory.agent(AgentID($0)) }) {
            told.append(entry.mapping(["login_name": entry.text(added.loginName, of: "add")]))
        }
        return entry.mapping([
            "service_user_id": entry.text(serviceUserID, of: ""), "supervisors": entry.list(told, of: ""),
        ])
    }
}

/// An area's priority and hours.
struct AreaForm {
    let area: Area
    private let seat: Seat

    init(_ area: Area, _ seat: Seat) {
        self.area = area
        self.seat = seat
    }

    func form(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker("area-settings", refused)
        return maker.form(
            "The area", "\(seat.base)/admin/areas/\(area.id)/settings",
            [
                (
                    "",
                    [
                        maker.number("priority", "Priority, 0 goes first", area.settings.priority),
                        calendarField(maker, area.calendar, seat.directory),
                    ]
                )
            ])
    }

    func entry(_ entry: inout TypedEntry) -> DocumentNode {
        entry.mapping([
            "name": entry.text(area.name, of: ""), "priority": entry.word("priority"),
            "calendar": entry.text("calendar"),
        ])
    }
}

private func calendarField(_ maker: EntryForm.Maker, _ stored: CalendarID?, _ directory: Directory)
    -> EntryForm.Field
{
    let names = directory.calendars.map(\.name)
    return maker.choice(
        "calendar", "Calendar", [("", "always open")] + names.map { ($0, $0) },
        stored.flatMap { id in directory.calendars.first { $0.id == id }?.name } ?? "")
}

extension AgentDesk {
    func addCallCenter(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let refused = try await administer(seat, "new-center", fields) { entry in
            let id = entry.text("service_user_id")
            if let known = seat.directory.callCenters.first(where: {
                $0.serviceUserID == entry.value("service_user_id")
            }) {
                throw id.problem("this is the id of \(known.name) already")
            }
            let made = entry.mapping(["service_user_id": id, "name": entry.text("name")])
            return entry.file("call_centers", made, of: seat.directory)
        }
        if let refused {
            return try await callCentersPage(
                seat, request, CallCentersPage(seat, refused: refused), status: RefusedForm.status)
        }
        let id = TypedEntry(fields).value("service_user_id")
        let made = floor.roster.workspace(seat.workspace)?.callCenters.first { $0.serviceUserID == id }
        let path = made.map { "/\($0.id)" } ?? ""
        return .seeOther("\(seat.base)/admin/call-centers\(path)?said=\(Said.queueChanged.rawValue)")
    }

    func changeCallCenter(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await change(try callCenter(seat, context), "center-settings", seat, fields, request) {
            center, entry in center.settings(&entry)
        }
    }

    func changeNumbers(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await change(try callCenter(seat, context), "center-numbers", seat, fields, request) {
            center, entry in center.numbers(&entry)
        }
    }

    func changeSupervisors(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await change(try callCenter(seat, context), "center-supervisors", seat, fields, request) {
            center, entry in center.supervisors(&entry, seat.directory)
        }
    }

    func changeArea(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard let id = context.segment("area").flatMap({ Int64($0) }),
            let area = seat.directory.area(AreaID(id))
        else { throw Refusal.notFound("There is no such area.") }
        let refused = try await administer(seat, "area-settings", fields) { entry in
            let told = AreaForm(area, seat).entry(&entry)
            return entry.file("areas", told, of: seat.directory)
        }
        guard let refused else {
            return .seeOther("\(seat.base)/admin/areas/\(area.id)?said=\(Said.queueChanged.rawValue)")
        }
        return try await queuePage(area.queue, seat, request, status: RefusedForm.status, refused: refused)
    }

    func deleteCallCenter(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let center = try callCenter(seat, context)
        do {
            try await floor.deleteCallCenter(center.id, by: seat.principal)
        } catch let refusal as Refusal {
            return try await queuePage(
                center.queue, seat, request, status: refusal.status, problem: refusal.message)
        }
        return .seeOther("\(seat.base)/admin/call-centers?said=\(Said.centerDeleted.rawValue)")
    }

    private func change(
        _ center: CallCenter, _ formID: String, _ seat: Seat, _ fields: Fields, _ request: Request,
        _ told: (CallCenter, inout TypedEntry) -> DocumentNode
    ) async throws -> Response {
        let refused = try await administer(seat, formID, fields) { entry in
            let own = told(center, &entry)
            return entry.file("call_centers", own, of: seat.directory)
        }
        guard let refused else {
            return .seeOther(
                "\(seat.base)/admin/call-centers/\(center.id)?said=\(Said.queueChanged.rawValue)")
        }
        return try await queuePage(center.queue, seat, request, status: RefusedForm.status, refused: refused)
    }
}
