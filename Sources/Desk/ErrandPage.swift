// An errand on the page: its facts, its conversation, what was done with it, and what can be done now.
import Center
import Hummingbird
import Routing
import Web

struct ErrandPage {
    struct Letter {
        let isAnswer: Bool
        let writer: String
        let writerAddress: String
        let written: Stamp
        let text: String
        /// How much of a very long text is not shown.
        let cut: String?
        let hasFiles: Bool
        let files: [File]
    }

    struct File {
        let name: String
        let size: String
    }

    struct Step {
        let done: Stamp
        let words: String
    }

    let errandID: Int64
    let version: Int64
    let subject: String
    let customerName: String
    let customerAddress: String
    let area: Int64
    let areaName: String
    let channel: String
    let arrived: Stamp
    let answered: Stamp?
    let closed: Stamp?
    /// `In your hands`, `Waiting` …
    let state: String
    let letters: [Letter]
    let steps: [Step]
    let mayAnswer: Bool
    let mayTake: Bool
    let draft: String
}

extension AgentDesk {
    func errandID(_ context: Context) throws -> ErrandID {
        guard let id = context.segment("errand").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such errand here.")
        }
        return ErrandID(id)
    }

    func errandPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await errandPage(try errandID(context), seat, request)
    }

    /// - Parameter draft: what was typed in a form that was refused.
    func errandPage(
        _ id: ErrandID, _ seat: Seat, _ request: Request? = nil, status: HTTPResponse.Status = .ok,
        notice: String? = nil, draft: String? = nil
    ) async throws -> Response {
        let view = try await floor.errand(id, for: seat.agent.id, in: seat.workspace)
        let desk = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(view.errand.shownSubject, seat, desk, openErrand: id)
        page.notice = notice
        page.errand = ErrandPage(view, seat, draft: draft ?? "")
        return show(page, request, status: status)
    }
}

extension ErrandPage {
    init(_ view: ErrandView, _ seat: Seat, draft: String) {
        let errand = view.errand
        errandID = errand.id.raw
        version = errand.version
        subject = errand.shownSubject
        customerName = errand.customer
        customerAddress = errand.fromName.isEmpty ? "" : errand.fromAddress
        area = errand.area.raw
        areaName = seat.directory.area(errand.area)?.name ?? ""
        channel = errand.channel.service.name
        arrived = seat.times.stamp(errand.arrivedAt)
        answered = errand.answeredAt.map(seat.times.stamp)
        closed = errand.closedAt.map(seat.times.stamp)
        state = Self.state(view, seat)
        letters = Self.letters(view, seat)
        steps = view.history.map { Step(done: seat.times.stamp($0.at), words: $0.words(seat.directory)) }
        mayAnswer = view.itemState == .active(seat.agent.id)
        let isUp =
            switch view.itemState {
            case .waiting, .offered: true
            case .active, .wrapUp, nil: false
            }
        mayTake = isUp && seat.agent.adminLevel != .observer
        self.draft = draft
    }

    private static func state(_ view: ErrandView, _ seat: Seat) -> String {
        func name(_ agent: AgentID) -> String { seat.directory.agent(agent)?.displayName ?? "another agent" }
        return switch view.itemState {
        case .waiting: "Waiting"
        case .offered(seat.agent.id): "Offered to you"
        case .offered(let other): "Offered to \(name(other))"
        case .active(seat.agent.id): "In your hands"
        case .active(let other): "In the hands of \(name(other))"
        case .wrapUp(seat.agent.id): "Closed, in your wrap-up"
        case .wrapUp(let other): "Closed, in the wrap-up of \(name(other))"
        case nil: "Closed"
        }
    }

    /// Messages and answers in the order of time.
    private static func letters(_ view: ErrandView, _ seat: Seat) -> [Letter] {
        let messages = view.messages.map { message in
            (
                message.at,
                letter(
                    name: message.fromName, address: message.fromAddress, message.body, message.htmlBody,
                    message.at,
                    owner: ("message", message.id.raw), view, seat)
            )
        }
        let answers = view.answers.map { answer in
            let writer = answer.agent.flatMap(seat.directory.agent)?.displayName ?? "Another system"
            return (
                answer.at,
                letter(
                    name: writer, address: "", answer.body, answer.htmlBody, answer.at,
                    owner: ("response", answer.response.raw), view, seat)
            )
        }
        // The sort is stable: a message comes before an answer of the same millisecond.
        return (messages + answers).sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func letter(
        name: String, address: String, _ body: String, _ html: String, _ at: Instant,
        owner: (noun: String, id: Int64), _ view: ErrandView, _ seat: Seat
    ) -> Letter {
        let text = ShownText(body: body, html: html)
        let files = view.attachments.filter { $0.ownerNoun == owner.noun && $0.owner == owner.id }
        return Letter(
            isAnswer: owner.noun == "response", writer: name.isEmpty ? address : name,
            writerAddress: name.isEmpty ? "" : address, written: seat.times.stamp(at), text: text.text,
            cut: text.cut,
            hasFiles: !files.isEmpty, files: files.map { File(name: $0.name, size: fileSize($0.size)) })
    }
}

/// A size in the unit a person would choose.
func fileSize(_ bytes: Int64) -> String {
    switch bytes {
    case ..<1_024: "\(bytes) bytes"
    case ..<(1_024 * 1_024): "\((bytes + 512) / 1_024) KB"
    default: "\(bytes / (1_024 * 1_024)).\(bytes % (1_024 * 1_024) * 10 / (1_024 * 1_024)) MB"
    }
}
