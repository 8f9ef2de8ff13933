// Reads an attribute's value: what comes back holds only characters that its kind may have.

extension Reading {
    /// The value to write; nil when it does not fit. A second reading gives the same.
    func value(_ given: String) -> String? {
        switch self {
        case .words:
            return given.utf8.count <= HTMLLimits.wordsMaxBytes ? given : nil
        case .number(let max):
            guard let number = Self.digits(Self.trimmed(given).utf8), number <= max else { return nil }
            return String(number)
        case .length:
            var text = Self.trimmed(given).utf8[...]
            var unit = ""
            if text.last == UInt8(ascii: "%") {
                text.removeLast()
                unit = "%"
            } else if text.count > 2, String(text.suffix(2))?.lowercased() == "px" {
                text.removeLast(2)
            }
            guard let number = Self.digits(text), number <= 10_000 else { return nil }
            return String(number) + unit
        case .color:
            let text = Self.trimmed(given).lowercased()
            guard text.utf8.count <= 64 else { return nil }
            let tokens = StyleTokens.parse(Array(text.utf8)) ?? []
            return (tokens.count == 1 ? tokens[0].color : nil) ?? Self.hex(text)
        case .fonts:
            guard let tokens = StyleTokens.parse(Array(given.utf8)), !tokens.isEmpty,
                tokens.allSatisfy(\.isFont)
            else { return nil }
            return StyleTokens.text(tokens)
        case .fontSize:
            let text = Self.trimmed(given)
            let sign = text.first.flatMap { $0 == "+" || $0 == "-" ? String($0) : nil } ?? ""
            guard let number = Self.digits(text.utf8.dropFirst(sign.utf8.count)), number <= 7 else {
                return nil
            }
            return sign + String(number)
        case .language:
            let fits =
                (1...35).contains(given.utf8.count)
                && given.utf8.allSatisfy { StyleTokens.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            return fits ? given : nil
        case .oneOf(let values):
            let text = Self.trimmed(given)
            if values.contains(text) { return text }
            let folded = text.lowercased()
            return values.contains(folded) ? folded : nil
        case .flag:
            return ""
        }
    }

    /// A color without its `#`, as old mail programs write it.
    private static func hex(_ text: String) -> String? {
        guard text.utf8.count == 6, text.utf8.allSatisfy(StyleTokens.isHex) else { return nil }
        return "#" + text
    }

    private static func digits(_ text: some Collection<UInt8>) -> Int? {
        guard (1...7).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    static func trimmed(_ text: String) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(bytes) ?? ""
    }
}
