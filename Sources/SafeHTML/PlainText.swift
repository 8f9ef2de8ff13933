// HTML as a person would type it: lines, list marks, quotes, and the addresses of links.

final class PlainText: HTMLListener {
    /// An element that the parser has open.
    private struct Open {
        var name: String
        var isDropped = false
        /// Items so far, for the marks of an ordered list.
        var items = 0
        /// A link's address, and where its words begin.
        var link: (address: String, start: Int)?
    }

    private static let blocks: Set<String> = [
        "address", "article", "aside", "body", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "form", "header", "li", "main", "nav", "section", "table", "tr",
    ]
    /// A blank line before and after.
    private static let paragraphs: Set<String> = [
        "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "ul",
    ]
    private static let listDepthMax = 20

    private var out: [UInt8] = []
    private var open: [Open] = []
    private var dropped = 0
    private var quotes = 0
    /// Of the line before.
    private var quotesBefore = 0
    private var preformatted = 0
    private var lists = 0
    /// Newlines and blanks that come before the next word.
    private var newlines = 0
    private var blank = false
    /// A list mark that waits for the item's first word.
    private var mark = ""
    var isFull: Bool { out.count > HTMLLimits.outputMaxBytes }

    static func run(_ bytes: [UInt8]) -> String {
        let plain = PlainText()
        _ = HTMLParser.parse(bytes, plain)
        while let last = plain.open.last { plain.end(last.name) }
        return String(decoding: HTMLEscape.printable(plain.out), as: UTF8.self)
    }

    func start(_ name: String, _ attributes: HTMLAttributes) {
        var entry = Open(name: name)
        if case .dropped = Allowed.fate(of: name) {
            entry.isDropped = true
            dropped += 1
        }
        if dropped == 0 {
            begin(name)
            switch name {
            case "br": newlines += 1
            case "hr":
                say("----".utf8)
                breakLines(2)
            case "td", "th": blank = true
            case "img":
                let words = Reading.trimmed(attributes["alt"] ?? "")
                if !words.isEmpty { say("[\(words)]".utf8) }
            case "ul", "ol": lists += 1
            case "blockquote": quotes += 1
            case "pre": preformatted += 1
            case "a":
                if let address = attributes["href"].flatMap(WebLink.link) {
                    entry.link = (address, out.count)
                }
            case "li": mark = nextMark()
            default: break
            }
        }
        open.append(entry)
    }

    func end(_ name: String) {
        guard open.contains(where: { $0.name == name }) else { return }
        while let last = open.popLast() {
            finish(last)
            if last.name == name { return }
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard dropped == 0 else { return }
        var word: [UInt8] = []
        func flush() {
            guard !word.isEmpty else { return }
            say(word)
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            switch byte {
            case 0x0A where preformatted > 0:
                flush()
                newlines += 1
            case 0x20 where preformatted > 0, 0x09 where preformatted > 0: word.append(byte)
            case 0x20, 0x09, 0x0A, 0x0D:
                flush()
                blank = true
            default: word.append(byte)
            }
        }
        flush()
    }

    private func finish(_ entry: Open) {
        if entry.isDropped { dropped -= 1 }
        guard dropped == 0, !entry.isDropped else { return }
        switch entry.name {
        case "ul", "ol":
            // The list as a whole has a blank line after it.
            begin("li")
            lists -= 1
        case "blockquote": quotes -= 1
        case "pre": preformatted -= 1
        case "li": mark = ""
        default: break
        }
        if let link = entry.link {
            let words = String(decoding: out[min(link.start, out.count)...], as: UTF8.self)
            let bare = link.address.hasPrefix("mailto:") ? link.address.dropFirst(7) : link.address[...]
            if Reading.trimmed(words) != bare, Reading.trimmed(words) != link.address {
                blank = true
                say("<\(bare)>".utf8)
            }
        }
        begin(entry.name)
    }

    /// What an element's start and end have in common.
    private func begin(_ name: String) {
        if Self.paragraphs.contains(name) {
            breakLines(lists > 0 ? 1 : 2)
        } else if Self.blocks.contains(name) {
            breakLines(1)
        }
    }

    private func breakLines(_ count: Int) { newlines = max(newlines, count) }

    private func nextMark() -> String {
        let indent = String(repeating: "  ", count: min(max(lists - 1, 0), Self.listDepthMax))
        guard let index = open.lastIndex(where: { $0.name == "ol" || $0.name == "ul" }),
            open[index].name == "ol"
        else { return indent + "- " }
        open[index].items += 1
        return indent + "\(open[index].items). "
    }

    private func say(_ word: some Sequence<UInt8>) {
        guard !isFull else { return }
        if out.isEmpty {
            newlines = 0
            blank = false
            lineStart()
        } else if newlines > 0 {
            let quote = String(repeating: ">", count: min(quotes, quotesBefore))
            for n in 0..<min(newlines, 3) {
                out.append(0x0A)
                if n < min(newlines, 3) - 1 { out += Array(quote.utf8) }
            }
            lineStart()
        } else if blank {
            out.append(0x20)
        }
        newlines = 0
        blank = false
        out += Array(word)
    }

    private func lineStart() {
        if quotes > 0 { out += Array((String(repeating: ">", count: quotes) + " ").utf8) }
        quotesBefore = quotes
        out += Array(mark.utf8)
        mark = ""
    }
}
