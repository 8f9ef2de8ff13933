// The token of `Authorization: Bearer <token>`. Source: RFC 6750.
package import HTTPTypes

extension HTTPFields {
    /// Nil without a token, with another scheme, and where there are several; the scheme's case does not count.
    package var bearerToken: String? {
        var only: String?
        // The subscript would join them.
        for field in self where field.name == .authorization {
            guard only == nil else { return nil }
            only = field.value
        }
        guard let header = only?.utf8, let space = header.firstIndex(of: UInt8(ascii: " ")),
            // By bytes: on the way of every request.
            header[..<space].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else { return nil }
        let token = header[space...].drop { $0 == UInt8(ascii: " ") }
        return token.isEmpty ? nil : String(Substring(token))
    }
}
