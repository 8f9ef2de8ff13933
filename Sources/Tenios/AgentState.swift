// /acd/agent-state: whether an agent is ready. Source: seed 003, lines 2-150; tenios.md §2.1, §2.2.
import Center
import Hummingbird
import Web

extension TeniosRoutes {
    @Sendable func retrieveState(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "email")
        return state(of: try read.agent(), for: read.caller)
    }

    /// A published client asks so; only a workspace that says so takes it, because a query ends up in logs.
    @Sendable func retrieveStateByQuery(_ request: Request, _ context: Context) async throws -> Response {
        guard takesGet else { throw Self.wrongMethod() }
        let query = try Fields(queryOf: request)
        let caller = try caller(query["access_key"], context)
        guard caller.directory.teniosGetRetrieve else { throw Self.wrongMethod() }
        try TeniosRequest.refuseUnknown(query.list.lazy.map(\.name), known: ["access_key", "email"])
        return state(of: try caller.agent(email: query["email"]), for: caller)
    }

    private func state(of agent: Agent, for caller: Caller) -> Response {
        let isReady = floor.isReady(agent, in: caller.principal.workspace)
        return Self.answer(
            .ok, [:],
            JSONWriter.object { answer in
                answer.member("email", agent.emailAddress)
                answer.member("state", Self.word(isReady))
            })
    }

    static func word(_ isReady: Bool) -> String { isReady ? "READY" : "NOT_READY" }

    @Sendable func changeState(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "email", "state", "nrr", "not_ready_reason")
        let agent = try read.agent()
        let isReady = try read.isReady()
        let (reason, name) = try Self.reason(read)
        do {
            try await floor.setReadiness(
                agent.id, Readiness(isReady: isReady, reason: reason), by: read.caller.principal)
        } catch Refusal.notFound {
            throw TeniosError.agentNotFound()
        } catch Refusal.invalid(_, pointer: "/reason") {
            throw TeniosError.reasonNotFound(name)
        }
        return Self.success
    }

    /// The not-ready reason's acronym, under its older or its newer name, and that name. Source: tenios.md §2.2.
    private static func reason(_ read: TeniosRequest) throws -> (reason: String?, name: String) {
        let older = try read.textOrNil("nrr")
        let newer = try read.textOrNil("not_ready_reason")
        if let older, let newer, older != newer {
            throw TeniosError.invalidJSON(["nrr", "not_ready_reason"])
        }
        return older == nil && newer != nil ? (newer, "not_ready_reason") : (older, "nrr")
    }
}
