// Requests for new errands that came within a day, so that one that comes again gets its errand's id again.

import Routing
import Store

/// What makes two requests the same one.
struct KnownRequest: Sendable {
    let token: TokenID
    let digest: String

    /// Half of a digest tells requests apart.
    private static let letters = 32

    /// Nil without a message id or a digest: each is a new one.
    init?(_ new: NewErrand, token: TokenID) {
        guard !new.messageID.isEmpty, !new.requestDigest.isEmpty else { return nil }
        self.token = token
        // Of the request as it came, its message id in it.
        digest = String(new.requestDigest.prefix(Self.letters))
    }

    init(_ row: Row) {
        token = TokenID(row.int("token"))
        digest = row.text("digest")
    }
}

/// Where the row of a request is, if there is one.
///
/// The rows lie in the order of their errands, where one more costs next to nothing; an index of digests would be
/// written on another page for each. Only the rows count: an entry whose row is gone, or another's, says nothing.
struct KnownRequests: Sendable {
    /// Of a workspace; the oldest go before their time where there are more. About 34 MB.
    static let requestsMax = 1_500_000

    let requestsMax: Int
    /// By hashes that differ from server to server.
    private var errands: [Int: Int64] = [:]

    /// - Parameter requestsMax: only tests set it.
    init(requestsMax: Int = Self.requestsMax) { self.requestsMax = requestsMax }

    var count: Int { errands.count }
    var isFull: Bool { count >= requestsMax }

    func errand(of request: KnownRequest) -> ErrandID? { errands[key(request)].map(ErrandID.init) }

    mutating func note(_ request: KnownRequest, _ errand: ErrandID) { errands[key(request)] = errand.raw }

    /// Unless the request came again since, and has a younger errand.
    mutating func forget(_ request: KnownRequest, _ errand: ErrandID) {
        let key = key(request)
        if errands[key] == errand.raw { errands[key] = nil }
    }

    private func key(_ request: KnownRequest) -> Int {
        var hasher = Hasher()
        hasher.combine(request.token)
        hasher.combine(request.digest)
        return hasher.finalize()
    }

    static func rows(of errands: [ErrandID], in workspace: WorkspaceID) -> SQL {
        "SELECT errand, token, digest FROM replay WHERE workspace = \(workspace) AND errand IN \(list: errands)"
    }

    static func read(
        _ workspace: WorkspaceID, requestsMax: Int = Self.requestsMax, _ reader: any Reading
    ) throws -> KnownRequests {
        var index = KnownRequests(requestsMax: requestsMax)
        try reader.forEach(
            "SELECT errand, token, digest FROM replay WHERE workspace = \(workspace) ORDER BY errand"
        ) { row in
            index.note(KnownRequest(row), ErrandID(row.int("errand")))
        }
        return index
    }
}

extension Work {
    /// What a request made that came within the last day.
    func errand(of request: KnownRequest) throws -> ErrandID? {
        guard let errand = office.knownRequests.errand(of: request) else { return nil }
        let rows = try query(
            """
            SELECT at FROM replay WHERE workspace = \(workspace) AND errand = \(errand)
                AND token = \(request.token) AND digest = \(request.digest)
            """)
        return rows.first.flatMap { $0.int("at") > now.ms - ErrandLimits.replayMs ? errand : nil }
    }

    func remember(_ request: KnownRequest, _ errand: ErrandID) throws {
        if office.knownRequests.isFull { try forgetOldest() }
        try execute(
            """
            INSERT INTO replay (workspace, errand, token, digest, at)
            VALUES (\(workspace), \(errand), \(request.token), \(request.digest), \(now))
            """)
        office.knownRequests.note(request, errand)
    }

    /// Some at once, and what has no row any more: a verb that failed leaves its entry behind.
    private func forgetOldest() throws {
        let requestsMax = office.knownRequests.requestsMax
        let oldest = try query(
            """
            SELECT errand, token, digest FROM replay WHERE workspace = \(workspace) ORDER BY errand
            LIMIT \(min(TrimLimits.rowsMax, requestsMax / 2))
            """)
        if let last = oldest.last { try forget(oldest, upTo: last.int("errand")) }
        guard office.knownRequests.isFull else { return }
        office.knownRequests = try KnownRequests.read(workspace, requestsMax: requestsMax, connection)
    }

    fileprivate func forget(_ rows: [Row], upTo last: Int64) throws {
        try execute("DELETE FROM replay WHERE workspace = \(workspace) AND errand <= \(last)")
        forget(rows)
    }

    /// - Parameter rows: `KnownRequests.rows` of the errands.
    func forgetRequests(_ rows: [Row], of errands: [ErrandID]) throws {
        try execute("DELETE FROM replay WHERE workspace = \(workspace) AND errand IN \(list: errands)")
        forget(rows)
    }

    private func forget(_ rows: [Row]) {
        for row in rows { office.knownRequests.forget(KnownRequest(row), ErrandID(row.int("errand"))) }
    }
}

extension Floor {
    /// Forgets requests that count as new when they come again.
    public func trimReplays() async throws {
        let cutoff = now.ms - ErrandLimits.replayMs
        for directory in roster.directories {
            let workspace = directory.workspace
            for _ in 0..<TrimLimits.verbsMax {
                let oldest = try await view { reader in
                    try reader.query(
                        """
                        SELECT errand, token, digest, at FROM replay WHERE workspace = \(workspace)
                        ORDER BY errand LIMIT \(TrimLimits.rowsMax)
                        """)
                }
                let old = Array(oldest.prefix { $0.int("at") <= cutoff })
                guard let last = old.last?.int("errand") else { break }
                try await perform(Plan("trim replays", checksFirst: true), by: .system(workspace)) { work in
                    try work.forget(old, upTo: last)
                }
                if old.count < TrimLimits.rowsMax { break }
            }
        }
    }
}
