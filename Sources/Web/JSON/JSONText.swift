// A string's text behind its escapes.

package enum JSONText {
    /// The value of a hex digit; nil for any other byte.
    @inline(__always) package static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// Undoes the escapes of a string that the scanner has passed; no text is longer than its escaped form.
    package static func unescaped(_ raw: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: raw.count) { out in
            var count = 0
            var at = 0
            func unit() -> UInt32 {
                var unit: UInt32 = 0
                for index in at..<at + 4 { unit = unit << 4 | UInt32(hexDigit(raw[index]) ?? 0) }
                at += 4
                return unit
            }
            while at < raw.count {
                let byte = raw[at]
                at += 1
                guard byte == UInt8(ascii: "\\") else {
                    out[count] = byte
                    count += 1
                    continue
                }
                let letter = raw[at]
                at += 1
                switch letter {
                case UInt8(ascii: "b"): out[count] = 0x08
                case UInt8(ascii: "f"): out[count] = 0x0C
                case UInt8(ascii: "n"): out[count] = 0x0A
                case UInt8(ascii: "r"): out[count] = 0x0D
                case UInt8(ascii: "t"): out[count] = 0x09
                case UInt8(ascii: "u"):
                    var scalar = unit()
                    if scalar & 0xF800 == 0xD800 {
                        at += 2
                        scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit() & 0x3FF
                    }
                    for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}")! {
                        out[count] = byte
                        count += 1
                    }
                    continue
                default: out[count] = letter
                }
                count += 1
            }
            return count
        }
    }
}
