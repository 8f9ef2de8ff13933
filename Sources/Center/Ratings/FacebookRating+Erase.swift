// A person who is erased is no longer told of by ratings of pages at Facebook either.

import Routing
import Store

extension PersonalData {
    static let facebookRating = Table(
        name: "facebook_rating",
        blanks: [
            "reviewer_id": .text(""), "reviewer_name": .text(""), "message": .text(""),
        ])
}

extension Floor {
    /// Overwrites the ratings of those who are one of these addresses at Facebook: their id there, with or without
    /// the host that contact cards have behind it.
    /// - Returns: how many there were.
    func eraseFacebookRatings(from addresses: [String], by principal: Principal) async throws -> Int {
        let workspace = principal.workspace
        let reviewers = Set(
            addresses.map { fold($0) }.map { address in
                address.hasSuffix("@facebook.com") ? String(address.dropLast("@facebook.com".count)) : address
            }
        ).subtracting([""]).sorted()
        guard !reviewers.isEmpty else { return 0 }
        var count = 0
        while true {
            let ratings = try await view { reader in
                try reader.query(
                    """
                    SELECT id FROM facebook_rating WHERE workspace = \(workspace)
                        AND reviewer_id IN \(list: reviewers) AND reviewer_id <> \("")
                    ORDER BY reviewer_id, id LIMIT \(ErasureLimits.rowsMax)
                    """
                ).map { FacebookRatingID($0.int("id")) }
            }
            guard !ratings.isEmpty else { return count }
            count += ratings.count
            try await perform(Plan("erase ratings", checksFirst: true), by: principal) { work in
                for rating in ratings {
                    let seq = try work.tell(
                        .ratingErased, .facebookRating, rating.raw, ["rating": .number(rating.raw)])
                    // Unique, and nothing that Facebook ever tells of again.
                    try work.execute(
                        PersonalData.facebookRating.overwrite(
                            ", story = \("ERASED/\(rating)"), changed = \(seq), erased_at = \(work.now)")
                            + "WHERE workspace = \(workspace) AND id = \(rating)")
                }
            }
        }
    }
}
