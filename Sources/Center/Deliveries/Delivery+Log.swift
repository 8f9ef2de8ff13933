// The log of callbacks: what was told, is to be told or never was, and who may see it.

public import Routing
import Store

/// Which deliveries a page of the log lists; nil: any.
public struct DeliveryFilter: Sendable, Hashable {
    public var state: DeliveryState?
    public var callback: CallbackID?
    public var errand: ErrandID?

    public init(state: DeliveryState? = nil, callback: CallbackID? = nil, errand: ErrandID? = nil) {
        self.state = state
        self.callback = callback
        self.errand = errand
    }

    public var isEmpty: Bool { self == DeliveryFilter() }
}

/// A delivery as the log shows it.
public struct LoggedDelivery: Sendable, Hashable {
    public let id: DeliveryID
    public let state: DeliveryState
    public let callback: CallbackID
    /// As provisioned; empty when the callback is gone.
    public let callbackName: String
    public let errand: ErrandID
    public let area: AreaID
    public let subject: String
    public let answer: AnswerID
    /// Since it was last sent by hand.
    public let attempts: Int64
    public let createdAt: Instant
    /// The next try; of a due one only.
    public let nextAt: Instant?
    /// When it was sent, given up or withdrawn.
    public let doneAt: Instant?
    /// The receiver's last HTTP status; nil when it gave none.
    public let status: Int64?
    /// What went wrong last, in words.
    public let problem: String
}

/// A page of the log, newest first.
public struct DeliveryPage: Sendable, Hashable {
    public let lines: [LoggedDelivery]
    /// Where the next page begins: after this one; nil at the end.
    public let next: DeliveryID?
    /// Whether the page ended because it had looked at `DeliveryLimits.scanMax` rows.
    public let wasCutShort: Bool
}

extension Floor {
    /// A page of deliveries in the areas that the agent serves; administrators see all, of deleted areas too.
    ///
    /// What no index finds is looked for among `DeliveryLimits.scanMax` rows; the next page looks further.
    /// - Parameter before: the last id of the page before.
    public func deliveries(
        _ filter: DeliveryFilter = DeliveryFilter(), before: DeliveryID? = nil, for agent: AgentID,
        in workspace: WorkspaceID
    ) async throws -> DeliveryPage {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent), own.active else {
            throw Refusal.notFound("There is no such agent.")
        }
        let seesAll = own.adminLevel == .administrator
        let reached = Set(directory.areas.map(\.id).filter { directory.reaches(own, $0) })
        guard seesAll || !reached.isEmpty else {
            return DeliveryPage(lines: [], next: nil, wasCutShort: false)
        }
        let pageMax = ViewLimits.pageMax
        let limit = seesAll && filter.isIndexed ? pageMax + 1 : DeliveryLimits.scanMax
        let rows = try await view { reader in
            let place = try DeliveryPlace(before, in: workspace, reader)
            return try reader.query(filter.statement(workspace, place, limit: limit))
        }
        var lines: [LoggedDelivery] = []
        for row in rows where lines.count <= pageMax {
            let line = LoggedDelivery(row, directory)
            if seesAll || reached.contains(line.area), filter.takes(line) { lines.append(line) }
        }
        if lines.count > pageMax {
            lines.removeLast()
            return DeliveryPage(lines: lines, next: lines.last?.id, wasCutShort: false)
        }
        let more = rows.count == limit
        return DeliveryPage(
            lines: lines, next: more ? rows.last.map { DeliveryID($0.int("id")) } : nil, wasCutShort: more)
    }
}

/// Where a page of the log begins: before this delivery, and not after its time.
struct DeliveryPlace {
    var id: Int64 = .max
    var at: Int64 = .max

    /// The newest.
    init() {}

    init(_ before: DeliveryID?, in workspace: WorkspaceID, _ reader: any Reading) throws {
        guard let before else { return }
        id = before.raw
        let row = try reader.query(
            "SELECT created_at FROM delivery WHERE workspace = \(workspace) AND id = \(before)"
        ).first
        if let row { at = row.int("created_at") }
    }
}

extension DeliveryFilter {
    /// Newest first: what an index finds of the filter, which is an errand's, those that wait or failed, or a
    /// callback's. The states are literals, as the indexes name them.
    func statement(_ workspace: WorkspaceID, _ place: DeliveryPlace, limit: Int) -> SQL {
        let some: SQL = """
            SELECT d.*, e.area, e.subject FROM delivery AS d
            JOIN errand AS e ON e.workspace = d.workspace AND e.id = d.errand WHERE d.workspace = \(workspace)
            """
        let byTime: SQL = """
             AND d.created_at <= \(place.at) AND (d.created_at < \(place.at) OR d.id < \(place.id))
            ORDER BY d.created_at DESC, d.id DESC LIMIT \(limit)
            """
        if let errand {
            let those: SQL = """
                SELECT id FROM delivery WHERE workspace = \(workspace) AND errand = \(errand)
                    AND id < \(place.id) ORDER BY id DESC LIMIT \(limit)
                """
            return some + " AND d.id IN (\(sql: those)) ORDER BY d.id DESC"
        }
        switch state {
        case .due: return some + " AND d.state = 1" + byTime
        case .failed: return some + " AND d.state = 3" + byTime
        case .sent, .withdrawn, nil:
            guard let callback else {
                return some + " AND d.id < \(place.id) ORDER BY d.id DESC LIMIT \(limit)"
            }
            return some + " AND d.callback = \(callback)" + byTime
        }
    }

    /// Whether nothing of the filter is left beside the index.
    fileprivate var isIndexed: Bool {
        [state != nil, callback != nil, errand != nil].count { $0 } <= 1 && !isRare
    }

    private var isRare: Bool { state == .sent || state == .withdrawn }

    fileprivate func takes(_ line: LoggedDelivery) -> Bool {
        (state == nil || state == line.state) && (callback == nil || callback == line.callback)
            && (errand == nil || errand == line.errand)
    }
}

extension LoggedDelivery {
    fileprivate init(_ row: Row, _ directory: Directory) {
        let number = row.int("state")
        guard let state = DeliveryState(rawValue: number) else {
            preconditionFailure("delivery \(row.int("id")) is in state \(number)")
        }
        id = DeliveryID(row.int("id"))
        self.state = state
        callback = CallbackID(row.int("callback"))
        callbackName = directory.callback(CallbackID(row.int("callback")))?.name ?? ""
        errand = ErrandID(row.int("errand"))
        area = AreaID(row.int("area"))
        subject = row.text("subject")
        answer = AnswerID(row.int("answer"))
        attempts = row.int("attempts")
        createdAt = Instant(ms: row.int("created_at"))
        nextAt = state == .due ? Instant(ms: row.int("next_at")) : nil
        doneAt = row.intOrNil("done_at").map(Instant.init(ms:))
        status = row.intOrNil("status")
        problem = row.textOrNil("problem") ?? ""
    }
}
