// A numbered step of the schema, and what can be wrong with a database's steps.

/// One step of the schema: append-only, written once for both engines.
public struct Migration: Sendable {
    /// From 1, without gaps.
    public let number: Int
    public let name: String
    /// Statements in the neutral vocabulary; see `DDL`.
    public let script: [String]
    /// FNV-1a over the script as written, the same on both engines; tells an edit, not an attack.
    let checksum: String

    public init(number: Int, name: String, script: [String]) {
        self.number = number
        self.name = name
        self.script = script
        checksum = Self.checksum(of: script)
    }

    private static func checksum(of script: [String]) -> String {
        var hash: UInt64 = StableHash.start
        for statement in script {
            StableHash.mix(statement.utf8, into: &hash)
            StableHash.mix([0], into: &hash)
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Why a database cannot be used with this version's migrations.
public enum MigrationError: Error, Sendable, Hashable, CustomStringConvertible {
    case newer(found: Int, known: Int)
    case changed(number: Int, name: String)
    case foreign(table: String)
    case misnumbered(expected: Int, found: Int)
    /// One step could not be done, and was undone; those before it stay. No step: the tables that come before all.
    case failed(step: String?, why: String)

    public var description: String {
        switch self {
        case .newer(let found, let known):
            "This database was written by a newer Switchboard (schema \(found), this one knows \(known)); "
                + "use that version or restore a copy."
        case .changed(let number, let name):
            "Migration \(number) (\(name)) is not the one this database was made with."
        case .foreign(let table):
            "This database belongs to another program (it has a table '\(table)'); give Switchboard its own."
        case .misnumbered(let expected, let found):
            "Migration \(expected) is missing: \(found) stands in its place."
        case .failed(let step?, let why):
            "Migration \(step) of the database failed and was undone: \(why)."
        case .failed(nil, let why):
            "Switchboard's tables cannot be made in this database: \(why)."
        }
    }
}

/// FNV-1a, 64 bits: the same in every process, unlike Swift's hashes.
enum StableHash {
    static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    static func mix(_ bytes: some Sequence<UInt8>, into hash: inout UInt64) {
        for byte in bytes {
            hash ^= UInt64(byte)
            hash = hash &* 0x100_0000_01b3
        }
    }

    static func of(_ text: String) -> UInt64 {
        var hash = start
        mix(text.utf8, into: &hash)
        return hash
    }
}
