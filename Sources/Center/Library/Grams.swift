// Texts as the search compares them, and the short pieces of bytes that they are found by.

import Foundation

enum Grams {
    /// Lower case and composed, as UTF-8. Made here and never by SQL, so that both engines find the same.
    static func folded(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8(foldedWestern)
            ?? Array(text.lowercased().precomposedStringWithCanonicalMapping.utf8)
    }

    /// The same for ASCII, Latin-1 and typographic quotes and dashes, at a tenth of the cost: most texts have no other
    /// letters. Nil for those that have.
    private static func foldedWestern(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var isWestern = true
        let folded = [UInt8](unsafeUninitializedCapacity: bytes.count) { out, count in
            var at = 0
            func copy(_ length: Int) {
                for _ in 0..<length {
                    out[at] = bytes[at]
                    at += 1
                }
            }
            while at < bytes.count, isWestern {
                let byte = bytes[at]
                if byte < 0x80 {
                    out[at] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                    at += 1
                } else if byte == 0xC2, at + 1 < bytes.count {
                    copy(2)
                } else if byte == 0xC3, at + 1 < bytes.count {
                    let second = bytes[at + 1]
                    out[at] = byte
                    // À to Þ, without ×.
                    out[at + 1] = (0x80...0x9E).contains(second) && second != 0x97 ? second | 0x20 : second
                    at += 2
                } else if byte == 0xE2, at + 2 < bytes.count, bytes[at + 1] == 0x80,
                    (0x90...0xA7).contains(bytes[at + 2])
                {
                    copy(3)
                } else {
                    isWestern = false
                }
            }
            count = at
        }
        return isWestern ? folded : nil
    }

    /// Every run of one, two and three bytes, once, ascending.
    static func all(of texts: [[UInt8]]) -> [Int64] {
        var grams: [Int32] = []
        for text in texts {
            grams.reserveCapacity(grams.count + 3 * text.count)
            for (at, byte) in text.enumerated() {
                grams.append(gram(byte))
                if at + 1 < text.count { grams.append(gram(byte, text[at + 1])) }
                if at + 2 < text.count { grams.append(gram(byte, text[at + 1], text[at + 2])) }
            }
        }
        return once(grams)
    }

    /// Pieces that every text with the phrase has: its runs of three bytes, or itself when it is shorter.
    static func of(phrase: [UInt8]) -> [Int64] {
        switch phrase.count {
        case 0: return []
        case 1: return [Int64(gram(phrase[0]))]
        case 2: return [Int64(gram(phrase[0], phrase[1]))]
        default:
            let all = once((2..<phrase.count).map { gram(phrase[$0 - 2], phrase[$0 - 1], phrase[$0]) })
            guard all.count > askedMax else { return all }
            return (0..<askedMax).map { all[$0 * all.count / askedMax] }
        }
    }

    /// Bytes.
    static let longest = 3

    /// Pieces of one phrase that are looked up; a long one is rare by a few of them.
    static let askedMax = 24

    static func contains(_ text: [UInt8], _ phrase: [UInt8]) -> Bool {
        guard let first = phrase.first else { return true }
        return text.withUnsafeBytes { text in
            phrase.withUnsafeBytes { phrase in
                guard var at = text.baseAddress, let wanted = phrase.baseAddress else { return false }
                let end = at + text.count
                while end - at >= phrase.count, let found = memchr(at, Int32(first), end - at) {
                    guard end - UnsafeRawPointer(found) >= phrase.count else { return false }
                    if memcmp(found, wanted, phrase.count) == 0 { return true }
                    at = UnsafeRawPointer(found) + 1
                }
                return false
            }
        }
    }

    private static func once(_ grams: [Int32]) -> [Int64] {
        var last: Int32 = -1
        var list: [Int64] = []
        for gram in grams.sorted() where gram != last {
            list.append(Int64(gram))
            last = gram
        }
        return list
    }

    /// The length stands in front, so that runs of different lengths differ.
    private static func gram(_ a: UInt8) -> Int32 { 1 << 24 | Int32(a) }
    private static func gram(_ a: UInt8, _ b: UInt8) -> Int32 { 2 << 24 | Int32(a) << 8 | Int32(b) }
    private static func gram(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int32 {
        3 << 24 | Int32(a) << 16 | Int32(b) << 8 | Int32(c)
    }
}
