// A message's text as the page shows it: the plain body, or what can be read in the HTML.

struct ShownText {
    /// Most of a text that one page shows.
    static let maxBytes = 256 << 10
    /// Most HTML that is searched for text.
    static let htmlMaxBytes = 2 << 20

    let text: String
    /// What is missing, in words; nil when all is shown.
    let cut: String?

    init(body: String, html: String) {
        let fromHTML = body.isEmpty && !html.isEmpty
        let whole = fromHTML ? readable(html: html.utf8.prefix(Self.htmlMaxBytes)) : body
        guard whole.utf8.count > Self.maxBytes else {
            text = whole
            cut =
                fromHTML && html.utf8.count > Self.htmlMaxBytes
                ? "The rest of this message is not shown." : nil
            return
        }
        var end = whole.utf8.index(whole.startIndex, offsetBy: Self.maxBytes)
        while end.samePosition(in: whole.unicodeScalars) == nil { whole.utf8.formIndex(before: &end) }
        text = String(whole[..<end])
        let rest = Int64(whole.utf8.count - text.utf8.count)
        cut = "The rest of this message, \(fileSize(rest)), is not shown."
    }
}

/// The text a person would read in an HTML page: tags, comments, scripts and styles dropped, entities decoded.
///
/// The result is text, not HTML: whoever shows it escapes it.
func readable(html: some Collection<UInt8>) -> String {
    var reader = HTMLReader(bytes: Array(html))
    return reader.text()
}

private struct HTMLReader {
    /// Elements whose content is nothing to read.
    static let silent: Set<String> = ["script", "style", "head", "title", "template", "noscript"]
    /// Elements that begin a new line.
    static let blocks: Set<String> = [
        "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
        "pre",
        "section", "article", "header", "footer", "hr", "dt", "dd",
    ]
    static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "euro": "€", "copy": "©",
        "reg": "®", "hellip": "…", "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
        "rdquo": "”",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß",
        "aring": "å",
        "Aring": "Å", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "bull": "•", "middot": "·",
    ]
    static let entityMaxBytes = 12
    /// Lines without text in a row that are kept.
    static let blankLinesMax = 1

    let bytes: [UInt8]
    private var at = 0
    private var out: [UInt8] = []
    /// White space that is written once something follows it.
    private var breaks = 0
    private var space = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func text() -> String {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "<"): tag()
            case UInt8(ascii: "&"): entity()
            case 9, 10, 12, 13, 32:
                space = true
                at += 1
            default:
                write(CollectionOfOne(bytes[at]))
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func write(_ text: some Collection<UInt8>) {
        if !out.isEmpty {
            if breaks > 0 {
                out += repeatElement(10, count: min(breaks, Self.blankLinesMax + 1))
            } else if space {
                out.append(32)
            }
        }
        breaks = 0
        space = false
        out += text
    }

    private mutating func tag() {
        if bytes[at...].starts(with: "<!--".utf8) {
            at = find("-->", from: at + 4).map { $0 + 3 } ?? bytes.count
            return
        }
        var end = at + 1
        let isEnd = end < bytes.count && bytes[end] == UInt8(ascii: "/")
        if isEnd { end += 1 }
        guard end < bytes.count, isLetter(bytes[end]) || (!isEnd && (bytes[end] == 33 || bytes[end] == 63))
        else {
            write(CollectionOfOne(bytes[at]))
            at += 1
            return
        }
        var name: [UInt8] = []
        while end < bytes.count, isLetter(bytes[end]) || (48...57).contains(bytes[end]) {
            name.append(bytes[end] | 0x20)
            end += 1
        }
        at = tagEnd(from: end)
        let word = String(decoding: name, as: UTF8.self)
        if Self.blocks.contains(word) { breaks += 1 }
        if !isEnd, Self.silent.contains(word) {
            at = find("</\(word)", from: at).map { tagEnd(from: $0) } ?? bytes.count
        }
    }

    /// Past the `>` that ends a tag; one inside a quoted value does not.
    private func tagEnd(from start: Int) -> Int {
        var quote: UInt8?
        var afterEquals = false
        for index in start..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if afterEquals, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            if byte != 32 { afterEquals = byte == UInt8(ascii: "=") }
        }
        return bytes.count
    }

    private mutating func entity() {
        let limit = min(bytes.count, at + Self.entityMaxBytes)
        guard let end = bytes[at..<limit].firstIndex(of: UInt8(ascii: ";")),
            let decoded = Self.decode(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
        else {
            write(CollectionOfOne(bytes[at]))
            at += 1
            return
        }
        write(Array(decoded.utf8))
        at = end + 1
    }

    private static func decode(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return entities[name] }
        let digits = name.dropFirst()
        let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
        guard let code = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), code >= 32,
            let scalar = Unicode.Scalar(code)
        else { return nil }
        return String(Character(scalar))
    }

    /// Where the ASCII text begins, whatever its case.
    private func find(_ text: String, from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        guard start + wanted.count <= bytes.count else { return nil }
        return (start...(bytes.count - wanted.count)).first { index in
            wanted.indices.allSatisfy { offset in
                let byte = bytes[index + offset]
                return (isLetter(byte) ? byte | 0x20 : byte) == wanted[offset]
            }
        }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
