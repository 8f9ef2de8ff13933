// Access keys of TENIOS's API: opaque, kept as a SHA-256, known over the whole server.

public enum TeniosKeyNoun {}
public typealias TeniosKeyID = Numbered<TeniosKeyNoun>

public struct TeniosKey: Sendable, Hashable {
    public let id: TeniosKeyID
    public let workspace: WorkspaceID
    public let name: String
    /// Lower-case hex SHA-256 of the key.
    let digest: String

    /// Characters between the dashes of a minted key.
    private static let groups = [5, 4, 6, 5, 6]
    /// 32 letters that nobody mistakes for one another: five bits each, 130 in all.
    private static let letters = Array("ABCDEFGHJKMNPQRSTVWXYZ0123456789".utf8)

    /// A new key, in the vendor's form and longer.
    static func mint() -> String {
        groups.map { count in
            String(decoding: randomBytes(count).map { letters[Int($0 & 31)] }, as: UTF8.self)
        }
        .joined(separator: "-")
    }

    static func digest(of key: String) -> String { sha256Hex(key.utf8) }
}

extension Floor {
    /// Who asks with this access key, and in which workspace; nil when there is no such key.
    ///
    /// The digest in the roster is the whole check, as for access tokens.
    package func bearer(teniosKey key: String) -> (principal: Principal, directory: Directory)? {
        guard let known = roster.teniosKey(digest: TeniosKey.digest(of: key)),
            let directory = roster.workspace(known.workspace)
        else { return nil }
        return (
            Principal(workspace: known.workspace, actor: .teniosKey(known.id), via: .tenios), directory
        )
    }
}
