// Hostile mails as files: `Mails/NAME.html` must become `Mails/NAME.clean.html`. A browser reads the latter.
import Foundation
import Testing

@testable import SafeHTML

@Suite("Hostile mails")
struct MailTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Mails")
    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (files ?? []).filter { $0.hasSuffix(".clean.html") }.map { String($0.dropLast(11)) }.sorted()
    }()

    /// Bytes that are no UTF-8 become U+FFFD, as at every door.
    static func mail(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name + ".html")), as: UTF8.self)
    }

    @Test("all are here")
    func all() { #expect(Self.names.count >= 13) }

    @Test("become what they must", arguments: names)
    func become(_ name: String) throws {
        let result = SafeHTML.clean(try Self.mail(name), remoteImages: false) { "cid:" + $0 }
        let expected = try Self.mail(name + ".clean")
        #expect(result.html + "\n" == expected)
        let fault = Strict.fault(result.html)
        #expect(fault == nil)
        #expect(!result.isCut)
        let blocked = ["remote": 4][name] ?? 0
        #expect(result.blockedImages == blocked)
        let opened = SafeHTML.clean(try Self.mail(name), remoteImages: true) { _ in nil }
        let openFault = Strict.fault(opened.html)
        #expect(openFault == nil)
        #expect(opened.html.components("src=\"") == blocked)
    }

    @Test("are words in plain text, without a script's")
    func words() throws {
        #expect(SafeHTML.text(try Self.mail("scripts")) == "Dear team,\n\nipt>ran('split')ipt>")
        let letter = SafeHTML.text(try Self.mail("newsletter"))
        #expect(
            letter == """
                Your order 4711

                Dear David,
                thank you – it’s on its way.

                - Tea × 2
                - Cup

                19,90\u{A0}€

                1. Track it <https://shop.example/track?id=4711&x=%20>

                > On Monday you wrote:

                [Shop]
                """)
    }
}
