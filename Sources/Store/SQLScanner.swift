// Cuts SQL text into code and what must be left alone: literals, quoted names, comments.

/// A cut of a statement's text, in order and without gaps.
enum SQLScanner {
    enum Kind: Sendable {
        case code
        case verbatim
    }

    struct Piece {
        let kind: Kind
        let text: Substring
    }

    /// The pieces of `text`; a doubled quote inside a literal simply makes two literals side by side.
    static func pieces(of text: String) -> [Piece] {
        let bytes = text.utf8
        var pieces: [Piece] = []
        var start = bytes.startIndex
        var at = start

        func cut(_ kind: Kind, to end: String.Index) {
            if start < end { pieces.append(Piece(kind: kind, text: text[start..<end])) }
            start = end
        }

        /// The index after the next occurrence of `mark`, or the end of the text.
        func after(_ mark: [UInt8], from index: String.Index) -> String.Index {
            var index = index
            while index < bytes.endIndex {
                if bytes[index...].starts(with: mark) { return bytes.index(index, offsetBy: mark.count) }
                index = bytes.index(after: index)
            }
            return index
        }

        while at < bytes.endIndex {
            let rest = bytes[at...]
            let end: String.Index
            if rest.first == UInt8(ascii: "'") {
                end = after([UInt8(ascii: "'")], from: bytes.index(after: at))
            } else if rest.first == UInt8(ascii: "\"") {
                end = after([UInt8(ascii: "\"")], from: bytes.index(after: at))
            } else if rest.starts(with: "--".utf8) {
                end = after([UInt8(ascii: "\n")], from: at)
            } else if rest.starts(with: "/*".utf8) {
                end = after(Array("*/".utf8), from: bytes.index(at, offsetBy: 2))
            } else {
                at = bytes.index(after: at)
                continue
            }
            cut(.code, to: at)
            cut(.verbatim, to: end)
            at = end
        }
        cut(.code, to: bytes.endIndex)
        return pieces
    }
}
