// A page at Facebook with ratings, of which two changed since they were read: the seed's sample and another.
import Routing
import Testing

@testable import Center

enum RatedPage {
    static func made(on server: WireServer) async throws {
        let directory = try #require(server.floor.roster.workspace(named: "demo"))
        let page = try #require(directory.facebookPages.first)
        let at = Instant(ms: 1_489_569_020_000)
        func rating(_ story: String) -> FacebookRatingChange {
            FacebookRatingChange(
                page: page.id, verb: .add, story: story, message: "Fine.", rating: 4, createdAt: at, at: at)
        }
        var sample = rating("111_3")
        sample.reviewerID = "2117249628"
        sample.reviewerName = "Jessica Elizabeth"
        sample.message = "Hi its a really great page. It helps to find more people:)"
        sample.rating = 5
        var slow = rating("111_4")
        slow.message = "Slow."
        slow.rating = 1
        slow.createdAt = at + 1_000
        try await server.floor.noteFacebookRatings(
            [rating("111_1"), rating("111_2"), sample, slow], in: directory.workspace)
        let reader = Principal(workspace: directory.workspace, actor: .operator, via: .system)
        for id in 1...2 { _ = try await server.floor.facebookRating(FacebookRatingID(Int64(id)), by: reader) }
    }
}
