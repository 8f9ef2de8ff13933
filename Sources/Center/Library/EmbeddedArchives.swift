// Areas' archives that a library's text shows: `cid:` and the archive's number, as callbacks write it.

import Store

enum EmbeddedArchives {
    /// One place in a text.
    struct Place {
        let archive: Int64
        /// In the text's UTF-8.
        let range: Range<Int>
    }

    private static let mark = Array("cid:".utf8)
    /// Digits of the largest id.
    private static let digitsMax = 16

    /// Each archive once, in the order of their first places.
    static func ids(in question: LibraryQuestion) -> [Int64] {
        let texts = [question.question, question.answer].filter { $0.holds(UInt8(ascii: ":")) }
        guard !texts.isEmpty else { return [] }
        var seen: Set<Int64> = []
        return texts.flatMap { places(in: $0) }.map(\.archive)
            .filter { seen.insert($0).inserted }
    }

    /// Where an attribute's whole value is `cid:` and a number.
    static func places(in text: String) -> [Place] {
        var text = text
        return text.withUTF8 { bytes in
            var places: [Place] = []
            var at = 0
            while let found = next(bytes, from: at) {
                at = found + mark.count
                var end = at
                while end < bytes.count, isDigit(bytes[end]) { end += 1 }
                guard end > at, end - at <= digitsMax, found > 0, isBound(bytes[found - 1]),
                    end < bytes.count, isBound(bytes[end])
                else { continue }
                let digits = String(decoding: bytes[at..<end], as: UTF8.self)
                if let id = Int64(digits) { places.append(Place(archive: id, range: found..<end)) }
                at = end
            }
            return places
        }
    }

    /// The next `cid:`; most texts have none, so it is looked for by its colon.
    private static func next(_ bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        var at = from
        while at + mark.count <= bytes.count {
            guard let colon = bytes[(at + 3)...].firstIndex(of: UInt8(ascii: ":")) else { return nil }
            if bytes[(colon - 3)...colon].elementsEqual(mark) { return colon - 3 }
            at = colon - 2
        }
        return nil
    }

    /// What stands around an attribute's value.
    private static func isBound(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: ">") || byte == 0x20 || byte == 0x0A || byte == 0x09
    }
}
