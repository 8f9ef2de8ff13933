// c3_dirty_errand_list: errands that changed since they were read. Source: seed 001, lines 709-747; cention.md §5.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func changedErrands(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .errandData)
        try Negotiation.checkAnswer(request.headers)
        let fields = try SparseFields(request, "c3_dirty_errand_list", of: ["errands"])
        let errands = try await floor.changedErrands(in: principal.workspace)
        let document = JSONWriter.object { document in
            document.object("data") { data in
                data.member("type", "c3_dirty_errand_list")
                data.member("id", "0")
                data.object("attributes") { attributes in
                    guard fields.has("errands") else { return }
                    attributes.array("errands") { list in errands.forEach { list.element($0.raw) } }
                }
            }
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    @Sendable func markChanged(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .errandData)
        let body = try await body(of: request, context)
        let attributes = try WireDocument(body.buffer, types: "c3_dirty_errand_list").attributes
        guard let elements = try attributes.array("errands") else { throw attributes.missing("errands") }
        let errands = try elements.enumerated().map { index, element in
            guard let id = element.integer ?? element.string.flatMap(WireID.number) else {
                throw Refusal.invalid(
                    "Expected a whole number here.", pointer: "\(attributes.pointer(to: "errands"))/\(index)")
            }
            return ErrandID(id)
        }
        try await floor.markChanged(errands, by: principal)
        return JSONAPI.created("c3_dirty_errand_list", "0")
    }
}
