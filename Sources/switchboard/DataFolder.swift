// The data folder: made when missing, locked by the server that uses it, with the control socket in it.

import Foundation
import Store

/// Holds the folder's lock as long as it lives.
final class DataFolder: Sendable {
    let path: String
    private let lock: Int32

    /// - Throws: a sentence when the folder cannot be made or written, or another server has it.
    init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Sentence("The data folder \(path) cannot be made; check the rights of the folder above it.")
        }
        lock = try lockedFile(path + "/lock", of: "data folder \(path)")
    }

    deinit { close(lock) }
}

/// Holds an SQLite file's lock as long as it lives: two data folders could name one file.
final class DatabaseLock: Sendable {
    private let lock: Int32

    /// Nil for PostgreSQL, which is claimed inside the database.
    init?(_ location: Location) throws {
        guard case .sqlite(let path) = location else { return nil }
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        lock = try lockedFile(file + ".lock", of: "database \(file)")
    }

    deinit { close(lock) }
}

/// What is wanted is in use by another server.
struct InUse: Error, CustomStringConvertible {
    let what: String
    let holder: String
    var description: String {
        "Another Switchboard\(holder.isEmpty ? "" : " (process \(holder))") uses the \(what); stop it first."
    }
}

/// Opens a file that only one process may have, with that process's number in it.
private func lockedFile(_ file: String, of what: String) throws -> Int32 {
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        throw Sentence("The \(what) cannot be written: \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let holder = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        close(descriptor)
        throw InUse(what: what, holder: holder.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    ftruncate(descriptor, 0)
    let text = "\(getpid())\n"
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    return descriptor
}

/// The control socket of a data folder, by a path short enough for a socket's address.
struct ControlSocket: Sendable {
    static let name = "control.sock"
    /// By way of an open folder: the address of a Unix socket holds 107 bytes only.
    let path: String
    private let file: String

    init(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Sentence("There is no data folder \(folder).") }
        path = "/proc/self/fd/\(descriptor)/\(Self.name)"
        file = folder + "/" + Self.name
    }

    /// Removes what a killed server left; only for who holds the folder's lock.
    func removeStale() { unlink(file) }

    /// Only the folder's owner may use it.
    func protect() { chmod(file, 0o600) }
}
