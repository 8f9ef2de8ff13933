// POST c3_end_obcall: a telephone system says that an agent's call has ended. Source: seed 001, lines 272-297;
// cention.md §4.3.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func endOutboundCall(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .createErrand)
        let body = try await body(of: request, context)
        // The page's own sample says c3_end_errands.
        let attributes = try WireDocument(body.buffer, types: "c3_end_obcall", "c3_end_errands").attributes
        var ended = EndedCall()
        ended.integration = try attributes.requiredText("integrationName")
        ended.deviceID = try attributes.requiredInteger("deviceId")
        ended.extensionID = try attributes.requiredInteger("extensionId")
        ended.dialedNumber = try attributes.text("dialedNumber")
        let errand = try await floor.endCall(ended, by: principal)
        return JSONAPI.created("c3_end_obcall", (errand?.raw ?? 0).description)
    }
}
