// The key from which every other is derived; `data/secret.key`, for the owner's eyes only.

import Crypto
import Foundation
public import Store

/// 32 random bytes. Whoever has it can read sealed secrets and mint tokens.
public struct MasterKey: Sendable {
    static let byteCount = 32
    static let fileName = "secret.key"
    private let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    /// Reads the folder's key; makes one when there is none.
    /// - Throws: a sentence when the file cannot be read, is open to others, or is not a key.
    public static func load(folder: String) throws -> MasterKey {
        let path = folder + "/" + fileName
        if let existing = FileManager.default.contents(atPath: path) {
            let text = String(decoding: existing, as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines)
            guard let bytes = Data(base64Encoded: text), bytes.count == byteCount else {
                throw SecretProblem(
                    "\(path) is not a key of \(byteCount) bytes in base64; restore it from a copy.")
            }
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
            guard mode & 0o077 == 0 else {
                throw SecretProblem("\(path) can be read by others; run: chmod 600 \(path)")
            }
            return MasterKey(SymmetricKey(data: bytes))
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw SecretProblem("\(path) cannot be read; check its owner and rights.")
        }
        let fresh = randomBytes(byteCount)
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SecretProblem("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data((Data(fresh).base64EncodedString() + "\n").utf8))
        try file.synchronize()
        return MasterKey(SymmetricKey(data: fresh))
    }

    /// Loads the folder's key and holds it against what the database remembers of its own.
    ///
    /// A database that remembers none gets to know this one; a folder without a key never makes one beside a
    /// database that was written with another.
    static func load(folder: String, for connection: any Connection) throws -> MasterKey {
        let known = try fingerprint(connection)
        if known != nil { try check(folder: folder, connection) }
        let key = try load(folder: folder)
        if known == nil {
            try connection.begin()
            do {
                try connection.execute(
                    "INSERT INTO master_key (number, fingerprint) VALUES (1, \(key.fingerprint))")
                try connection.commit()
            } catch {
                connection.rollback()
                throw error
            }
        }
        return key
    }

    /// - Throws: a sentence when the folder has no key, or another than the one the database was written with.
    static func check(folder: String, _ connection: any Connection) throws {
        guard let known = try fingerprint(connection) else { return }
        let advice =
            "copy \(fileName) from the data folder of the server that has served it so far, or see "
            + "'switchboard forget-key --help'."
        guard FileManager.default.fileExists(atPath: folder + "/" + fileName) else {
            throw SecretProblem("The data folder \(folder) has no key for this database; \(advice)")
        }
        guard constantTimeEqual(Array(try load(folder: folder).fingerprint.utf8), Array(known.utf8)) else {
            throw SecretProblem(
                "The key in the data folder \(folder) is not the one this database was written with; \(advice)"
            )
        }
    }

    /// Lets the database meet another key; what was sealed with the lost one stays unreadable.
    /// - Throws: `StoreError.fenced` while a server owns the database.
    public static func forget(in store: Store) throws {
        let connection = try store.engine.connect()
        defer { connection.close() }
        try Migrator.migrate(connection, Schema.migrations, now: Floor.wallClock())
        _ = try connection.claim(scope: Floor.scope)
        try connection.begin()
        do {
            try connection.execute("DELETE FROM master_key")
            try connection.commit()
        } catch {
            connection.rollback()
            throw error
        }
    }

    /// Nil for a database that has never been served.
    private static func fingerprint(_ connection: any Connection) throws -> String? {
        guard try Migrator.check(connection, Schema.migrations) >= Schema.standby.number else { return nil }
        return try connection.query("SELECT fingerprint FROM master_key WHERE number = 1").first?
            .text("fingerprint")
    }

    /// Tells keys apart and nothing about the key.
    private var fingerprint: String {
        derived("fingerprint").withUnsafeBytes { sha256Hex(Array($0)) }
    }

    /// A key of its own for `purpose`.
    func derived(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("switchboard/\(purpose)".utf8), outputByteCount: Self.byteCount)
    }

    /// Seals a secret that must be recoverable (AES-GCM); `context` must be the same to open it.
    func seal(_ secret: String, context: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Data(secret.utf8), using: derived("seal"), authenticating: Data(context.utf8))
        guard let combined = box.combined else { throw SecretProblem("sealing failed") }
        return [UInt8](combined)
    }

    func open(_ sealed: [UInt8], context: String) throws -> String {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let bytes = try AES.GCM.open(box, using: derived("seal"), authenticating: Data(context.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }
}

public struct SecretProblem: Error, CustomStringConvertible, Sendable {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// Bytes from the system's generator.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
}

/// A random word of `count` characters from `[A-Za-z0-9_-]`.
func randomWord(_ count: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)
    return String(decoding: randomBytes(count).map { letters[Int($0 & 63)] }, as: UTF8.self)
}

/// Lower-case hex SHA-256.
package func sha256Hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.withContiguousStorageIfAvailable { sha256Hex(UnsafeRawBufferPointer($0)) }
        ?? Array(bytes).withUnsafeBytes { sha256Hex($0) }
}

package func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hash.finalize().withUnsafeBytes { hex($0) }
}

/// Lower-case hex, without a list in between: it is on the way of every request.
package func hex(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { out in
        var count = 0
        for byte in bytes {
            out[count] = hexDigit(byte >> 4)
            out[count + 1] = hexDigit(byte & 15)
            count += 2
        }
        return count
    }
}

private func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}
