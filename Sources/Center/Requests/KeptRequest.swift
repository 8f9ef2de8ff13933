// A client's key makes a request count once: its answer is kept in the commit that carried it out.

import Foundation
import Routing
import Store

public enum KeptRequestLimits {
    /// A key that comes again within this time gets the first answer.
    public static let keptMs: Int64 = 24 * 3_600_000
    /// Keys of one workspace that are kept together.
    public static let keptMax: Int64 = 2_000_000
    /// Above this the oldest are forgotten before their time.
    public static let roomMax: Int64 = 1_500_000
    /// Verbs of one round of forgetting: some 1,600 keys a second are kept up with.
    static let verbsMax = 100
    public static let keyMaxBytes = 255
}

/// What the client said of a request besides what it asks for. Everything that differs is refused with it.
public enum Precondition: Error, Sendable, Hashable {
    /// The object is not as the client saw it.
    case tagDiffers
    /// The key came with another request.
    case keyIsAnothers
}

/// A request that is to count once.
public struct KeptRequest: Sendable, Hashable {
    /// Half of each digest tells requests apart.
    private static let letters = 32

    let key: String
    let digest: String

    /// - Parameters:
    ///   - key: the client's own.
    ///   - request: what makes it another request: its path and its body.
    public init(key: String, request: [UInt8]) {
        self.key = String(sha256Hex(key.utf8).prefix(Self.letters))
        digest = String(sha256Hex(request).prefix(Self.letters))
    }

    static func count(_ workspace: WorkspaceID) -> SQL {
        "SELECT COUNT(*) AS n FROM kept_request WHERE workspace = \(workspace)"
    }
}

extension Floor {
    /// Runs a verb of a client's; with a key that is known it only answers as it did then.
    /// - Throws: `Precondition.keyIsAnothers`; `Refusal.tooMany` when keys come faster than old ones are forgotten.
    func perform<T: Codable & Sendable>(
        _ plan: Plan, once: KeptRequest?, by principal: Principal,
        _ verb: @escaping @Sendable (Work) throws -> T
    ) async throws -> T {
        guard let once, case .token(let token) = principal.actor else {
            return try await perform(plan, by: principal, verb)
        }
        var plan = plan
        let index = plan.reads.count
        plan.reads.append(
            """
            SELECT digest, answer, at FROM kept_request WHERE workspace = \(principal.workspace)
                AND token = \(token) AND key = \(once.key)
            """)
        plan.keys.append(.replay("kept \(token) \(once.key)"))
        return try await perform(plan, by: principal) { work in
            let known = try work.rows(index).first
            if let first = known,
                first.int("at") > work.now.ms - KeptRequestLimits.keptMs
            {
                guard first.text("digest") == once.digest else { throw Precondition.keyIsAnothers }
                return try JSONDecoder().decode(T.self, from: Data(first.text("answer").utf8))
            }
            guard work.office.keptRequests < KeptRequestLimits.keptMax else {
                throw Refusal.tooMany(
                    "More than \(KeptRequestLimits.keptMax) requests with keys came within a day; send them "
                        + "without, or wait.", retryAfterS: 60)
            }
            let answer = try verb(work)
            try work.keep(once, token, answer, isNew: known == nil)
            return answer
        }
    }

    /// Forgets keys that count as new when they come again, and the oldest where there are too many.
    /// - Parameter roomMax: only tests set it.
    public func trimKeptRequests(roomMax: Int64 = KeptRequestLimits.roomMax) async throws {
        let dueAt = now.ms - KeptRequestLimits.keptMs
        for directory in roster.directories {
            for _ in 0..<KeptRequestLimits.verbsMax {
                let (old, isAll) = try await oldKeys(directory.workspace, dueAt, roomMax)
                guard !old.isEmpty else { break }
                try await forget(old, in: directory.workspace)
                if isAll { break }
            }
        }
    }

    /// - Returns: keys to forget, and whether they are all of them.
    private func oldKeys(
        _ workspace: WorkspaceID, _ dueAt: Int64, _ roomMax: Int64
    ) async throws -> ([KeptKey], isAll: Bool) {
        let kept = try await perform(Plan("count keys", checksFirst: true), by: .system(workspace)) {
            $0.office.keptRequests
        }
        return try await view { reader in
            let rows = try reader.query(
                """
                SELECT token, key, at FROM kept_request WHERE workspace = \(workspace)
                ORDER BY at LIMIT \(TrimLimits.rowsMax)
                """)
            let excess = Int(clamping: max(0, kept - roomMax))
            let old = rows.enumerated().prefix { $0.offset < excess || $0.element.int("at") <= dueAt }
            return (
                old.map {
                    KeptKey(
                        token: $0.element.int("token"), key: $0.element.text("key"), at: $0.element.int("at"))
                },
                old.count < rows.count || rows.count < TrimLimits.rowsMax
            )
        }
    }

    private func forget(_ old: [KeptKey], in workspace: WorkspaceID) async throws {
        guard let last = old.last?.at else { return }
        try await perform(Plan("trim keys", checksFirst: true), by: .system(workspace)) { work in
            for token in Set(old.map(\.token)).sorted() {
                let keys = old.filter { $0.token == token }.map(\.key)
                // A key that came again meanwhile has a younger row.
                let these: SQL = """
                    FROM kept_request WHERE workspace = \(workspace) AND token = \(token)
                        AND at <= \(last) AND key IN \(list: keys)
                    """
                work.office.keptRequests -= try work.query("SELECT COUNT(*) AS n \(sql: these)")[0].int("n")
                try work.execute("DELETE \(sql: these)")
            }
        }
    }
}

/// A key that is to be forgotten.
private struct KeptKey {
    let token: Int64
    let key: String
    let at: Int64
}

extension Work {
    /// The digest of a request is a way to prove what it said.
    func forgetRequests(of items: [WorkItemID]) throws {
        try execute(
            "DELETE FROM kept_request WHERE workspace = \(workspace) AND item IN \(list: items)")
        office.keptRequests = try query(KeptRequest.count(workspace))[0].int("n")
    }

    /// - Parameter isNew: nothing is stored under the key, however old.
    fileprivate func keep(
        _ once: KeptRequest, _ token: TokenID, _ answer: some Encodable, isNew: Bool
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(answer), as: UTF8.self)
        let item = (answer as? ItemNow)?.id
        try execute(
            """
            INSERT INTO kept_request (workspace, token, key, digest, answer, item, at)
            VALUES (\(workspace), \(token), \(once.key), \(once.digest), \(text), \(item), \(now))
            ON CONFLICT (workspace, token, key) DO UPDATE SET digest = excluded.digest,
                answer = excluded.answer, item = excluded.item, at = excluded.at
            """)
        if isNew { office.keptRequests += 1 }
    }
}
