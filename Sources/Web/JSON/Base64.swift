// Base64 as files travel in JSON.
import Foundation

package enum Base64 {
    private static let none: UInt8 = 0xFF
    /// The six bits of each letter.
    private static let bits: [UInt8] = {
        var bits = [UInt8](repeating: none, count: 256)
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, letter) in letters.utf8.enumerated() { bits[Int(letter)] = UInt8(value) }
        return bits
    }()

    /// The bytes behind `text`; nil when it is no base64.
    ///
    /// Line breaks are skipped, the padding must be there. Source: RFC 4648 §4.
    package static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var valid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { out, count in
            bits.withUnsafeBufferPointer { bits in
                valid = decode(text, bits, into: out, &count)
            }
        }
        return valid ? bytes : nil
    }

    private static func decode(
        _ text: UnsafeRawBufferPointer, _ bits: UnsafeBufferPointer<UInt8>,
        into out: UnsafeMutableBufferPointer<UInt8>,
        _ count: inout Int
    ) -> Bool {
        var group: UInt32 = 0
        var letters = 0
        var padding = 0
        var at = 0
        while at < text.count {
            if letters == 0, padding == 0, at + 4 <= text.count {
                let (a, b) = (bits[Int(text[at])], bits[Int(text[at + 1])])
                let (c, d) = (bits[Int(text[at + 2])], bits[Int(text[at + 3])])
                if (a | b | c | d) & 0xC0 == 0 {
                    out[count] = a << 2 | b >> 4
                    out[count + 1] = b << 4 | c >> 2
                    out[count + 2] = c << 6 | d
                    count += 3
                    at += 4
                    continue
                }
            }
            let byte = text[at]
            at += 1
            if byte == 0x0A || byte == 0x0D { continue }
            if byte == UInt8(ascii: "=") {
                padding += 1
                guard letters >= 2, letters + padding <= 4 else { return false }
                continue
            }
            let value = bits[Int(byte)]
            guard value != none, padding == 0 else { return false }
            group = group << 6 | UInt32(value)
            letters += 1
            if letters == 4 {
                out[count] = UInt8(truncatingIfNeeded: group >> 16)
                out[count + 1] = UInt8(truncatingIfNeeded: group >> 8)
                out[count + 2] = UInt8(truncatingIfNeeded: group)
                count += 3
                (group, letters) = (0, 0)
            }
        }
        if letters == 0 { return padding == 0 }
        guard letters + padding == 4 else { return false }
        group <<= 6 * UInt32(padding)
        out[count] = UInt8(truncatingIfNeeded: group >> 16)
        count += 1
        if padding == 1 {
            out[count] = UInt8(truncatingIfNeeded: group >> 8)
            count += 1
        }
        return true
    }
}

extension Base64 {
    /// How long the base64 of that many bytes is.
    package static func length(of bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

    /// Encodes a content that comes in pieces.
    package struct Encoder {
        /// Bytes that wait for the rest of their group of three.
        private var rest: [UInt8] = []

        package init() {}

        /// The base64 of what is complete; of the last piece also its padding.
        package mutating func encode(_ piece: [UInt8], isLast: Bool) -> [UInt8] {
            let bytes = rest + piece
            let count = isLast ? bytes.count : bytes.count / 3 * 3
            rest = Array(bytes[count...])
            return [UInt8](Data(bytes[..<count]).base64EncodedData())
        }
    }
}
