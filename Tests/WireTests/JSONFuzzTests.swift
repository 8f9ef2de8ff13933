// The JSON reader against Foundation's on texts that are damaged at random, the same on every run.
import Foundation
import Hummingbird
import SeededRandom
import Testing

@testable import Web

@Suite("JSON reader, fuzzed")
struct JSONFuzzTests {
    private static let rounds = 40_000

    private static let seeds = [
        #"{"data":{"type":"c3_new_errands","attributes":{"msg":{"from":"a@b.se","attachments":[{"content":"QQ=="}]},"cuid":"5"}}}"#,
        #"{"a":[1,-2.5e+10,true,false,null,"x\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00",{}],"å€😀":[[],[[]]],"a":0}"#,
        #"[0.1,1E5,-0,"",{"":[{"b":[1,2,{"c":"d"}]}]}]"#,
    ]

    private static let scraps: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "\\udc00", "0", "1", "-", ".", "e",
            "E+", "true", "null", " ", "\n",
            "\u{e5}", "\u{1f600}", "\\\"", "\"\"", "\"a\":1", "NaN", "//", "\t", "00",
            "9999999999999999999999",
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0x1F], [0xE2, 0x82],
        ]

    private static func damaged(_ random: inout Seeded) -> [UInt8] {
        var bytes = Array(seeds[random.below(seeds.count)].utf8)
        for _ in 0...random.below(3) {
            let place = random.below(bytes.count + 1)
            switch random.below(5) {
            case 0: bytes.removeSubrange(place..<min(place + 1 + random.below(4), bytes.count))
            case 1: bytes.insert(contentsOf: scraps[random.below(scraps.count)], at: place)
            case 2 where place < bytes.count: bytes[place] = random.byte()
            case 3: bytes = Array(bytes[..<place])
            default:
                let start = random.below(bytes.count + 1)
                bytes.insert(contentsOf: bytes[start..<min(start + random.below(12), bytes.count)], at: place)
            }
        }
        return bytes
    }

    @Test("takes what Foundation takes, and means the same")
    func like() throws {
        var random = Seeded(seed: 20_170_122)
        var taken = 0
        for round in 0..<Self.rounds {
            let bytes = Self.damaged(&random)
            var ours: JSONValue?
            var fault: JSONFault?
            do {
                ours = try JSONDocument(ByteBuffer(bytes: bytes)).root
            } catch let problem as JSONFault {
                fault = problem
            }
            // Foundation also guesses UTF-16 and UTF-32 by zero bytes, which JSON on a wire never is.
            if bytes.prefix(4).contains(0) {
                #expect(ours == nil)
                continue
            }
            let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            let text = String(decoding: bytes, as: UTF8.self)
            if let fault, theirs != nil {
                #expect(Self.isTrailingComma(bytes, fault), "round \(round): \(text)")
            } else if let ours, theirs == nil {
                #expect(Self.holdsTooLargeNumber(ours), "round \(round): \(text)")
            }
            guard let ours, let theirs else { continue }
            taken += 1
            #expect(Self.same(ours, theirs), "round \(round): \(text)")
        }
        // Or the test would say nothing.
        #expect(taken > Self.rounds / 20)
    }

    /// Foundation overlooks a comma before a bracket or brace; RFC 8259 does not.
    private static func isTrailingComma(_ bytes: [UInt8], _ fault: JSONFault) -> Bool {
        let before = bytes[..<fault.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return before == UInt8(ascii: ",") && fault.offset < bytes.count
            && [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(bytes[fault.offset])
    }

    /// Foundation refuses numbers beyond a Double; RFC 8259 leaves that open, and we only keep their text.
    private static func holdsTooLargeNumber(_ value: JSONValue) -> Bool {
        (value.number.map(\.isInfinite) ?? false) || value.elements.contains(where: holdsTooLargeNumber)
            || value.members.contains { holdsTooLargeNumber($0.value) }
    }

    private static func same(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours.kind {
        case .null: return theirs is NSNull
        case .yes, .no: return (theirs as? NSNumber)?.boolValue == (ours.kind == .yes)
        case .integer, .number:
            guard let theirs = theirs as? NSNumber, let number = ours.number else { return false }
            return theirs.doubleValue == number
                || (theirs.doubleValue - number).magnitude <= number.magnitude * 1e-15
        case .string: return (theirs as? String).map { Array($0.utf8) } == ours.string.map { Array($0.utf8) }
        case .array:
            guard let theirs = theirs as? [Any], theirs.count == ours.elements.count else { return false }
            return zip(ours.elements, theirs).allSatisfy { same($0, $1) }
        case .object:
            guard let theirs = theirs as? [String: Any] else { return false }
            let last = Dictionary(ours.members.map { ($0.name, $0.value) }) { $1 }
            guard last.count == theirs.count else { return false }
            return last.allSatisfy { name, value in theirs[name].map { same(value, $0) } ?? false }
        }
    }
}
