// What a link shows its customer, and the choice: once for each errand.

import Routing
import Store

/// How a link stands for the customer who follows it.
public enum SatisfactionState: Sendable, Hashable {
    /// The choice is theirs to make.
    case open
    /// A level has been chosen, now or before.
    case given(level: Int)
    /// The time for it is over.
    case over
    /// Who was asked has been erased.
    case erased
}

/// What the customer's page says.
public struct SatisfactionView: Sendable, Hashable {
    public let organisation: String
    public let asked: SatisfactionQuestion
    public let state: SatisfactionState
}

extension Floor {
    /// Shows what the link asks; nothing is counted.
    /// - Throws: `Refusal.notFound` for an errand that was never asked about.
    public func satisfaction(_ link: SatisfactionLink) async throws -> SatisfactionView {
        let missing = Refusal.notFound("There is no such question here.")
        guard let directory = roster.workspace(link.workspace) else { throw missing }
        let rows = try await view { reader in
            try reader.fetch([
                Errand.row(link.workspace, link.errand), Satisfaction.row(link.workspace, link.errand),
            ])
        }
        guard let errand = rows[0].first.map(Errand.init), let row = rows[1].first.flatMap(Satisfaction.init)
        else { throw missing }
        return SatisfactionView(
            organisation: directory.organisation.isEmpty ? directory.name : directory.organisation,
            asked: row.asked, state: row.state(of: errand, now))
    }

    /// Counts the customer's choice.
    /// - Returns: false when it does not count: one has been made before, or it is too late.
    public func chooseSatisfaction(_ link: SatisfactionLink) async throws -> Bool {
        guard roster.workspace(link.workspace) != nil else {
            throw Refusal.notFound("There is no such question here.")
        }
        let plan = Plan(
            "choose satisfaction",
            reads: [
                Errand.row(link.workspace, link.errand), Satisfaction.row(link.workspace, link.errand),
            ],
            keys: [.errand(link.errand)], checksFirst: true)
        return try await perform(plan, by: .system(link.workspace)) { work in
            guard let errand = try work.rows(0).first.map(Errand.init),
                let row = try work.rows(1).first.flatMap(Satisfaction.init)
            else { throw Refusal.notFound("There is no such question here.") }
            guard row.state(of: errand, work.now) == .open else { return false }
            try work.execute(
                """
                UPDATE satisfaction SET level = \(link.level), chosen_at = \(work.now)
                WHERE workspace = \(work.workspace) AND errand = \(errand.id)
                """)
            let level = Int64(link.level)
            try work.record(.rated, errand.id, ["level": .number(level)])
            try work.touch(
                errand.id, .errandRated, ["errand": .number(errand.id.raw), "level": .number(level)])
            return true
        }
    }
}

extension Satisfaction {
    fileprivate func state(of errand: Errand, _ now: Instant) -> SatisfactionState {
        if errand.erasedAt != nil { return .erased }
        if let level { return .given(level: level) }
        return now < openUntil ? .open : .over
    }
}
