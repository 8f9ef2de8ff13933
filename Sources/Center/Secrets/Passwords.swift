// Passwords: scrypt in PHC form, off the event loops, two at a time.

import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// The logarithm of scrypt's N; verifying follows what a stored hash says.
public enum PasswordCost: Int, Sendable {
    case standard = 14
    /// For tests that are about something else.
    case least = 4
}

/// Makes and checks password hashes. One costs about 50 ms and 16 MiB.
final class Passwords: Sendable {
    /// Hashes under way at once.
    static let atOnceMax = 2
    /// Hashes waiting for their turn; above it sign-ins are refused.
    static let waitingMax = 200
    private static let blockSize = 8
    private static let saltBytes = 16
    private static let hashBytes = 32

    private let work: OperationQueueBox
    private let waiting = Mutex(0)

    private let logRounds: Int

    init(_ cost: PasswordCost) {
        logRounds = cost.rawValue
        work = OperationQueueBox(Self.atOnceMax)
    }

    /// `$scrypt$ln=14,r=8,p=1$salt$hash`
    func hash(_ password: String) async throws -> String {
        try await perform { [logRounds] in
            let salt = randomBytes(Self.saltBytes)
            let bytes = try Self.derive(password, salt, logRounds: logRounds)
            return
                "$scrypt$ln=\(logRounds),r=\(Self.blockSize),p=1$\(Self.base64(salt))$\(Self.base64(bytes))"
        }
    }

    /// Takes the same time whether there is a hash or not.
    func verify(_ password: String, _ stored: String?) async throws -> Bool {
        try await perform { [logRounds] in
            let parts = (stored ?? "").split(separator: "$").map(String.init)
            guard parts.count == 4, parts[0] == "scrypt", let salt = Self.bytes(parts[2]),
                let expected = Self.bytes(parts[3]),
                let rounds = parts[1].split(separator: ",").first.flatMap({ Int($0.dropFirst(3)) }),
                (PasswordCost.least.rawValue...20).contains(rounds)
            else {
                _ = try Self.derive(password, randomBytes(Self.saltBytes), logRounds: logRounds)
                return false
            }
            return constantTimeEqual(try Self.derive(password, salt, logRounds: rounds), expected)
        }
    }

    private static func derive(_ password: String, _ salt: [UInt8], logRounds: Int) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: Data(salt), outputByteCount: hashBytes, rounds: 1 << logRounds,
            blockSize: blockSize, parallelism: 1)
        return key.withUnsafeBytes { Array($0) }
    }

    private func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let room = waiting.withLock { count in
            guard count < Self.waitingMax else { return false }
            count += 1
            return true
        }
        guard room else { throw Refusal.unavailable("Too many sign-ins at once; try again.", retryAfterS: 5) }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            work.queue.addOperation { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().trimmingCharacters(in: CharacterSet(charactersIn: "="))
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: padded).map { [UInt8]($0) }
    }
}

/// An operation queue is safe to share; the compiler does not know.
private final class OperationQueueBox: @unchecked Sendable {
    let queue = OperationQueue()
    init(_ atOnce: Int) {
        queue.maxConcurrentOperationCount = atOnce
        queue.name = "passwords"
    }
}

/// Compares without telling by time where the first difference is.
public func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
}
