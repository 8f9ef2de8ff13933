// The journal as pages and as a stream: every event once, in order, without a gap.
import Center
import HTTPTypes
import Hummingbird
import Routing
import Synchronization
import Web

extension NeutralRoutes {
    /// Events of one page of a stream: what a slow client costs.
    private static let streamPageMax = 200

    func events(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let place = try ListPlace(request, defaultLimit: 200, limitMax: JournalLimits.pageMax)
        if request.headers[.accept]?.contains("text/event-stream") == true {
            return try await stream(caller, place, request, context)
        }
        let edges = try await floor.journal(after: .max, limit: 1, in: caller.workspace)
        let after = place.after ?? edges.floor
        let page = try await floor.journal(after: after, limit: place.limit, in: caller.workspace)
        guard after >= page.floor, after <= page.last else { throw Self.gone(after, page) }
        return answer(
            JSONWriter.object { list in
                list.array("items") { items in
                    for line in page.lines { items.object { $0.members(of: line, caller.directory) } }
                }
                list.member("next", page.lines.last?.seq ?? after)
                list.member("last", page.last)
            })
    }

    private static func gone(_ after: Int64, _ page: JournalPage) -> Problem {
        var problem = Problem(
            .gone, "events-gone",
            after < page.floor
                ? "Events up to \(page.floor) are no longer kept: read the state anew, then go on from "
                    + "\(page.last)."
                : "There is no event \(after) yet: the newest is \(page.last). Read the state anew.")
        problem.parameter = "after"
        return problem
    }

    /// From `Last-Event-ID` on, else from `after`, else from now.
    private func stream(
        _ caller: Caller, _ place: ListPlace, _ request: Request, _ context: Context
    ) async throws -> Response {
        var from = place.after
        if let header = request.headers[.lastEventID] {
            guard let number = Int64(header), number >= 0 else {
                throw Problem.parameter("Last-Event-ID", "Last-Event-ID is the id of an event.")
            }
            from = number
        }
        if from == nil {
            from = try await floor.journal(after: .max, limit: 1, in: caller.workspace).last
        }
        let cursor = CursorBox(from ?? 0)
        let bell = FeedBell()
        let workspace = caller.workspace
        let listening = try floor.bus.listen { [weak bell] events in
            if events.contains(where: { $0.workspace == workspace }) { bell?.ring() }
        }
        return context.feed(for: request, bell: bell, onEnd: { listening.cancel() }) {
            [self] in
            try await next(cursor, caller, context)
        }
    }

    /// The next page of a stream; nil when it is over.
    private func next(
        _ cursor: CursorBox, _ caller: Caller, _ context: Context
    ) async throws -> [ServerSentEvent]? {
        if cursor.isOver { return nil }
        // A token that was taken back hears nothing more.
        guard let now = try? self.caller(caller.bearer, workspace: caller.directory.name, context) else {
            return nil
        }
        let page: JournalPage
        do {
            page = try await floor.journal(
                after: cursor.seq, limit: Self.streamPageMax, in: caller.workspace)
        } catch Refusal.unavailable {
            // The client comes back where it stood.
            return nil
        }
        guard cursor.seq >= page.floor, cursor.seq <= page.last else {
            cursor.end()
            return [.reload]
        }
        if let last = page.lines.last { cursor.move(to: last.seq) }
        return page.lines.map { line in
            ServerSentEvent(
                id: String(line.seq), event: line.kind,
                data: String(
                    decoding: JSONWriter.object { $0.members(of: line, now.directory) }, as: UTF8.self))
        }
    }
}

/// How far a stream has come. Used by one task at a time.
private final class CursorBox: Sendable {
    private let state: Mutex<(seq: Int64, isOver: Bool)>

    init(_ seq: Int64) { state = Mutex((seq, false)) }

    var seq: Int64 { state.withLock { $0.seq } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func move(to seq: Int64) { state.withLock { $0.seq = seq } }
    func end() { state.withLock { $0.isOver = true } }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
