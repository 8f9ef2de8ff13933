// Plays the router's journal through a fresh router of this version, and says where it comes out otherwise.

import Routing
public import Store

/// What a replay of one workspace came to.
public struct ReplayReport: Sendable, Hashable {
    public let workspace: String
    /// Batches and inputs that were played.
    public internal(set) var batches: Int64 = 0
    public internal(set) var inputs: Int64 = 0
    /// Times a router was made from a snapshot on the way.
    public internal(set) var snapshots: Int64 = 0
    /// Batches that could not be played: another version's, or no snapshot was stored before them.
    public internal(set) var skipped: Int64 = 0
    /// When the first batch was played that was, milliseconds since 1970.
    public internal(set) var fromMs: Int64?
    public internal(set) var toMs: Int64?
    /// The first difference, in words; the replay ends there.
    public internal(set) var difference: String?

    init(workspace: String) { self.workspace = workspace }
}

public enum Replay {
    /// Rows read at once.
    static let pageMax = 200

    /// Plays what is journalled now, workspace after workspace, beside a running server or without one.
    /// - Parameter fromMs: begins with the last snapshot that is not younger, or with the oldest; nil: with the
    ///   last one.
    /// - Parameter progress: called after each page.
    /// - Throws: `Refusal` for what is not there.
    public static func run(
        _ store: Store, workspace name: String? = nil, fromMs: Int64? = nil,
        progress: @escaping @Sendable (ReplayReport) -> Void = { _ in }
    ) async throws -> [ReplayReport] {
        let all = try await store.read { reader in
            let all = try WorkspaceRows.all(reader)
            guard let name else { return all }
            let found = try WorkspaceRows.find(name, reader)
            return all.filter { $0.id == found }
        }
        var reports: [ReplayReport] = []
        for workspace in all {
            var played = Playing(workspace.id, workspace.name, store)
            try await played.run(fromMs: fromMs, progress)
            reports.append(played.report)
        }
        return reports
    }
}
