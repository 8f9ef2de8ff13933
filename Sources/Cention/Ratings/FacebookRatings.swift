// c3_dirty_facebook_ratings and c3_facebook_ratings/<id>: what customers say of a page at Facebook.
// Source: seed 001, lines 748-787; cention.md §5, §14.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func changedRatings(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .errandData)
        try Negotiation.checkAnswer(request.headers)
        let ratings = try await floor.changedFacebookRatings(in: principal.workspace)
        let document = JSONWriter.object { document in
            document.array("data") { list in
                for id in ratings {
                    list.object {
                        $0.member("type", "c3_dirty_facebook_ratings")
                        $0.member("id", id.description)
                    }
                }
            }
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    @Sendable func facebookRating(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .errandData)
        try Negotiation.checkAnswer(request.headers)
        let fields = try SparseFields(request, "c3_facebook_ratings", of: ["c3_id", "data"])
        guard let id = context.segment("id").flatMap(WireID.number) else {
            throw Refusal.notFound("There is no such Facebook rating here.")
        }
        let rating = try await floor.facebookRating(FacebookRatingID(id), by: principal)
        let document = JSONWriter.object { document in
            document.object("data") { data in
                data.member("type", "c3_facebook_ratings")
                data.member("id", String(id))
                data.object("attributes") { attributes in
                    if fields.has("c3_id") { attributes.member("c3_id", id) }
                    guard fields.has("data") else { return }
                    attributes.object("data") { rating.write(to: &$0) }
                }
            }
        }
        return JSONAPI.answer(.ok, [:], document)
    }
}

extension FacebookRating {
    fileprivate func write(to data: inout JSONWriter) {
        // As printed: reading it has taken it off the list.
        data.member("isChanged", false)
        data.member("message", message)
        data.member("rating", rating)
        data.member("ratingId", id.raw)
        // Facebook's ids are digits; 0 where there is none.
        data.member("reviewerId", WireID.number(reviewerID) ?? 0)
        data.member("reviewerName", reviewerName)
        data.member("timestampCreated", createdAt.ms / 1_000)
    }
}
