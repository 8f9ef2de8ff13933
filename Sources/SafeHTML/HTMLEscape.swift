// Writes text and attribute values so that they mean the same to every parser.

enum HTMLEscape {
    /// What Windows-1252 has at 0x80–0x9F, as UTF-8: browsers read those code points so. Source: HTML standard,
    /// "numeric character reference end state".
    private static let windows: [[UInt8]] = [
        "€", "", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "", "Ž", "",
        "", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ",
    ].map { Array($0.utf8) }

    /// The same text without control characters.
    static func printable(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var last: UInt8 = 0
        for byte in bytes {
            if last == 0xC2, (0x80...0x9F).contains(byte) {
                out.removeLast()
                out += windows[Int(byte) - 0x80]
            } else if byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0A {
                out.append(byte)
            }
            last = byte
        }
        return out
    }

    static func text(_ bytes: some Sequence<UInt8>, into out: inout [UInt8]) {
        var afterC2 = false
        for byte in bytes {
            if afterC2 {
                afterC2 = false
                if (0x80...0x9F).contains(byte) {
                    out += windows[Int(byte) - 0x80]
                    continue
                }
                out.append(0xC2)
            }
            switch byte {
            case 0xC2: afterC2 = true
            case UInt8(ascii: "&"): out += Self.ampersand
            case UInt8(ascii: "<"): out += Self.less
            case UInt8(ascii: ">"): out += Self.greater
            case 0x0D: out.append(0x0A)
            case 0x00...0x08, 0x0B...0x1F, 0x7F: continue
            default: out.append(byte)
            }
        }
    }

    /// For a value in double quotes.
    static func attribute(_ bytes: some Sequence<UInt8>, into out: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): out += Self.ampersand
            case UInt8(ascii: "<"): out += Self.less
            case UInt8(ascii: ">"): out += Self.greater
            case UInt8(ascii: "\""): out += Self.quote
            case UInt8(ascii: "'"): out += Self.apostrophe
            case UInt8(ascii: "`"): out += Self.backtick
            case 0x09, 0x0A, 0x0D: out.append(0x20)
            case 0x00...0x1F, 0x7F: continue
            default: out.append(byte)
            }
        }
    }

    private static let ampersand = Array("&amp;".utf8)
    private static let less = Array("&lt;".utf8)
    private static let greater = Array("&gt;".utf8)
    private static let quote = Array("&quot;".utf8)
    private static let apostrophe = Array("&#39;".utf8)
    private static let backtick = Array("&#96;".utf8)
}
