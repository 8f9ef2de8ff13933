// Ratings of a workspace's pages at Facebook, for another system to read; what is read leaves the list of changed ones.

public import Routing
import Store

public enum FacebookRatings {
    /// Ids in one answer, the lowest first; what is read leaves the list and makes room.
    public static let listMax = 1_000_000
}

public enum FacebookRatingNoun {}
public typealias FacebookRatingID = Numbered<FacebookRatingNoun>

public struct FacebookRating: Sendable, Hashable {
    public let id: FacebookRatingID
    /// 1 to 5; 0 when it was removed.
    public let rating: Int64
    public let message: String
    /// Facebook's id of who wrote it; empty when it is not known.
    public let reviewerID: String
    public let reviewerName: String
    public let createdAt: Instant
}

extension FacebookRating {
    fileprivate init(_ row: Row) {
        id = FacebookRatingID(row.int("id"))
        rating = row.int("rating")
        message = row.text("message")
        reviewerID = row.text("reviewer_id")
        reviewerName = row.text("reviewer_name")
        createdAt = Instant(ms: row.int("created_at"))
    }
}

extension Floor {
    /// Ascending. Looking at the list changes nothing.
    public func changedFacebookRatings(in workspace: WorkspaceID) async throws -> [FacebookRatingID] {
        try await view { reader in
            try reader.query(
                """
                SELECT id FROM facebook_rating WHERE workspace = \(workspace) AND changed IS NOT NULL
                ORDER BY id LIMIT \(FacebookRatings.listMax)
                """
            ).map { FacebookRatingID($0.int("id")) }
        }
    }

    /// Reads a rating and takes it off the list of changed ones, once that is stored.
    /// - Throws: `Refusal.notFound`.
    public func facebookRating(_ id: FacebookRatingID, by principal: Principal) async throws -> FacebookRating
    {
        let workspace = principal.workspace
        let row = try await view { reader in
            try reader.query(
                "SELECT * FROM facebook_rating WHERE workspace = \(workspace) AND id = \(id)"
            ).first
        }
        guard let row else { throw Refusal.notFound("There is no Facebook rating \(id) here.") }
        if let changed = row.intOrNil("changed") {
            try await perform(Plan("clear changed rating", checksFirst: true), by: principal) { work in
                // What changed since it was read stays on the list.
                try work.execute(
                    """
                    UPDATE facebook_rating SET changed = NULL
                    WHERE workspace = \(workspace) AND id = \(id) AND changed <= \(changed)
                    """)
            }
        }
        return FacebookRating(row)
    }
}
