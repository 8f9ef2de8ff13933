// The Agent API on one screen: which path is served by which function. Source: seed 000; cention.md §11.
package import Center
import Hummingbird
package import Web

/// Agents, their access keys and agent groups, for systems that manage them from outside.
package struct AgentAPIRoutes: Sendable {
    /// Bodies are a few fields, or lists of ids.
    static let bodyMaxBytes = 1 << 20

    static let prefix = "/s/:workspace/v1"

    let floor: Floor

    package init(floor: Floor) { self.floor = floor }

    package func add(to routes: Routes) {
        let v1 = routes.dialect(at: Self.prefix, name: .cention, fallback: PlainJSON.miss)
        v1.post("agent", use: signed(makeAgent))
        v1.get("agent", use: signed(listAgents))
        v1.put("agent/:id", use: signed(changeAgent))
        v1.delete("agent/:id", use: signed(deleteAgent))
        v1.post("agent/:id/access-key", use: signed(mintKey))
        v1.delete("agent/:id/access-key/:key", use: signed(revokeKey))
        v1.post("agent-group", use: signed(makeGroup))
        v1.put("agent-group/:id", use: signed(changeGroup))
        v1.delete("agent-group/:id", use: signed(deleteGroup))
        v1.post("agent-group/:id/add-agent", use: signed(addAgents))
        v1.post("agent-group/:id/remove-agent", use: signed(removeAgents))
    }

    private func signed(
        _ handler: @escaping @Sendable (SignedRequest, Context) async throws -> Response
    ) -> @Sendable (Request, Context) async throws -> Response {
        PlainJSON.answering(challenge: SignedRequest.scheme) { request, context in
            try await handler(try await SignedRequest(request, context, floor), context)
        }
    }

    /// The number in the path. What no id can be is not there.
    static func id(_ context: Context, _ noun: String) throws -> Int64 {
        guard let id = context.segment("id").flatMap(WireID.number) else {
            throw Refusal.notFound("There is no such \(noun).")
        }
        return id
    }

    static func ok(_ members: (inout JSONWriter) -> Void) -> Response {
        PlainJSON.answer(.ok, body: JSONWriter.object(members))
    }
}
