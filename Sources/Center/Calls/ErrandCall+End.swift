// The call behind an errand is over: the agent goes on to wrap-up, and the errand says when it was.

import Routing
import Store

/// What an integration says of a call that has ended. Source: seed 001, lines 272-297.
public struct EndedCall: Sendable, Hashable {
    public var integration = ""
    public var deviceID: Int64 = 0
    public var extensionID: Int64 = 0
    /// Empty: not told.
    public var dialedNumber = ""

    public init() {}
}

extension Floor {
    /// Ends the call that the agent at this device and extension is in.
    ///
    /// Of several, the one with the dialed number, else the newest. An agent without one is left alone.
    /// - Returns: the call's errand; nil when there is no such call in the token's reach.
    /// - Throws: `Refusal.notFound` when nobody has that device and extension, `.invalid` for an integration that the
    ///   workspace does not list.
    public func endCall(_ ended: EndedCall, by principal: Principal) async throws -> ErrandID? {
        let plan = Plan(
            "end call",
            reads: [Agent.sitting(at: ended.deviceID, ended.extensionID, in: principal.workspace)],
            checksFirst: true)
        return try await perform(plan, by: principal) { work in
            try work.requireClaim(.createErrand)
            guard work.directory.integrations.contains(ended.integration) else {
                throw Refusal.invalid(
                    work.directory.integrations.isEmpty
                        ? "This workspace lists no integration; provision one."
                        : "integrationName is one of \(work.directory.integrations.joined(separator: ", ")).",
                    pointer: "/data/attributes/integrationName")
            }
            guard let agent = try work.rows(0).first.map({ AgentID($0.int("id")) }) else {
                throw Refusal.notFound(
                    "No agent here has the device \(ended.deviceID) and the extension \(ended.extensionID).")
            }
            guard let call = try work.call(of: agent, ended) else { return nil }
            work.route(.finish(call.item))
            return call.errand
        }
    }
}

extension Work {
    fileprivate func call(
        of agent: AgentID, _ ended: EndedCall
    ) throws -> (item: WorkItemID, errand: ErrandID)? {
        guard case .token(let id) = principal.actor,
            let token = directory.tokens.first(where: { $0.id == id })
        else { return nil }
        let calls = calls(of: agent)
        guard !calls.isEmpty else { return nil }
        let rows = try query(
            """
            SELECT e.*, c.dest_number, c.integration FROM errand e
            JOIN errand_call c ON c.workspace = e.workspace AND c.errand = e.id
            WHERE e.workspace = \(workspace) AND e.id IN \(list: calls.map(\.errand))
            """
        ).filter { token.reaches(Errand($0)) && $0.text("integration") == ended.integration }
        let within = Set(rows.map { ErrandID($0.int("id")) })
        let dialed = foldedFrom(ended.dialedNumber)
        let named = Set(
            rows.filter {
                !dialed.isEmpty
                    && [foldedFrom($0.text("from_address")), foldedFrom($0.text("dest_number"))].contains(
                        dialed)
            }.map { ErrandID($0.int("id")) })
        let reached = calls.filter { within.contains($0.errand) }
        return reached.first { named.contains($0.errand) } ?? reached.first
    }

    /// The conversation of an errand's call is over, whoever ended it.
    func callEnded(_ item: WorkItemID) throws {
        guard let errand = office.externals[item]?.errand else { return }
        office.externals[item]?.errand = nil
        try execute(
            """
            UPDATE errand_call SET ended_at = \(now)
            WHERE workspace = \(workspace) AND item = \(item) AND ended_at IS NULL
            """)
        try record(.callEnded, errand)
        let seq = try tell(.errandCallEnded, .errand, errand.raw, ["errand": .number(errand.raw)])
        try dirty(errand, seq)
    }
}
