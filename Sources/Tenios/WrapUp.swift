// /wrap-up: an agent's wrap-up ends later, or now. Source: tenios.md §4.
import Center
import Hummingbird
import Routing
import Web

extension TeniosRoutes {
    @Sendable func extendWrapUp(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "agent_email", "end_time")
        let agent = try read.wrapUpAgent()
        guard let until = WireInstant.instant(try read.text("end_time")) else {
            throw TeniosRequest.wrong("end_time")
        }
        do {
            try await floor.extendWrapUp(agent.id, until: until, by: read.caller.principal)
        } catch Refusal.notFound {
            throw TeniosError.agentNotFound(["agent_email"])
        } catch Refusal.conflict {
            throw TeniosError.notInWrapUp
        } catch Refusal.invalid {
            throw TeniosRequest.wrong("end_time")
        }
        return Self.answer(
            .ok, [:],
            JSONWriter.object { answer in
                answer.member("success", true)
                answer.member("wrap_up_end_time", WireInstant.text(until))
            })
    }

    @Sendable func cancelWrapUp(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "agent_email")
        let agent = try read.wrapUpAgent()
        do {
            try await floor.cancelWrapUp(agent.id, by: read.caller.principal)
        } catch Refusal.notFound {
            throw TeniosError.agentNotFound(["agent_email"])
        } catch Refusal.conflict {
            throw TeniosError.notInWrapUp
        }
        return Self.success
    }
}
