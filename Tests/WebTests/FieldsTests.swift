// Cookies, queries, forms, percent-encoding, slashes, listen addresses.
import Center
import Hummingbird
import Logging
import NIOEmbedded
import Testing

@testable import Web

struct FieldsTests {
    private func fields(_ text: String) throws -> [String] {
        try Fields(encoded: Array(text.utf8)).list.map { "\($0.name)=\($0.value)" }
    }

    @Test func fieldsKeepOrderAndRepeat() throws {
        let fields = try Fields(encoded: Array("b=1&a=2&b=3&c&=x&&d=e=f".utf8))
        #expect(fields.list.map { "\($0.name)=\($0.value)" } == ["b=1", "a=2", "b=3", "c=", "=x", "d=e=f"])
        #expect(fields["b"] == "1")
        #expect(fields.all("b") == ["1", "3"])
        #expect(fields["z"] == nil)
    }

    @Test func fieldsAreDecoded() throws {
        #expect(try fields("a%5Bb%5D=%C3%A4+%2B%26&x=%e2%82%ac") == ["a[b]=ä +&", "x=€"])
        #expect(try fields("a=%00") == ["a=\u{fffd}"])
        #expect(try fields("") == [])
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%c3%28", "a=%ed%a0%80"])
    func brokenFieldsAreRefused(text: String) {
        #expect(throws: Refusal.self) { try fields(text) }
    }

    @Test func tooManyFieldsAreRefused() throws {
        #expect(try fields(Array(repeating: "a=1", count: 1_000).joined(separator: "&")).count == 1_000)
        #expect(throws: Refusal.self) {
            try fields(Array(repeating: "a=1", count: 1_001).joined(separator: "&"))
        }
    }

    @Test func segments() {
        #expect(percentDecoded("a+b%20c%2F") == "a+b c/")
        #expect(percentDecoded("%C3%A4") == "ä")
        #expect(percentDecoded("%C3") == nil)
        #expect(percentDecoded("%") == nil)
    }

    @Test(arguments: [
        ("/a/b", nil), ("/", nil), ("//", "/"), ("//a///b//", "/a/b/"), ("/a?x=//", nil),
        ("//a?x=//y", "/a?x=//y"),
        ("", nil), ("*", nil),
    ]) func slashesCollapse(target: String, expected: String?) {
        #expect(Target.collapsed(target) == expected)
    }

    @Test func cookiesAreRead() {
        var headers = HTTPFields()
        headers.append(.init(name: .cookie, value: "a=1; b=x=y;c=; d; a=2"))
        headers.append(.init(name: .cookie, value: "e=5"))
        let cookies = RequestCookies(headers)
        #expect(cookies["a"] == "1")
        #expect(cookies["b"] == "x=y")
        #expect(cookies["c"] == "")
        #expect(cookies["d"] == nil)
        #expect(cookies["e"] == "5")
    }

    @Test func cookiesAreWritten() {
        var context = Context(source: .init(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        #expect(
            SetCookie("session", "abc", for: context).header == "session=abc; Path=/; HttpOnly; SameSite=Lax")
        context.scheme = .https
        #expect(
            SetCookie("session", "", for: context, path: "/desk", maxAgeS: 0, sameSite: .strict).header
                == "session=; Path=/desk; HttpOnly; SameSite=Strict; Max-Age=0; Secure")
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:80", "[::1]:80"), (":8080", "0.0.0.0:8080"),
        ("example.org:0", "example.org:0"), ("unix:/run/x.sock", "unix:/run/x.sock"),
        ("8080", nil), ("127.0.0.1", nil), ("127.0.0.1:99999", nil), ("unix:x", nil), ("a:b:1", nil),
        ("", nil),
    ]) func listenAddresses(text: String, expected: String?) {
        #expect(Listen(text)?.description == expected)
    }
}
