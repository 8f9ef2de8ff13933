// The token of `Authorization: Bearer <token>`. Source: RFC 6750.
package import HTTPTypes

private let scheme: StaticString = "bearer"

extension HTTPFields {
    /// Nil without a token, with another scheme, and where there are several; the scheme's case does not count.
    package var bearerToken: String? {
        var only: String?
        // The subscript would join them.
        for field in self where field.name == .authorization {
            guard only == nil else { return nil }
            only = field.value
        }
        guard var header = only else { return nil }
        // By bytes: on the way of every request.
        return header.withUTF8 { bytes in
            let space = UInt8(ascii: " ")
            guard let end = bytes.firstIndex(of: space), end == scheme.utf8CodeUnitCount,
                (0..<end).allSatisfy({ bytes[$0] | 0x20 == scheme.utf8Start[$0] }),
                let begin = bytes[end...].firstIndex(where: { $0 != space })
            else { return nil }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[begin...]), as: UTF8.self)
        }
    }
}
