// The callback's payload against its golden documents.
import Foundation
import Routing
import Testing

@testable import Cention
@testable import Center
import Web

@Suite("Cention's callback")
struct CentionCallbackTests {
    /// The errand of the page's sample, as far as the page shows it.
    private static func sample(
        attachments: [Int64] = [789, 790, 788], archives: [Int64] = [12], secret: String? = "123456",
        html: String = "<div>sadadad</div>",
        body: String = "text", asks: AnsweredErrand.Asked? = nil, original: Bool = true,
        zone: String = "Asia/Kuala_Lumpur"
    ) -> AnsweredErrand {
        AnsweredErrand(
            delivery: DeliveryID(76), workspaceName: "demo", timeZone: zone, errand: ErrandID(2256),
            channel: .form,
            answer: AnswerID(1189), response: ResponseID(3304), subject: "Creating test errand via API",
            body: body,
            htmlBody: html, to: [.init(id: 279, address: "david.liew@test.se", name: "David Liew")],
            attachments: attachments.map(AttachmentID.init), archives: archives.map(ArchiveID.init),
            asks: asks,
            original: !original
                ? nil
                : .init(
                    n: 1, fromName: "Sany Liew", fromAddress: "david.liew@test.se",
                    // 2017-01-22 16:53:04 +0800
                    at: Instant(ms: 1_485_075_184_000), to: "test-services-area",
                    subject: "Creating test errand via API",
                    body: "Test message body at Sun, 22 Jan 2017 16:53:04 +0800", htmlBody: ""),
            secret: secret)
    }

    private func compare(_ answered: AnsweredErrand, _ name: String, _ url: String = "http://localhost")
        throws
    {
        let actual = try JSONSerialization.jsonObject(
            with: Data(CentionCallback.render(answered, publicURL: url)))
        let expected = try JSONSerialization.jsonObject(
            with: Data(contentsOf: GoldenFile.folder.appending(path: "cention/\(name)")))
        var names = Placeholders()
        let difference = try names.difference(actual, expected)
        #expect(difference == nil)
    }

    @Test("the page's sample")
    func page() throws {
        try compare(Self.sample(), "callback-answer.json")
    }

    @Test("plain text only, without files, secret and a slash too many")
    func plain() throws {
        let text = "Nine to five.\r\n\r\n  \r\nTom & \"Jerry\"\n<script>alert('x')</script>\u{1}"
        try compare(
            Self.sample(
                attachments: [], archives: [], secret: nil, html: "", body: text, zone: "Europe/Stockholm"),
            "callback-answer-plain.json", "http://localhost/")
        try compare(
            Self.sample(
                attachments: [], archives: [], secret: "", html: "", body: text, zone: "Europe/Stockholm"),
            "callback-answer-plain.json")
    }

    @Test("an answer with the satisfaction meter, its links in the sample's form")
    func meter() throws {
        let labels = ["optionONE", "optionTWO", "<3", "four & more", "\"five\""]
        let asks = AnsweredErrand.Asked(
            question: "Was this <b>good</b> & quick?",
            levels: labels.enumerated().map { index, label in
                (
                    label,
                    "\(SatisfactionLink.prefix)/4d5338794d6a5532/\(String(repeating: "\(index)", count: 32))"
                )
            })
        try compare(Self.sample(asks: asks), "callback-answer-satisfaction.json")
    }

    @Test("members come in the order of the sample")
    func order() throws {
        let bytes = CentionCallback.render(Self.sample(), publicURL: "http://localhost")
        let root = try JSONDocument(.init(bytes: bytes)).root
        #expect(root.members.map(\.name) == ["data", "included", "meta"])
        let errand = try #require(root["included"]?.elements.first)
        #expect(errand.members.map(\.name) == ["type", "id", "attributes", "relationships"])
        #expect(errand["attributes"]?.members.map(\.name) == ["answer", "c3_id", "service"])
        let response = try #require(errand["attributes"]?["answer"]?["response"])
        #expect(response.members.map(\.name) == ["body", "c3_id", "html_body", "subject", "to"])
        // Receivers refuse numbers in quotes.
        #expect(root["data"]?["attributes"]?["event"]?.source == "1")
        #expect(response["to"]?.elements[0]["c3_id"]?.source == "279")
    }

    @Test("without an original nothing is quoted")
    func unquoted() throws {
        let texts = AnswerTexts(Self.sample(original: false), publicURL: "http://localhost")
        #expect(texts.body == "text")
        #expect(texts.htmlBody == "<div>sadadad</div>")
    }

    @Test(
        "the minute is the zone's, summer time included",
        arguments: [
            ("UTC", 1_485_075_184_000, "2017/01/22 08:53"),
            ("Europe/Stockholm", 1_500_000_000_000, "2017/07/14 04:40"),
            ("America/St_Johns", 1_485_075_184_000, "2017/01/22 05:23"),
            ("Asia/Kuala_Lumpur", 1_485_187_199_999, "2017/01/23 23:59"),
        ] as [(String, Int64, String)])
    func minute(_ zone: String, _ ms: Int64, _ expected: String) {
        #expect(AnswerTexts.minute(ms, in: zone) == expected)
    }
}
