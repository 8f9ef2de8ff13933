// Files at the desk: uploads that wait for an answer, downloads that are never a page, HTML in a frame.
import Center
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct ErrandFileTests {
    @Test(arguments: EngineKind.tested)
    func anAnswerTakesItsFilesAndPicturesAlong(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let errand = try await stage.arrives("Send me the papers")
            try await stage.act("take", errand, as: ana)
            // Small enough for the row, and large enough for a blob.
            let large = picture(100_000)
            let papers = try await stage.upload(
                Array("papers".utf8), "The%20%22papers%22.txt", type: "text/plain", to: errand, as: ana)
            let shot = try await stage.upload(
                large, "shot.png", type: "text/html", inline: true, to: errand, as: ana)
            let stray = try await stage.upload(
                large, "stray.png", type: "image/png", inline: true, to: errand, as: ana)
            #expect(papers.status == .created && shot.status == .created && stray.status == .created)
            let file = between("data-upload=\"", "\"", in: papers.text)
            let shown = between("data-upload=\"", "\"", in: shot.text)
            #expect(
                try await stage.get("\(ana.base)/uploads/\(shown)", as: ana).body == ByteBuffer(bytes: large))
            #expect(try await stage.page(errand, as: ana).contains("name=\"upload\" value=\"\(file)\""))
            let html = """
                <div>Dear <b>Kim</b></div><script>alert(1)</script><img src="cid:attachment_\(shown)" onerror="x()">
                """
            let answered = try await stage.act(
                "answer", errand, [("html_body", html), ("body", ""), ("upload", file)], as: ana)
            #expect(answered.headers[.location] == "\(ana.base)?said=answered")
            let view = try await stage.view(errand, of: "ana")
            let answer = try #require(view.answers.first)
            #expect(answer.body == "Dear Kim")
            #expect(answer.htmlBody.contains("<b>Kim</b>"))
            #expect(answer.htmlBody.contains("src=\"cid:attachment_\(shown)\""))
            #expect(!answer.htmlBody.contains("script") && !answer.htmlBody.contains("onerror"))
            #expect(view.attachments.map { "\($0.id)" } == [file, shown])
            #expect(view.attachments.map(\.name) == ["The \"papers\".txt", "shot.png"])
            #expect(view.attachments.map(\.contentType) == ["text/plain", "image/png"])
            #expect(view.attachments.map(\.contentID) == [nil, "attachment_\(shown)"])
            #expect(
                view.attachments.allSatisfy { $0.ownerNoun == "response" && $0.owner == answer.response.raw })
            #expect(try await stage.around(errand, of: "ana").uploads.isEmpty)
            let path = "\(ana.base)/errands/\(errand)/files"
            let got = try await stage.get("\(path)/\(shown)", as: ana)
            #expect(got.body == ByteBuffer(bytes: large))
            let frame = try await stage.get(
                "\(ana.base)/errands/\(errand)/letters/response-\(answer.response)", as: ana)
            let link = between("src=\"", "\"", in: frame.text).replacing("&amp;", with: "&")
            // The frame has no cookie.
            let linked = try await stage.get(link)
            #expect(linked.status == .ok && linked.body == ByteBuffer(bytes: large))
            #expect(
                try await stage.get(link.replacing("/pictures/\(shown)", with: "/pictures/\(file)")).status
                    == .notFound)
            #expect(try await stage.get(String(link.dropLast()) + "x").status == .notFound)
            #expect(try await stage.get(link.replacing("/s/north/", with: "/s/south/")).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aDownloadIsNeverAPage(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let cy = try await stage.signIn("cy")
            let page = Array("<script>alert(document.cookie)</script>".utf8)
            let errand = try await stage.arrives(
                "Look at this",
                files: [
                    NewAttachment(name: "page.html", contentType: "text/html", bytes: page),
                    NewAttachment(name: "a.svg", contentType: "image/svg+xml", bytes: page),
                    NewAttachment(name: "no.png", contentType: "image/png", bytes: page),
                    NewAttachment(
                        name: "ja\r\nX: y\"å.png", contentType: "image/png", bytes: picture(20_000)),
                ])
            let files = try await stage.view(errand, of: "ana").attachments
            #expect(files.count == 4)
            for file in files {
                let path = "\(ana.base)/errands/\(errand)/files/\(file.id)"
                let got = try await stage.get(path, as: ana)
                #expect(got.status == .ok)
                #expect(got.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"") == true)
                #expect(got.headers[.xContentTypeOptions] == "nosniff")
                #expect(got.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
                #expect(["application/octet-stream", "image/png"].contains(got.headers[.contentType]))
                #expect(try await stage.get(path, as: cy).status == .notFound)
                #expect(try await stage.get(path).status == .seeOther)
                let view = try await stage.get("\(path)/view", as: ana)
                #expect(view.status == (file.id == files[3].id ? .ok : .unsupportedMediaType))
            }
            let odd = try await stage.get("\(ana.base)/errands/\(errand)/files/\(files[3].id)", as: ana)
            #expect(
                odd.headers[.contentDisposition]
                    == "attachment; filename=\"ja__X: y__.png\"; filename*=UTF-8''ja%0D%0AX%3A%20y%22%C3%A5.png"
            )
            let other = try await stage.arrives("Another")
            #expect(
                try await stage.get("\(ana.base)/errands/\(other)/files/\(files[0].id)", as: ana).status
                    == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func uploadsAreTheAgentsOwnAndEnd(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let ada = try await stage.signIn("ada")
            let errand = try await stage.arrives("Files")
            let bytes = Array("x".utf8)
            #expect(
                try await stage.upload(bytes, "a", type: "text/plain", to: errand, as: ana).status
                    == .conflict)
            try await stage.act("take", errand, as: ana)
            let forged = try await stage.upload(
                bytes, "a", type: "text/plain", to: errand, as: ana, csrf: "x")
            #expect(forged.status == .forbidden)
            let script = try await stage.upload(
                Array("<svg/>".utf8), "a.svg", type: "image/svg+xml", inline: true, to: errand, as: ana)
            #expect(script.status == .unsupportedMediaType)
            let huge = [UInt8](repeating: 0, count: UploadLimits.bytesMax + 1)
            #expect(
                try await stage.upload(huge, "a", type: "text/plain", to: errand, as: ana).status
                    == .contentTooLarge)
            let sent = try await stage.upload(
                bytes, "..%2F..%2Fe%E2%80%AEtc", type: "nonsense", to: errand, as: ana)
            #expect(sent.text.contains("<bdi>etc</bdi>"))
            let id = between("data-upload=\"", "\"", in: sent.text)
            #expect(try await stage.get("\(ada.base)/uploads/\(id)", as: ada).status == .notFound)
            try await stage.postAll("\(ada.base)/uploads/\(id)/remove", [], as: ada)
            #expect(try await stage.around(errand, of: "ana").uploads.count == 1)
            try await stage.act(
                "transfer", errand, [("to", "agent:\(try stage.person("ada").id.raw)")], as: ada)
            let stolen = try await stage.act("answer", errand, [("body", "Hi"), ("upload", id)], as: ada)
            #expect(stolen.status == .conflict && stolen.text.contains("is not there any more"))
            #expect(try await stage.view(errand, of: "ada").answers.isEmpty)
            try await stage.postAll("\(ana.base)/uploads/\(id)/remove", [], as: ana)
            #expect(try await stage.around(errand, of: "ana").uploads.isEmpty)
        }
    }

    @Test(arguments: EngineKind.tested)
    func htmlStandsInAFrameThatCanDoNothing(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let cy = try await stage.signIn("cy")
            let errand = try await stage.arrives(
                "Rich",
                html: """
                    <p onclick="x()">Hello <b>you</b><script>alert(1)</script><img src="https://spy.example/p.png">
                    <img src="cid:pic@1"><img src="cid:unknown">
                    """,
                files: [
                    NewAttachment(
                        name: "pic.png", contentType: "image/png", contentID: "<pic@1>", bytes: picture(50))
                ])
            let message = try #require(try await stage.view(errand, of: "ana").messages.first)
            let path = "\(ana.base)/errands/\(errand)/letters/message-\(message.id)"
            let page = try await stage.page(errand, as: ana)
            #expect(page.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""))
            #expect(page.contains("src=\"\(path)\"") && page.contains("1 picture from elsewhere not shown"))
            let frame = try await stage.get(path, as: ana)
            let policy = frame.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("default-src 'none'; img-src 'self'; ") && policy.contains("; sandbox "))
            #expect(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"))
            #expect(frame.headers[.frameOptions] == "SAMEORIGIN")
            #expect(frame.text.contains("<b>you</b>") && !frame.text.contains("spy.example"))
            #expect(!frame.text.contains("onclick") && !frame.text.contains("alert(1)"))
            #expect(frame.text.split(separator: "src=\"\(ana.base)/pictures/").count == 2)
            let asked = try await stage.get("\(path)?pictures=shown", as: ana)
            #expect(asked.text.contains("https://spy.example/p.png"))
            #expect(asked.headers[.contentSecurityPolicy]?.contains("img-src 'self' http: https:; ") == true)
            #expect(try await stage.get(path, as: cy).status == .notFound)
            for wrong in ["message-999", "response-1", "message-x", "letter-1", "message"] {
                let missed = try await stage.get("\(ana.base)/errands/\(errand)/letters/\(wrong)", as: ana)
                #expect(missed.status == .notFound)
            }
        }
    }
}
