// An agent's access keys, as administrators make and revoke them.
import Center
import Hummingbird
import Routing
import Web

/// The access keys of an agent.
struct AgentKeys {
    static let formID = "new-key"

    struct Line {
        let keyID: String
        let keyName: String
        let keyMade: Stamp
        let keyEnds: Stamp?
        /// `in force`, `revoked`, `expired`
        let keyState: String
        let isKeyInForce: Bool
    }

    let keyLines: [Line]
    let hasKeyLines: Bool
    let keyForms: [EntryForm]

    init(_ agent: Agent, _ keys: [KnownAccessKey], _ seat: Seat, _ refused: RefusedForm?) {
        keyLines = keys.map { key in
            let isInForce = key.isInForce(at: seat.times.now)
            return Line(
                keyID: key.id, keyName: key.name, keyMade: seat.times.stamp(key.createdAt),
                keyEnds: key.expiry == 0 ? nil : seat.times.stamp(Expiry.instant(key.expiry)),
                keyState: key.revokedAt != nil ? "revoked" : isInForce ? "in force" : "expired",
                isKeyInForce: isInForce)
        }
        hasKeyLines = !keyLines.isEmpty
        let maker = EntryForm.Maker(Self.formID, refused)
        keyForms = [
            maker.form(
                "Add an access key", "\(seat.base)/admin/agents/\(agent.id.raw)/keys",
                note:
                    "With it a program signs requests to the Agent API as this agent, or signs the agent in. Its secret is shown "
                    + "once.",
                button: "Add", [("", [maker.date("expiry", "Last day; empty: for ever", "")])])
        ]
    }
}

extension AgentDesk {
    func mintKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let outcome = try await carryOut(seat, AgentKeys.formID, fields) {
            let expiry = try Expiry.seconds(fields["expiry"] ?? "", seat)
            return try await floor.mintAccessKey(for: agent.id, expiry: expiry, by: seat.principal)
        }
        switch outcome {
        case .refused(let refused): return try await agentPage(agent, seat, request, refused: refused)
        case .done(let key):
            let minted = Minted(
                "An access key for \(agent.displayName) is made.",
                "Copy its secret now: it cannot be shown again.",
                ["Access key id": key.id, "Secret access key": key.secret])
            return try await agentPage(agent, seat, request, minted: minted)
        }
    }

    func revokeKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        try await floor.revokeAccessKey(fields["key"] ?? "", of: agent.id, by: seat.principal)
        return .seeOther("\(seat.base)/admin/agents/\(agent.id.raw)?said=\(Said.keyRevoked.rawValue)")
    }
}
