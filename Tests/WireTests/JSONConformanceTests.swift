// The JSON reader against RFC 8259, case by case: what is taken and what it means, and what is not.
import Foundation
import Hummingbird
import SeededRandom
import Testing

@testable import Web

@Suite("JSON reader")
struct JSONConformanceTests {
    private func root(_ text: String, limits: JSONLimits = .init()) throws -> JSONValue {
        try JSONDocument(ByteBuffer(string: text), limits: limits).root
    }

    @Test(
        "strings",
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e5\u20AC""#, "Aå€"),
            (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\u0000""#, "\0"),
            ("\"å€😀\"", "å€😀"),
            (#""\u2028\ufeff\uffff""#, "\u{2028}\u{feff}\u{ffff}"),
            ("\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\"", "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}"),
            (#""a\\u0041""#, #"a\u0041"#), ("\u{feff} \"a\" ", "a"),
        ])
    func strings(_ text: String, _ expected: String) throws {
        #expect(try root(text).string == expected)
    }

    @Test(
        "numbers",
        arguments: [
            ("0", 0.0), ("-0", -0.0), ("10", 10), ("-12.5", -12.5), ("1e3", 1_000), ("1E+3", 1_000),
            ("25e-1", 2.5),
            ("0.0001", 0.0001), ("1.7976931348623157e308", .greatestFiniteMagnitude),
            ("123456789012345678901", 123456789012345678901.0),
        ])
    func numbers(_ text: String, _ expected: Double) throws {
        #expect(try root(text).number == expected)
    }

    @Test(
        "whole numbers",
        arguments: [
            ("0", 0), ("-7", -7), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("\"1\"", nil), ("true", nil),
        ] as [(String, Int64?)])
    func wholeNumbers(_ text: String, _ expected: Int64?) throws {
        #expect(try root(text).integer == expected)
    }

    @Test("structure keeps order, repeats and sources")
    func structure() throws {
        let root = try root(
            " {\"a\" : [ 1, {\"b\":null} ,\"x\\n\"],\"a\":{ } , \"\\u0063\":true,\"d\":false}\n")
        #expect(root.members.map(\.name) == ["a", "a", "c", "d"])
        let array = root.members[0].value
        #expect(array.source == "[ 1, {\"b\":null} ,\"x\\n\"]")
        #expect(array.elements.map(\.source) == ["1", "{\"b\":null}", "\"x\\n\""])
        #expect(array.elements.map(\.kind) == [.integer, .object, .string])
        #expect(root["a"]?.source == "{ }")
        #expect(root["c"]?.kind == .yes)
        #expect(root["d"]?.kind == .no)
        #expect(root["b"] == nil)
        #expect(array.elements[1]["b"]?.isNull == true)
        #expect(array["a"] == nil && array.members.isEmpty && root.elements.isEmpty)
    }

    @Test(
        "refused",
        arguments: [
            "", " ", "nul", "nulL", "True", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{\"a\" 1}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "[1}", "1 2", "1,",
            "[] []", "\"", "\"a", "\"\\\"", "\"\\",
            "\"\\x\"", "\"\\u\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud800\\ud800\"", "\"\\udc00\"", "\"\\udc00\\ud800\"", "\"\n\"", "\"\t\"", "\"\0\"", "'a'",
            "01", "-", "-a", "+1", ".5", "1.", "1.e1",
            "1e", "1e+", "0x1", "1_0", "00", "-01", "NaN", "Infinity", "-Infinity", "// a\n1", "/**/1",
            "\u{a0}1", "\0", "1\0", "\u{feff}", "1\u{feff}",
            "\u{b}1", "\"a\"\"b\"", "undefined",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONFault.self) { try root(text) }
    }

    @Test(
        "bytes that are no UTF-8",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xEF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xFF], [0xFE],
        ] as [[UInt8]])
    func badBytes(_ bytes: [UInt8]) {
        for text in [
            [0x22] + bytes + [0x22], [0x22] + bytes, bytes, [0x7B, 0x22] + bytes + Array("\":1}".utf8),
        ] {
            #expect(throws: JSONFault.self) { try JSONDocument(ByteBuffer(bytes: text)) }
        }
    }

    @Test("the fault says where")
    func place() throws {
        let fault = #expect(throws: JSONFault.self) { try root("{\"a\": 01}") }
        #expect(fault?.offset == 7)
    }

    @Test("limits of depth and number")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try root(nested(64)).kind == .array)
        #expect(throws: JSONFault.self) { try root(nested(65)) }
        #expect(throws: JSONFault.self) { try root(String(repeating: "{\"a\":", count: 65)) }
        var few = JSONLimits()
        few.valuesMax = 4
        #expect(try root("[1,2,3]", limits: few).elements.count == 3)
        #expect(throws: JSONFault.self) { try root("[1,2,3,4]", limits: few) }
        #expect(throws: JSONFault.self) { try root("{\"a\":1,\"b\":2}", limits: few) }
    }

    @Test(
        "what the writer writes is read back",
        arguments: ["", "plain", "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}", "å€😀\u{2028}", "</script>"])
    func writer(_ text: String) throws {
        let bytes = JSONWriter.object { object in
            object.member("text", text)
            object.member("number", .min)
            object.array("list") { list in
                list.object { _ in }
                list.object { $0.member("a", 1) }
            }
            object.object("empty") { _ in }
            object.array("none") { _ in }
        }
        let root = try JSONDocument(ByteBuffer(bytes: bytes)).root
        #expect(root["text"]?.string == text)
        #expect(root["number"]?.integer == .min)
        #expect(root["list"]?.source == "[{},{\"a\":1}]")
        #expect(root["empty"]?.source == "{}")
        #expect(root["none"]?.source == "[]")
    }

    @Test("base64 like Foundation's")
    func base64() throws {
        var random = Seeded(seed: 7)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in random.byte() }
            let text = Data(bytes).base64EncodedString()
            #expect(try root("\"\(text)\"").base64 == bytes)
            let lines = Data(bytes).base64EncodedString(options: [.lineLength64Characters])
            let escaped = lines.replacing("\r\n", with: "\\r\\n").replacing("/", with: "\\/")
            #expect(try root("\"\(escaped)\"").base64 == bytes)
            if !text.isEmpty { #expect(try root("\"\(text.dropLast())\"").base64 == nil) }
        }
        #expect(try root("1").base64 == nil)
    }
}
