// Login records: when agents came and went, however it came about.

public import Routing
import Store

public struct LoginRecord: Sendable, Hashable {
    public let id: Int64
    public let agent: AgentID
    public let at: Instant
    /// `Login` or `Logout`.
    public let action: String
}

extension LoginRecord {
    /// Records of one page.
    public static let pageMax = 1_000
}

extension Floor {
    /// A page of the workspace's login records of `range`, in the order they were made.
    /// - Parameter agent: only this one's; nil for all agents'.
    /// - Parameter last: the last record of the page before.
    public func loginRecords(
        _ range: Range<Instant>, of agent: AgentID? = nil, after last: LoginRecord? = nil,
        in workspace: WorkspaceID
    ) async throws -> [LoginRecord] {
        let rows = try await view { reader in
            let one: SQL = agent.map { " AND agent = \($0)" } ?? ""
            let from: SQL = last.map { " AND (at > \($0.at) OR (at = \($0.at) AND id > \($0.id)))" } ?? ""
            return try reader.query(
                """
                SELECT id, agent, at, action FROM login_record
                WHERE workspace = \(workspace) AND at >= \(max(range.lowerBound, last?.at ?? range.lowerBound))
                    AND at < \(range.upperBound)\(sql: one)\(sql: from)
                ORDER BY at, id LIMIT \(LoginRecord.pageMax)
                """)
        }
        return rows.map {
            LoginRecord(
                id: $0.int("id"), agent: AgentID($0.int("agent")), at: Instant(ms: $0.int("at")),
                action: $0.text("action"))
        }
    }
}
