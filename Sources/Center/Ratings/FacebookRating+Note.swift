// What Facebook tells of ratings becomes rows: told twice it is the same, told late it does not undo what came after.

import Foundation
public import Routing
import Store

/// One change of a rating, as a page's webhook tells it.
public struct FacebookRatingChange: Sendable, Hashable {
    /// A later one wins over an earlier one of the same second.
    public enum Verb: Int64, Sendable, Hashable {
        case add = 1
        case edit = 2
        case remove = 3
    }

    public var page: FacebookPageID
    public var verb: Verb
    /// What names the rating: Facebook's id of the story, or who wrote it.
    public var story: String
    public var reviewerID: String
    /// nil: not said.
    public var reviewerName: String?
    public var message: String
    /// 0 to 5.
    public var rating: Int64
    /// nil: not said.
    public var createdAt: Instant?
    /// When Facebook sent it.
    public var at: Instant

    public init(
        page: FacebookPageID, verb: Verb, story: String, reviewerID: String = "", reviewerName: String? = nil,
        message: String = "", rating: Int64 = 0, createdAt: Instant? = nil, at: Instant
    ) {
        self.page = page
        self.verb = verb
        self.story = story
        self.reviewerID = reviewerID
        self.reviewerName = reviewerName
        self.message = message
        self.rating = rating
        self.createdAt = createdAt
        self.at = at
    }
}

public enum FacebookRatingLimits {
    /// Bytes of a text that are kept.
    public static let messageMax = 64 << 10
    public static let nameMax = 1_000
    /// Bytes of an id that is one.
    public static let idMax = 200
    /// Changes that one verb stores.
    static let atOnceMax = 200
}

extension Floor {
    /// Stores the changes in their order; what is known already changes nothing, so that all may be told again.
    public func noteFacebookRatings(
        _ changes: [FacebookRatingChange], in workspace: WorkspaceID
    ) async throws {
        var rest = changes[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(FacebookRatingLimits.atOnceMax))
            rest = rest.dropFirst(slice.count)
            try await perform(Plan("note ratings"), by: .system(workspace)) { work in
                for change in slice { try work.note(change) }
            }
        }
    }
}

extension Work {
    fileprivate func note(_ change: FacebookRatingChange) throws {
        // The page may be gone since its message was checked.
        guard directory.facebookPages.contains(where: { $0.id == change.page }) else { return }
        let known = try query(
            """
            SELECT * FROM facebook_rating WHERE workspace = \(workspace) AND page = \(change.page)
                AND story = \(change.story)
            """
        ).first
        guard let known else {
            guard change.verb != .remove else { return }
            return try add(change)
        }
        let last = (known.int("event_at"), known.int("event_verb"))
        guard (change.at.ms, change.verb.rawValue) >= last else { return }
        // Who withdraws a rating withdraws its words.
        let isGone = change.verb == .remove
        let name = isGone ? "" : change.reviewerName ?? known.text("reviewer_name")
        let reviewer = change.reviewerID.isEmpty ? known.text("reviewer_id") : change.reviewerID
        let message = isGone ? "" : change.message
        let rating = isGone ? 0 : change.rating
        let createdAt = change.createdAt?.ms ?? known.int("created_at")
        let isSame =
            name == known.text("reviewer_name") && reviewer == known.text("reviewer_id")
            && message == known.text("message") && rating == known.int("rating")
            && createdAt == known.int("created_at")
            && isGone == (last.1 == FacebookRatingChange.Verb.remove.rawValue)
        let id = known.int("id")
        try execute(
            """
            UPDATE facebook_rating SET event_at = \(change.at), event_verb = \(change.verb.rawValue)
            WHERE workspace = \(workspace) AND id = \(id)
            """)
        guard !isSame else { return }
        let seq = try tell(
            .ratingChanged, .facebookRating, id,
            ["rating": .number(id), "verb": .number(change.verb.rawValue)])
        try execute(
            """
            UPDATE facebook_rating SET reviewer_id = \(reviewer), reviewer_name = \(name), message = \(message),
                rating = \(rating), created_at = \(createdAt), changed = \(seq)
            WHERE workspace = \(workspace) AND id = \(id)
            """)
    }

    private func add(_ change: FacebookRatingChange) throws {
        let id = next(.facebookRating)
        let seq = try tell(
            .ratingChanged, .facebookRating, id,
            ["rating": .number(id), "verb": .number(change.verb.rawValue)])
        try execute(
            """
            INSERT INTO facebook_rating (workspace, id, page, story, reviewer_id, reviewer_name, message, rating,
                created_at, event_at, event_verb, changed)
            VALUES (\(workspace), \(id), \(change.page), \(change.story), \(change.reviewerID),
                \(change.reviewerName ?? ""), \(change.message), \(change.rating),
                \(change.createdAt ?? change.at), \(change.at), \(change.verb.rawValue), \(seq))
            """)
    }
}
