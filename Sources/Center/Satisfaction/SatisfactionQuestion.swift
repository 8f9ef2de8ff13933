// What an area asks its customers with each answer: a question and five levels.

import Foundation

/// The satisfaction meter's question and the labels of its levels, the first of level 1.
public struct SatisfactionQuestion: Codable, Sendable, Hashable {
    /// Source: seed 001, lines 1458-1462 (`satisfaction_meter_answer_1` to `_5`).
    public static let levels = 1...5

    public let question: String
    public let labels: [String]

    /// - Parameter labels: as many as there are levels.
    init(question: String, labels: [String]) {
        precondition(labels.count == Self.levels.count, "\(labels.count) labels")
        self.question = question
        self.labels = labels
    }

    public func label(_ level: Int) -> String { labels[level - 1] }
}

extension SatisfactionQuestion {
    /// As rows hold it.
    init?(json: String?) {
        guard let json, let read = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)),
            read.labels.count == Self.levels.count
        else { return nil }
        self = read
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else { preconditionFailure("texts that are no JSON") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
