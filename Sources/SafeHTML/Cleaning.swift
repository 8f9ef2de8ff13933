// One round of cleaning: writes what may stay of what the parser reads.

final class Cleaning: HTMLListener {
    /// A result whose images still have their own addresses.
    struct Round {
        var bytes: [UInt8] = []
        var images: [Image] = []
        var isCut = false
    }
    struct Image {
        /// Where ` src="…"` stands.
        var range: Range<Int>
        var source: WebLink.Source
    }
    /// An element that the parser has open.
    private struct Open {
        var name: String
        /// What its end tag must say; nil when it was not written.
        var written: String?
        var isDropped = false
    }

    /// Styles already read; mails repeat the same few in every cell.
    final class Styles {
        private static let keptMax = 200
        private var kept: [String: String?] = [:]

        func value(_ given: String) -> String? {
            if let known = kept[given] { return known }
            let value = Style.value(given)
            if kept.count < Self.keptMax {
                kept[given] = .some(value)
                // What is read is what the next round is given.
                if let value { kept[value] = .some(value) }
            }
            return value
        }
    }

    private let styles: Styles
    private var round = Round()
    private var open: [Open] = []
    /// Elements open that are dropped with their content.
    private var dropped = 0
    /// Elements open in the result.
    private var depth = 0
    private var links = 0
    var isFull = false

    private init(_ styles: Styles) { self.styles = styles }

    /// - Parameter bytes: prepared by `HTMLInput`.
    static func run(_ bytes: [UInt8], _ styles: Styles) -> Round {
        let cleaning = Cleaning(styles)
        cleaning.round.bytes.reserveCapacity(bytes.count)
        let whole = HTMLParser.parse(bytes, cleaning)
        while cleaning.open.last != nil { cleaning.endLast() }
        cleaning.round.isCut = !whole
        while let last = cleaning.round.bytes.last, last == 0x20 || last == 0x0A || last == 0x09 {
            cleaning.round.bytes.removeLast()
        }
        return cleaning.round
    }

    func start(_ name: String, _ attributes: HTMLAttributes) {
        switch Allowed.fate(of: name) {
        case .dropped:
            dropped += 1
            open.append(Open(name: name, isDropped: true))
        case .kept(let element) where dropped == 0 && !isFull && (element.isVoid || mayOpen(element)):
            if element.endsParagraph { endParagraph() }
            write(element, attributes, background: name == "body" ? attributes["bgcolor"] : nil)
            if element.isVoid {
                open.append(Open(name: name))
            } else {
                depth += 1
                if element.name == "a" { links += 1 }
                open.append(Open(name: name, written: element.name))
            }
            isFull = round.bytes.count > HTMLLimits.outputMaxBytes
        case .kept, .unwrapped:
            open.append(Open(name: name))
        }
    }

    func end(_ name: String) {
        guard open.contains(where: { $0.name == name }) else { return }
        while let last = open.last {
            endLast()
            if last.name == name { return }
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard dropped == 0, !isFull else { return }
        // Blanks before everything are nothing.
        var text = bytes[...]
        if round.bytes.isEmpty { text = text.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D } }
        HTMLEscape.text(text, into: &round.bytes)
        isFull = round.bytes.count > HTMLLimits.outputMaxBytes
    }

    private func mayOpen(_ element: Element) -> Bool {
        depth < HTMLLimits.depthMax && (element.name != "a" || links == 0)
    }

    private func endLast() {
        guard let last = open.popLast() else { return }
        if last.isDropped { dropped -= 1 }
        if let written = last.written { close(written) }
    }

    private func close(_ name: String) {
        depth -= 1
        if name == "a" { links -= 1 }
        round.bytes.append(UInt8(ascii: "<"))
        round.bytes.append(UInt8(ascii: "/"))
        round.bytes += name.utf8
        round.bytes.append(UInt8(ascii: ">"))
    }

    /// Closes the paragraph that is open innermost in the result.
    private func endParagraph() {
        guard let index = open.lastIndex(where: { $0.written != nil }), open[index].written == "p" else {
            return
        }
        open[index].written = nil
        close("p")
    }

    private func write(_ element: Element, _ attributes: HTMLAttributes, background: String?) {
        round.bytes.append(UInt8(ascii: "<"))
        round.bytes += element.name.utf8
        if let color = background.flatMap(Reading.color.value) {
            let style = attributes["style"] ?? ""
            write("style", styles.value("background-color:\(color);\(style)") ?? "")
        }
        var hasAlt = false
        attributes.forEach { name, value in
            if let reading = element.attributes[name] ?? Allowed.everywhere[name] {
                guard let read = reading.value(value) else { return }
                if name == "alt" { hasAlt = true }
                write(name, read)
            } else if name == "style", background.flatMap(Reading.color.value) == nil {
                if let style = styles.value(value) { write("style", style) }
            } else if name == "href", element.name == "a" {
                guard let address = WebLink.link(value) else { return }
                write("href", address)
                round.bytes += Self.linkManners
            } else if name == "src", element.name == "img", let source = WebLink.image(value) {
                write(source)
            }
        }
        if element.name == "img", !hasAlt { write("alt", "") }
        round.bytes.append(UInt8(ascii: ">"))
    }

    private func write(_ source: WebLink.Source) {
        let start = round.bytes.count
        switch source {
        case .inline(let id): write("src", "cid:" + id)
        case .remote(let address):
            write("src", address)
            round.bytes += Self.imageManners
        }
        round.images.append(Image(range: start..<round.bytes.count, source: source))
    }

    private func write(_ name: String, _ value: String) {
        round.bytes.append(UInt8(ascii: " "))
        round.bytes += name.utf8
        round.bytes.append(UInt8(ascii: "="))
        round.bytes.append(UInt8(ascii: "\""))
        HTMLEscape.attribute(value.utf8, into: &round.bytes)
        round.bytes.append(UInt8(ascii: "\""))
    }

    private static let linkManners = Array(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"".utf8)
    private static let imageManners = Array(" referrerpolicy=\"no-referrer\"".utf8)
}
