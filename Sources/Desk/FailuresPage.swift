// Callbacks that were given up, and sending them again.
import Center
import Hummingbird
import Routing
import Web

struct FailuresPage {
    struct Line {
        let deliveryID: Int64
        let toName: String
        let ofErrand: Int64
        let ofSubject: String
        let failedWhen: Stamp
        /// `1 try`, `9 tries`
        let tries: String
        /// What went wrong last, in words.
        let why: String
    }

    let failureLines: [Line]
    let hasFailures: Bool
    let nextFailures: String?
    let firstFailures: String?
}

extension AgentDesk {
    func failuresPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let query = try Fields(queryOf: request)
        return try await failuresPage(
            seat, request, before: query["before"].flatMap { Int64($0) }.map(DeliveryID.init),
            said: query["said"].flatMap(Said.init(rawValue:)))
    }

    func resendDelivery(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        _ = try administers(seat)
        guard let id = context.segment("delivery").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such delivery here.")
        }
        do {
            try await floor.resendDelivery(DeliveryID(id), by: seat.principal)
            return .seeOther("\(seat.base)/admin/callbacks?said=\(Said.resent.rawValue)")
        } catch Refusal.conflict(let sentence) {
            return try await failuresPage(seat, request, status: .conflict, problem: sentence)
        }
    }

    private func failuresPage(
        _ seat: Seat, _ request: Request, status: HTTPResponse.Status = .ok, before: DeliveryID? = nil,
        said: Said? = nil, problem: String? = nil
    ) async throws -> Response {
        _ = try administers(seat)
        let failed = try await floor.failedDeliveries(
            before: before, for: seat.agent.id, in: seat.workspace)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Failed callbacks", seat, view, openErrand: nil)
        page.notice = problem ?? said?.sentence
        let path = "\(seat.base)/admin/callbacks"
        page.failures = FailuresPage(
            failureLines: failed.map { FailuresPage.Line($0, seat) }, hasFailures: !failed.isEmpty,
            nextFailures: failed.count == ViewLimits.pageMax
                ? failed.last.map { "\(path)?before=\($0.id)" } : nil,
            firstFailures: before == nil ? nil : path)
        return show(page, request, status: status)
    }
}

extension FailuresPage.Line {
    init(_ failed: FailedDelivery, _ seat: Seat) {
        deliveryID = failed.id.raw
        toName = failed.callbackName.isEmpty ? "a callback that is gone" : failed.callbackName
        ofErrand = failed.errand.raw
        ofSubject = failed.subject.isEmpty ? "(no subject)" : failed.subject
        failedWhen = seat.times.stamp(failed.failedAt)
        tries = failed.attempts == 1 ? "1 try" : "\(failed.attempts) tries"
        why =
            failed.problem.isEmpty
            ? failed.status.map { "answered \($0)" } ?? "no reason was noted" : failed.problem
    }
}
