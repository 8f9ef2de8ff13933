// What is checked in a provisioning file's text before the YAML parser sees it.

/// How often something that looks like an alias, or a key introduced by `?`, may stand in the text.
///
/// Both are refused exactly once the document is parsed. But while parsing, the parser hashes keys with all
/// that aliases put into them, so a page of either could keep it busy for years; a few cannot.
let suspiciousMarksMax = 8

/// Largest provisioning file, in bytes of UTF-8.
let documentBytesMax = 4 * 1_024 * 1_024

/// Refuses what the parser should not even be given; returns the text without a byte order mark.
func checkedDocument(_ text: String) throws -> String {
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    guard text.utf8.count <= documentBytesMax else {
        throw ProvisionProblem(
            at: Position(line: 1, column: 1), "the file is larger than \(documentBytesMax) bytes")
    }
    var line = 1
    var column = 1
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
            if !(scalar == "\n" && previous == "\r") { line += 1 }
            column = 1
        case 0x09, 0x20...0x7E, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...:
            column += 1
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            throw ProvisionProblem(
                at: Position(line: line, column: column),
                "the character U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits) cannot stand in a file"
            )
        }
        previous = scalar
    }
    try refuseBombs(Array(text.utf8))
    return text
}

private func refuseBombs(_ bytes: [UInt8]) throws {
    var anchors: Set<ArraySlice<UInt8>> = []
    var aliases: [(name: ArraySlice<UInt8>, offset: Int)] = []
    var explicitKeys: [Int] = []
    for (i, byte) in bytes.enumerated() {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "*"):
            guard i == 0 || !isWordByte(bytes[i - 1]) else { continue }
            let name = bytes[(i + 1)...].prefix(while: isWordByte)
            guard !name.isEmpty else { continue }
            if byte == UInt8(ascii: "&") { anchors.insert(name) } else { aliases.append((name, i)) }
        case UInt8(ascii: "?") where beginsToken(bytes, at: i): explicitKeys.append(i)
        default: continue
        }
    }
    let live = aliases.filter { anchors.contains($0.name) }
    if live.count > suspiciousMarksMax {
        throw ProvisionProblem(at: position(of: live[0].offset, in: bytes), aliasReason)
    }
    if explicitKeys.count > suspiciousMarksMax {
        throw ProvisionProblem(
            at: position(of: explicitKeys[0], in: bytes),
            "keys that begin with '?' are not read: write 'key: value'")
    }
}

let aliasReason = "anchors and aliases ('&name', '*name') are not read: write the value out"

private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}

/// Whether only blanks stand between this byte and the start of its line or an indicator.
private func beginsToken(_ bytes: [UInt8], at index: Int) -> Bool {
    var i = index - 1
    while i >= 0, bytes[i] == 0x20 || bytes[i] == 0x09 { i -= 1 }
    // Above 0x7F: the last byte of a line break that only Unicode knows, or of a letter; never mind which.
    return i < 0 || bytes[i] == 0x0A || bytes[i] == 0x0D || bytes[i] > 0x7F
        || "-?:[{,".utf8.contains(bytes[i])
}

private func position(of offset: Int, in bytes: [UInt8]) -> Position {
    let before = String(decoding: bytes[..<offset], as: UTF8.self).unicodeScalars
    let lines = before.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    return Position(line: lines.count, column: (lines.last?.count ?? 0) + 1)
}
