// Call centers as administrators see them: all of them, and one.
import Center
import Hummingbird
import Routing
import Web

struct CallCentersPage {
    struct Line {
        let centerID: Int64
        let centerName: String
        let centerUser: String
        let centerNumber: String
        let centerType: String
        let joinedCount: String
        let servedNow: String
        let isForwarded: Bool
    }

    let centerLines: [Line]
    let hasCenterLines: Bool
    let centerProblem: String?
    let centerForms: [EntryForm]

    init(_ seat: Seat, problem: String? = nil, refused: RefusedForm? = nil) {
        let directory = seat.directory
        centerProblem = problem
        let maker = EntryForm.Maker("new-center", refused)
        centerForms = [
            maker.form(
                "Add a call center", "\(seat.base)/admin/call-centers",
                note: "The id names it towards telephony systems and cannot be changed later.",
                button: "Add",
                [
                    (
                        "",
                        [
                            maker.line(
                                "service_user_id", "Service user id", "", hint: "sales@example.com"),
                            maker.line("name", "Name", "", hint: "Sales line"),
                        ]
                    )
                ])
        ]
        centerLines = directory.callCenters.map { center in
            Line(
                centerID: center.id.raw, centerName: center.name, centerUser: center.serviceUserID,
                centerNumber: center.phoneNumber ?? "", centerType: center.type.rawValue,
                joinedCount: "\(center.agents.filter(\.isJoined).count) of \(center.agents.count)",
                servedNow: center.settings.service.word,
                isForwarded: center.settings.forcedForwarding != nil)
        }
        hasCenterLines = !centerLines.isEmpty
    }
}

extension Service {
    /// As pages say it.
    var word: String {
        switch self {
        case .open: "open"
        case .night: "closed (night)"
        case .holiday: "closed (holiday)"
        }
    }
}

extension AgentDesk {
    func callCentersPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        return try await callCentersPage(seat, request, CallCentersPage(seat), said: said)
    }

    func callCentersPage(
        _ seat: Seat, _ request: Request, _ shown: CallCentersPage, status: HTTPResponse.Status = .ok,
        said: Said? = nil
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Call centers", seat, view, openErrand: nil)
        page.notice = said?.sentence
        page.callCenters = shown
        return show(page, request, status: status)
    }

    func callCenterPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await queuePage(try callCenter(seat, context).queue, seat, request)
    }

    /// The call center that the path names.
    func callCenter(_ seat: Seat, _ context: Context) throws -> CallCenter {
        guard let id = context.segment("center").flatMap({ Int64($0) }),
            let center = seat.directory.callCenter(CallCenterID(id))
        else { throw Refusal.notFound("There is no such call center.") }
        return center
    }

    /// The routing of an area's queue.
    func areaQueuePage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard let id = context.segment("area").flatMap({ Int64($0) }),
            let area = seat.directory.area(AreaID(id))
        else { throw Refusal.notFound("There is no such area.") }
        return try await queuePage(area.queue, seat, request)
    }

    func changeQueue(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(seat, fields, request, context) { queue in
            let change = try QueueForm(fields).settings(of: queue, seat.directory)
            try await floor.changeQueue(queue, change, by: seat.principal)
        }
    }

    func changeQueueAgents(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(seat, fields, request, context) { queue in
            let change = try QueueForm(fields).members(of: queue, seat.directory)
            try await floor.changeQueue(queue, change, by: seat.principal)
        }
    }

    func forwardQueue(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(seat, fields, request, context) { queue in
            try await floor.forward(queue, fields["to"] == "on", by: seat.principal)
        }
    }

    private func changed(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context,
        _ change: (QueueID) async throws -> Void
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("queue").flatMap({ Int64($0) }),
            let path = QueuePage.path(of: QueueID(id), seat)
        else { throw Refusal.notFound("There is no such queue.") }
        do {
            try await change(QueueID(id))
        } catch let refusal as Refusal {
            return try await queuePage(
                QueueID(id), seat, request, status: refusal.status, problem: refusal.message, typed: fields)
        }
        return .seeOther("\(path)?said=\(Said.queueChanged.rawValue)")
    }

    /// - Parameters:
    ///   - typed: what was sent and refused; it stays on the page.
    ///   - refused: the same of one of the plain forms.
    func queuePage(
        _ queue: QueueID, _ seat: Seat, _ request: Request, status: HTTPResponse.Status = .ok,
        problem: String? = nil, typed: Fields? = nil, refused: RefusedForm? = nil
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        guard
            let shown = QueuePage(
                queue, seat, serviceLevelS: floor.serviceLevelS(of: queue, in: seat.workspace),
                problem: problem, typed: typed, refused: refused)
        else { throw Refusal.notFound("There is no such queue.") }
        var page = deskPage(shown.queueName, seat, view, openErrand: nil)
        page.notice = problem == nil && refused == nil ? said?.sentence : nil
        page.queue = shown
        return show(page, request, status: status)
    }
}
