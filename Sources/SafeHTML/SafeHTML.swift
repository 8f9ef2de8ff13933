// Makes HTML that strangers wrote fit to be shown: what is not on the list is not in the result.

/// Untrusted HTML, cleaned for showing or turned into plain text.
///
/// The result is written anew from what the parser understood, so nothing of the original's bytes survives:
/// no scripts, handlers, frames, forms, style sheets, comments, names or ids.
public enum SafeHTML {
    /// What is left of a mail.
    public struct Cleaned: Sendable, Hashable {
        /// A fragment for the inside of a `body`; an image that is not shown is an `img` without `src`.
        public var html: String
        /// Images that asking for remote images would show.
        public var blockedImages: Int
        /// The mail went past a limit, and what came after it is missing.
        public var isCut: Bool
    }

    /// Rounds until the result, parsed again, is itself; most mails need one.
    static let roundsMax = 8

    /// Cleans HTML; cleaning the result again changes nothing.
    /// - Parameter remoteImages: whether `http` and `https` images stay.
    /// - Parameter inlineImage: the address for a content id (without `cid:`), written as it is; nil when there
    ///   is no such part. An address that is not `cid:`, `http` or `https` does not survive a second cleaning.
    public static func clean(
        _ html: String, remoteImages: Bool, inlineImage: (String) -> String?
    ) -> Cleaned {
        let (input, cut) = HTMLInput.prepared(html)
        let styles = Cleaning.Styles()
        var round = Cleaning.run(input, styles)
        let isCut = cut || round.isCut
        // The parser closes some elements before others: what was dropped between them made new neighbours.
        for _ in 1..<roundsMax {
            let again = Cleaning.run(HTMLInput.wrapped(round.bytes), styles)
            if again.bytes == round.bytes {
                return show(again, isCut: isCut, remoteImages: remoteImages, inlineImage: inlineImage)
            }
            round = again
        }
        return Cleaned(html: plain(html), blockedImages: 0, isCut: isCut)
    }

    /// Readable plain text: lines, list marks, and the addresses of links behind their words.
    public static func text(_ html: String) -> String {
        PlainText.run(HTMLInput.prepared(html).bytes)
    }

    /// Puts the images' addresses where they belong.
    private static func show(
        _ round: Cleaning.Round, isCut: Bool, remoteImages: Bool, inlineImage: (String) -> String?
    ) -> Cleaned {
        var shown: [UInt8] = []
        shown.reserveCapacity(round.bytes.count)
        var done = 0
        var blocked = 0
        for image in round.images {
            shown += round.bytes[done..<image.range.lowerBound]
            done = image.range.upperBound
            switch image.source {
            case .remote where remoteImages: shown += round.bytes[image.range]
            case .remote: blocked += 1
            case .inline(let id):
                if let address = inlineImage(id) {
                    shown += Array(" src=\"".utf8)
                    HTMLEscape.attribute(address.utf8, into: &shown)
                    shown.append(UInt8(ascii: "\""))
                }
            }
        }
        shown += round.bytes[done...]
        return Cleaned(html: String(decoding: shown, as: UTF8.self), blockedImages: blocked, isCut: isCut)
    }

    /// The last resort for HTML that will not settle: its text.
    private static func plain(_ html: String) -> String {
        var shown = Array("<p>".utf8)
        for (n, line) in text(html).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if n > 0 { shown += Array("<br>".utf8) }
            HTMLEscape.text(line.utf8, into: &shown)
        }
        return String(decoding: shown, as: UTF8.self) + "</p>"
    }
}

/// How large a mail may be before the rest of it is left out.
enum HTMLLimits {
    /// Bytes of a mail that are read. Larger than `outputMaxBytes`, so that a result is never cut again.
    static let inputMaxBytes = 4 << 20
    /// Bytes of the result, closing tags not counted.
    static let outputMaxBytes = 3 << 20
    /// Elements that the parser may have open; it looks through all of them for each closing tag.
    static let parserDepthMax = 600
    /// Elements open in the result; deeper ones lose their tags, not their content.
    static let depthMax = 150
    /// Elements and runs of text.
    static let nodesMax = 200_000
    /// Of one element; the parser compares each with all before it.
    static let attributesMax = 200
    /// Of a link or an image.
    static let urlMaxBytes = 8_192
    /// Of a `style` attribute.
    static let styleMaxBytes = 8_192
    /// Of a `title` or an `alt`.
    static let wordsMaxBytes = 2_048
}
