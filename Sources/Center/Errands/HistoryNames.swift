// What a line of an errand's history names besides who did it: ids and figures.

import Foundation

/// Members that the kind of line has; a line that says none has none.
public struct HistoryNames: Sendable, Hashable, Decodable {
    /// 0 for nobody.
    public var agent: Int64?
    public var area: Int64?
    public var tag: Int64?
    public var priority: Int64?
    public var level: Int64?

    /// - Parameter data: the flat JSON object of the line.
    public init(data: String) {
        self = (try? JSONDecoder().decode(Self.self, from: Data(data.utf8))) ?? Self()
    }

    private init() {}
}
