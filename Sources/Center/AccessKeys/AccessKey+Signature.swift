// Checking what an access key signed.

import Crypto
import Foundation

extension AccessKey {
    /// Whether `signature` is the hex HMAC-SHA256 of one of the texts, upper or lower case.
    public func hasSigned(_ texts: [String], _ signature: String) -> Bool {
        let given = Array(signature.lowercased().utf8)
        let key = SymmetricKey(data: Data(secret.utf8))
        var isRight = false
        // All of them, so that the time does not tell which.
        for text in texts {
            let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
            if constantTimeEqual(Array(hex(Array(code)).utf8), given) { isRight = true }
        }
        return isRight
    }
}
