// Prepares bytes for the parser: newlines, control characters and comments as HTML knows them, within the limits.

enum HTMLInput {
    /// Bytes that the guard may look at for each byte of the mail, before it calls the mail hostile.
    static let looksMax = 8

    /// An element around the mail: the parser would make paragraphs of words outside of any.
    static let wrapper = "x-mail"

    /// - Returns: UTF-8 without CR, NUL and control characters; and whether something is missing at its end.
    static func prepared(_ html: String) -> (bytes: [UInt8], cut: Bool) {
        var html = html
        var bytes: [UInt8] = []
        var cut = false
        html.withUTF8 { source in
            var end = source.count
            if end > HTMLLimits.inputMaxBytes {
                cut = true
                end = HTMLLimits.inputMaxBytes
                while end > 0, source[end] & 0xC0 == 0x80 { end -= 1 }
            }
            bytes.reserveCapacity(end + 16)
            bytes += "<\(wrapper)>".utf8
            var index = 0
            // What has no end is looked for once.
            var endless: Set<Bool> = []
            while index < end {
                let byte = source[index]
                if byte == UInt8(ascii: "<"), index + 1 < end, source[index + 1] == UInt8(ascii: "!") {
                    let isComment = index + 2 < end && source[index + 2] == UInt8(ascii: "-")
                    if !endless.contains(isComment) {
                        if let after = commentEnd(source, end, from: index + 2) {
                            index = after
                            continue
                        }
                        endless.insert(isComment)
                    }
                }
                index += 1
                switch byte {
                case 0x0D:
                    if index < end, source[index] == 0x0A { index += 1 }
                    bytes.append(0x0A)
                case 0x09, 0x0A: bytes.append(byte)
                // A form feed parts attributes in browsers, but not in the parser.
                case 0x0C: bytes.append(0x20)
                case 0: bytes += [0xEF, 0xBF, 0xBD]
                case 0x01...0x1F, 0x7F: continue
                default: bytes.append(byte)
                }
            }
        }
        let length = guarded(bytes)
        if length < bytes.count {
            cut = true
            bytes.removeSubrange(length...)
        }
        return (bytes, cut)
    }

    /// What a round of cleaning wrote, for the next one.
    static func wrapped(_ bytes: [UInt8]) -> [UInt8] { Array("<\(wrapper)>".utf8) + bytes }

    /// Where a comment or a declaration such as `<![if !mso]>` ends; nil when it does not.
    private static func commentEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int, from start: Int) -> Int? {
        let dash = UInt8(ascii: "-")
        let greater = UInt8(ascii: ">")
        guard start + 1 < end, bytes[start] == dash, bytes[start + 1] == dash else {
            return start < end ? bytes[start..<end].firstIndex(of: greater).map { $0 + 1 } : nil
        }
        // `<!-->` and `<!--->` are whole.
        var index = start + 2
        if index < end, bytes[index] == greater { return index + 1 }
        while index < end {
            if bytes[index] == greater, bytes[index - 1] == dash, bytes[index - 2] == dash {
                return index + 1
            }
            if bytes[index] == greater, bytes[index - 1] == UInt8(ascii: "!"), bytes[index - 2] == dash,
                bytes[index - 3] == dash, index - 3 >= start + 2
            {
                return index + 1
            }
            index += 1
        }
        return nil
    }

    /// How many bytes come before the first tag with too many attributes.
    ///
    /// The parser takes quadratic time for a tag's attributes. What is a tag depends on what is a comment or a
    /// script, about which parsers differ: so each `<` with a letter is taken for one.
    private static func guarded(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var budget = bytes.count * looksMax + 1_000
            var index = 0
            while index + 1 < bytes.count {
                if bytes[index] == UInt8(ascii: "<"), isLetter(bytes[index + 1]) {
                    let tag = attributes(bytes, from: index + 1)
                    budget -= tag.looked
                    if tag.count > HTMLLimits.attributesMax || budget < 0 { return index }
                }
                index += 1
            }
            return bytes.count
        }
    }

    /// Counts a tag's attributes as the parser does: a quote matters right after `=` only, a name ends after
    /// 100 bytes.
    private static func attributes(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (count: Int, looked: Int) {
        let nameMax = 100
        var index = start
        var count = 0
        func blank() -> Bool { bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0A }
        func skipBlanks() { while index < bytes.count, blank() { index += 1 } }
        func name() {
            let end = min(index + nameMax, bytes.count)
            while index < end, isNamePart(bytes[index]) { index += 1 }
        }
        name()
        while index < bytes.count, count <= HTMLLimits.attributesMax {
            skipBlanks()
            guard index < bytes.count, bytes[index] != UInt8(ascii: ">") else { break }
            guard isNamePart(bytes[index]) else {
                index += 1
                continue
            }
            count += 1
            name()
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            skipBlanks()
            guard index < bytes.count else { break }
            let quote = bytes[index]
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                index += 1
                while index < bytes.count, bytes[index] != quote { index += 1 }
                index += 1
            } else {
                while index < bytes.count, !blank(), bytes[index] != UInt8(ascii: ">") { index += 1 }
            }
        }
        return (count, index - start)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
