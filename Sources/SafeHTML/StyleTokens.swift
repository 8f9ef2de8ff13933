// The part of CSS that a value may be made of: words, numbers, colors and names of fonts. Nothing else parses.

enum StyleToken: Equatable {
    case word(String)
    /// Digits, with a point or a sign, and a unit.
    case number(String, unit: String)
    case hash(String)
    /// `rgb(…)` and its like.
    case function(String)
    case string(String)
    case comma
    case slash

    var isNegative: Bool {
        if case .number(let digits, _) = self { digits.hasPrefix("-") } else { false }
    }

    /// As it is written where only a color may be.
    var color: String? {
        switch self {
        case .word(let word): word.utf8.allSatisfy(StyleTokens.isLetter) ? word : nil
        case .hash(let text), .function(let text): text
        default: nil
        }
    }

    var isFont: Bool {
        switch self {
        case .word, .string, .comma: true
        default: false
        }
    }

    var text: String {
        switch self {
        case .word(let text), .hash(let text), .function(let text): text
        case .number(let digits, let unit): digits + unit
        case .string(let text): "'\(text)'"
        case .comma: ","
        case .slash: "/"
        }
    }
}

enum StyleTokens {
    static let tokensMax = 40
    private static let numberMax = 9
    private static let units: Set<String> = [
        "", "%", "px", "pt", "pc", "em", "rem", "ex", "ch", "in", "cm", "mm",
    ]
    private static let colorFunctions: Set<String> = ["rgb", "rgba", "hsl", "hsla"]

    static func text(_ tokens: [StyleToken]) -> String {
        var text = ""
        for token in tokens {
            if !text.isEmpty, token != .comma { text += " " }
            text += token.text
        }
        return text
    }

    /// - Returns: nil when anything is in the value that is not on the list, an escape or a comment among it.
    static func parse(_ bytes: [UInt8]) -> [StyleToken]? {
        var tokens: [StyleToken] = []
        var index = 0
        func take(_ fits: (UInt8) -> Bool) -> String {
            let start = index
            while index < bytes.count, fits(bytes[index]) { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        while index < bytes.count {
            guard tokens.count < tokensMax else { return nil }
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case 0x20, 0x09, 0x0A: index += 1
            case UInt8(ascii: ","):
                index += 1
                tokens.append(.comma)
            case UInt8(ascii: "/"):
                guard next != UInt8(ascii: "*") else { return nil }
                index += 1
                tokens.append(.slash)
            case UInt8(ascii: "#"):
                index += 1
                let digits = take(isHex).lowercased()
                guard [3, 4, 6, 8].contains(digits.utf8.count) else { return nil }
                tokens.append(.hash("#" + digits))
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                index += 1
                let text = take { isAlphanumeric($0) || [0x20, 0x2D, 0x2E, 0x5F].contains($0) }
                guard index < bytes.count, bytes[index] == byte, !text.isEmpty else { return nil }
                index += 1
                tokens.append(.string(text))
            case UInt8(ascii: "!"):
                index += 1
                _ = take { $0 <= 0x20 }
                guard take(isLetter).lowercased() == "important" else { return nil }
                return index == bytes.count ? tokens : nil
            case _
            where isDigit(byte) || byte == UInt8(ascii: ".")
                || (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
                    && (isDigit(next) || next == UInt8(ascii: ".")):
                var digits = byte == UInt8(ascii: "-") ? "-" : ""
                if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { index += 1 }
                digits += take { isDigit($0) || $0 == UInt8(ascii: ".") }
                guard digits.utf8.count <= numberMax, digits.utf8.contains(where: isDigit),
                    digits.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 1
                else { return nil }
                let unit = take { isLetter($0) || $0 == UInt8(ascii: "%") }.lowercased()
                guard units.contains(unit) else { return nil }
                tokens.append(.number(digits, unit: unit))
            case _ where isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_"):
                let word = take { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
                guard index < bytes.count, bytes[index] == UInt8(ascii: "(") else {
                    tokens.append(.word(word))
                    continue
                }
                let name = word.lowercased()
                guard colorFunctions.contains(name) else { return nil }
                index += 1
                let inside = take {
                    isDigit($0)
                        || [0x20, UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "%"), UInt8(ascii: "/")]
                            .contains($0)
                }
                guard index < bytes.count, bytes[index] == UInt8(ascii: ")"), inside.utf8.count <= 48 else {
                    return nil
                }
                index += 1
                tokens.append(.function("\(name)(\(inside))"))
            default: return nil
            }
        }
        return tokens
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
    static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}
