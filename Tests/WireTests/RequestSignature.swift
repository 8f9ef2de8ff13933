// How a client signs a request to the Agent API, written from the vendor's page. Source: seed 000, Signature.
import Crypto
import Foundation

enum RequestSignature {
    /// Lower-case hex HMAC-SHA256 of the access key's id, the workspace, the path and the fields' values.
    static func of(_ target: String, _ body: [UInt8], id: String, secret: String) throws -> String {
        // Doubled slashes are a client's mistake in joining addresses, not in signing.
        let segments = target.split(separator: "/").map(String.init)
        let path = "/" + segments.dropFirst(2).joined(separator: "/")
        var parts = [id, segments[1], path]
        if !body.isEmpty, let fields = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] {
            for key in fields.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                parts.append(text(fields[key]!))
            }
        }
        return sign(parts.joined(separator: ":"), secret)
    }

    static func sign(_ text: String, _ secret: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
            .map { String(format: "%02x", $0) }.joined()
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let list as [Any]: list.map(text).joined(separator: ",")
        case let text as String: text
        case let number as NSNumber:
            isFlag(number) ? (number.boolValue ? "true" : "false") : number.stringValue
        default: ""
        }
    }

    private static func isFlag(_ number: NSNumber) -> Bool {
        ["c", "B"].contains(String(cString: number.objCType))
    }
}
