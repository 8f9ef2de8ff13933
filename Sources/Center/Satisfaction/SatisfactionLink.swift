// The links by which a customer says how satisfied they are: an errand and a level, signed.

import Crypto
import Foundation
import Routing

/// What a link says, once its signature has been checked.
public struct SatisfactionLink: Sendable, Hashable {
    /// Before the two words of hex. Source: seed 001, lines 381-382.
    public static let prefix = "/errands/satisfaction/meter/-/answer"
    /// Bytes of a signature, as many as the sample's.
    private static let signatureBytes = 16
    /// Digits of the longest errand's word.
    private static let wordMax = 200

    public let workspace: WorkspaceID
    public let errand: ErrandID
    public let level: Int

    /// The errand's word is that of the sample: hex of the base64 of a number, here with the workspace's before it.
    fileprivate static func word(_ workspace: WorkspaceID, _ errand: ErrandID) -> String {
        hex(Array(Data("\(workspace)/\(errand)".utf8).base64EncodedString().utf8))
    }

    /// - Returns: nil for what is no errand's word.
    fileprivate static func read(_ word: String) -> (WorkspaceID, ErrandID)? {
        let digits = word.lowercased().utf8.map { UInt8(hexDigit: $0) }
        guard digits.count <= wordMax, digits.count.isMultiple(of: 2), !digits.contains(nil) else {
            return nil
        }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
        guard let plain = Data(base64Encoded: Data(bytes)) else { return nil }
        let parts = String(decoding: plain, as: UTF8.self).split(separator: "/")
        guard parts.count == 2, let workspace = Int64(parts[0]), let errand = Int64(parts[1]),
            // One way only to write a link.
            Self.word(WorkspaceID(workspace), ErrandID(errand)) == word.lowercased()
        else { return nil }
        return (WorkspaceID(workspace), ErrandID(errand))
    }

    fileprivate static func signature(
        _ workspace: WorkspaceID, _ errand: ErrandID, _ level: Int, _ master: MasterKey
    ) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(errand)/\(level)".utf8), using: master.derived("satisfaction/\(workspace)"))
        return Array(hex(Array(code.prefix(signatureBytes))).utf8)
    }
}

extension UInt8 {
    /// nil for what is no digit in lower-case hex.
    fileprivate init?(hexDigit: UInt8) {
        switch hexDigit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = hexDigit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self = hexDigit - UInt8(ascii: "a") + 10
        default: return nil
        }
    }
}

extension Floor {
    /// The address of a level's link below the public URL.
    public func satisfactionPath(_ errand: ErrandID, _ level: Int, in workspace: WorkspaceID) -> String {
        let signature = SatisfactionLink.signature(workspace, errand, level, master)
        return "\(SatisfactionLink.prefix)/\(SatisfactionLink.word(workspace, errand))/"
            + String(decoding: signature, as: UTF8.self)
    }

    /// What the two words of a link say; nil when they were not made here.
    public func satisfactionLink(_ word: String, _ signature: String) -> SatisfactionLink? {
        guard let (workspace, errand) = SatisfactionLink.read(word) else { return nil }
        let given = Array(signature.lowercased().utf8)
        var found: Int?
        // All of them, so that the time does not tell which.
        for level in SatisfactionQuestion.levels {
            let right = SatisfactionLink.signature(workspace, errand, level, master)
            if constantTimeEqual(right, given) { found = level }
        }
        return found.map { SatisfactionLink(workspace: workspace, errand: errand, level: $0) }
    }
}
