// Every workspace's directory, for readers on any thread.

import Routing
import Synchronization

/// Replaced whole after each commit that changed settings.
public final class Roster: Sendable {
    private struct Content {
        var byName: [String: Directory] = [:]
        var byID: [WorkspaceID: Directory] = [:]
        var tokens: [String: AccessToken] = [:]
        var teniosKeys: [String: TeniosKey] = [:]
    }
    private let content = Mutex(Content())

    init() {}

    func replace(_ directories: [Directory]) {
        var fresh = Content()
        for directory in directories where !directory.name.isEmpty {
            fresh.byName[directory.name] = directory
            fresh.byID[directory.workspace] = directory
            for token in directory.tokens { fresh.tokens[token.digest] = token }
            for key in directory.teniosKeys { fresh.teniosKeys[key.digest] = key }
        }
        let ready = fresh
        content.withLock { $0 = ready }
    }

    public func workspace(named name: String) -> Directory? { content.withLock { $0.byName[name] } }
    public func workspace(_ id: WorkspaceID) -> Directory? { content.withLock { $0.byID[id] } }
    /// Ascending by id.
    public var directories: [Directory] {
        content.withLock { $0.byID.values.sorted { $0.workspace < $1.workspace } }
    }

    /// The token whose SHA-256 is `digest`.
    func token(digest: String) -> AccessToken? { content.withLock { $0.tokens[digest] } }

    func teniosKey(digest: String) -> TeniosKey? { content.withLock { $0.teniosKeys[digest] } }
}
