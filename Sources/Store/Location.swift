// Where a database is: a file, or a PostgreSQL URL.
import CPostgres

/// A place a store can be opened at; printing it never shows a password.
public enum Location: Sendable, Hashable {
    case sqlite(path: String)
    case postgres(url: String)

    /// Text that names no database, and why, in one sentence.
    public struct Malformed: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// `postgres://…` or `postgresql://…`, as libpq reads it, or a file's path.
    /// - Throws: `Malformed`.
    public static func parse(_ text: String) throws -> Location {
        if text.isEmpty {
            throw Malformed(description: "The database is empty: give a file's path or postgres://….")
        }
        guard let scheme = text.range(of: "://") else {
            if text.hasPrefix("postgres:") || text.hasPrefix("postgresql:") {
                throw Malformed(description: "A PostgreSQL address begins with postgres://.")
            }
            return .sqlite(path: text)
        }
        let name = text[..<scheme.lowerBound]
        guard name == "postgres" || name == "postgresql" else {
            throw Malformed(
                description: "The database scheme '\(name)' is unknown: give postgres://… or a file's path.")
        }
        guard PostgresURL.parts(of: text) != nil else {
            // libpq's own message would quote the URL, and with it the password.
            throw Malformed(
                description: "The PostgreSQL address is malformed: "
                    + "postgres://user:password@host:port/database, special characters percent-encoded.")
        }
        return .postgres(url: text)
    }
}

extension Location: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .sqlite(let path): return path
        case .postgres(let url):
            let parts = PostgresURL.parts(of: url) ?? [:]
            let host = parts["host"] ?? "localhost"
            return "postgres at \(host), database \(parts["dbname"] ?? parts["user"] ?? "")"
        }
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A look into a PostgreSQL URL with libpq's own parser.
enum PostgresURL {
    /// The given parameters by libpq's keyword; nil when libpq cannot read the URL.
    static func parts(of url: String) -> [String: String]? {
        guard let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parts
    }

    /// A message of libpq's without the URL's secrets.
    static func scrub(_ message: String, of url: String) -> String {
        let parts = parts(of: url) ?? [:]
        var message = message
        for keyword in ["password", "sslpassword"] {
            if let secret = parts[keyword], !secret.isEmpty {
                message = message.split(separator: secret, omittingEmptySubsequences: false).joined(
                    separator: "…")
            }
        }
        return message.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
