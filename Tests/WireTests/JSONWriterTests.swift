// What is written as JSON is read back as it was by somebody else's parser.
import Foundation
import SeededRandom
import Testing

@testable import Cention
@testable import Web

@Suite struct JSONWriterTests {
    private func read(_ members: (inout JSONWriter) -> Void) throws -> [String: Any] {
        let bytes = JSONWriter.object(members)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `numbers have their digits`() throws {
        var numbers: [Int64] = [0, 9, 10, -1, -10, .max, .min]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1, -power]
        }
        for number in numbers {
            var writer = JSONWriter()
            writer.object { $0.member("n", number) }
            #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\"n\":\(number)}")
            writer = JSONWriter()
            writer.element(number)
            writer.element(number)
            #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(number),\(number)")
        }
    }

    @Test func `what must be escaped is, wherever it stands`() throws {
        for special in (0...0x1F as ClosedRange<UInt8>).map({ String(UnicodeScalar($0)) }) + ["\"", "\\"] {
            for length in 0...18 {
                let text = String(repeating: "x", count: length) + special + String(repeating: "é", count: 3)
                #expect(try read { $0.member("t", text) }["t"] as? String == text, "after \(length)")
            }
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `any text is read back`(_ seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<random.below(40) {
                // Mostly ASCII, its borders among it, and some of everything.
                let value = random.below(5) > 0 ? random.below(0x81) : random.below(0x3000)
                text.unicodeScalars.append(UnicodeScalar(UInt32(value)) ?? "?")
            }
            #expect(try read { $0.member("t", text) }["t"] as? String == text, "seed \(seed)")
            #expect(try read { $0.member(named: text, text) }[text] as? String == text, "seed \(seed)")
        }
    }

    @Test func `members known before stand between the others`() {
        let bytes = JSONWriter.object { object in
            object.members(#""a":false,"b":"""#)
            object.member("c", 1)
            object.object("d") { $0.members(#""e":null"#) }
            object.members(#""f":[]"#)
        }
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"{"a":false,"b":"","c":1,"d":{"e":null},"f":[]}"#)
    }

    @Test func `a text is put together of pieces, each escaped`() {
        let bytes = JSONWriter.object { object in
            object.member("a") { _ in }
            object.member("b") { text in
                text.put(plain: "Errand ")
                text.put(-33)
                text.put(" \u{1}\"é\n")
                text.put("")
                text.put("\\")
            }
            object.member("c", 1)
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"a":"","b":"Errand -33 \u0001\"é\n\\","c":1}"#)
    }

    @Test func `a text in place has the digits it is given`() {
        let text = FixedText.text(64) { text in
            for number: Int64 in [0, 7, 10, 99, 100, -3] { text.two(number) }
            text.put(" ")
            for year: Int64 in [7, 999, 1_000, 2_026, 9_999, 12_345, -1] { text.year(year) }
        }
        #expect(text == "00071099100-3 7999100020269999123" + "45-1")
    }
}
