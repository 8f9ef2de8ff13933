// The library at the desk: agents search and read it, administrators keep it, and nothing in it becomes a page of ours.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestStores
import Testing

@testable import Desk

@Suite struct LibraryPageTests {
    static let file = """
        workspace: north
        libraries:
          - {name: Shop, external: true, questions: [When?]}
          - {name: Inside}
        library_categories:
          - {name: Shoes}
        library_questions:
          - subject: When?
            question: "<p>Hours in <i>Örebro</i>?</p><script>alert(1)</script>"
            answer: "Weekdays from 8<br>to 17"
            toplist: true
            attachments:
              - {name: "<b>\\"evil\\".html", content_type: text/html, content: PHNjcmlwdD4=}
          - {subject: "A < b & \\"c\\"", answer: none}
        """

    private static func fill(_ stage: DeskStage) async throws {
        _ = try await stage.floor.provision(try ProvisionFile.read(file, name: "library.yaml"))
    }

    @Test(arguments: EngineKind.tested)
    func agentsSearchAndRead(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await Self.fill(stage)
            let ana = try await stage.signIn("ana")
            let path = "\(ana.base)/library"
            #expect(try await stage.get(ana.base, as: ana).text.contains("href=\"\(path)\""))
            let all = try await stage.get(path, as: ana).text
            #expect(all.components(separatedBy: "data-test=\"library-line\"").count == 3)
            #expect(all.contains("A &lt; b &amp; &quot;c&quot;") && all.contains("most asked"))
            let found = try await stage.get("\(path)?phrase=%C3%B6REBRO&in=question", as: ana).text
            #expect(found.contains("When?") && !found.contains("A &lt; b"))
            #expect(found.contains("value=\"öREBRO\""))
            let none = try await stage.get("\(path)?phrase=%C3%B6REBRO&in=answer", as: ana).text
            #expect(none.contains("Nothing in the library matches."))
            let top = try await stage.get("\(path)?top=yes", as: ana).text
            #expect(top.contains("When?") && !top.contains("A &lt; b"))
            let long = String(repeating: "x", count: 1_001)
            #expect(try await stage.get("\(path)?phrase=\(long)", as: ana).status == .badRequest)

            let one = try await stage.get("\(path)/1", as: ana).text
            #expect(one.contains("Hours in Örebro?") && one.contains("Weekdays from 8\nto 17"))
            #expect(!one.contains("alert(1)") && !one.contains("admin/library"))
            #expect(one.contains("&lt;b&gt;&quot;evil&quot;.html"))
            for wrong in ["99", "x", "0", "1/files/99", "2/files/1", "1/files/x"] {
                #expect(try await stage.get("\(path)/\(wrong)", as: ana).status == .notFound, "\(wrong)")
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func aFileIsADownloadWhateverItClaimsToBe(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await Self.fill(stage)
            let ana = try await stage.signIn("ana")
            let file = try await stage.get("\(ana.base)/library/1/files/1", as: ana)
            #expect(file.status == .ok && file.text == "<script>")
            #expect(file.headers[.contentType] == "application/octet-stream")
            #expect(file.headers[.xContentTypeOptions] == "nosniff")
            #expect(
                file.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"<b>_evil_.html\"")
                    == true)
            #expect(file.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
            let stranger = try await stage.get("/s/north/desk/library/1/files/1")
            #expect(stranger.status == .seeOther)
            let south = try await stage.signIn("ana", workspace: "south")
            #expect(try await stage.get("\(south.base)/library/1", as: south).status == .notFound)
            #expect(try await stage.get("\(south.base)/library/1/files/1", as: south).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func administratorsKeepIt(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await Self.fill(stage)
            let ada = try await stage.signIn("ada")
            let path = "\(ada.base)/admin/library"
            let all = try await stage.get(path, as: ada).text
            #expect(all.contains("\(path)/libraries/1") && all.contains("\(path)/categories/1"))
            #expect(all.contains("\(path)/questions/1") && all.contains("outside too"))

            let twice = try await stage.post("\(path)/libraries", ["name": "Shop"], as: ada)
            #expect(twice.status == .badRequest && twice.text.contains("Another library has this name"))
            #expect(twice.text.contains("value=\"Shop\""))
            let empty = try await stage.post("\(path)/questions", ["subject": "  "], as: ada)
            #expect(empty.status == .badRequest && empty.text.contains("data-test=\"field-problem\""))
            let made = try await stage.post("\(path)/categories", ["name": "Boots"], as: ada)
            #expect(made.headers[.location] == "\(path)/categories/2")

            // Into a library and a category; out of another; nothing else moves.
            let saved = try await stage.post(
                "\(path)/questions/1",
                [
                    "subject": "When?", "question": "<p>one\r\ntwo</p>", "answer": "<b>new</b>",
                    "library-2": "yes", "category-2": "yes",
                ], as: ada)
            #expect(saved.headers[.location]?.hasPrefix("\(path)/questions/1?said=") == true)
            let page = try await stage.get("\(path)/questions/1", as: ada).text
            #expect(page.contains("&lt;p&gt;one\ntwo&lt;/p&gt;") && page.contains("&lt;b&gt;new&lt;/b&gt;"))
            for (field, isTicked) in [
                ("library-1", false), ("library-2", true), ("category-1", false), ("category-2", true),
                ("toplist", false),
            ] {
                #expect(page.contains("name=\"\(field)\" value=\"yes\" checked") == isTicked, "\(field)")
            }
            let shelf = try await stage.post(
                "\(path)/libraries/2",
                [
                    "name": "Inner", "external": "yes", "library-1": "yes", "library-2": "yes",
                    "question-1": "yes",
                ], as: ada)
            #expect(shelf.headers[.location]?.hasPrefix("\(path)/libraries/2?said=") == true)
            let inner = try await stage.get("\(path)/libraries/2", as: ada).text
            #expect(inner.contains("Inner") && inner.contains("name=\"question-1\" value=\"yes\" checked"))
            #expect(inner.contains("name=\"library-2\" value=\"yes\" checked"))
            let out = try await stage.post("\(path)/libraries/2", ["name": "Inner"], as: ada)
            #expect(out.status == .seeOther)
            #expect(!(try await stage.get("\(path)/libraries/2", as: ada).text.contains(" checked")))
            let taken = try await stage.post("\(path)/libraries/2", ["name": "Shop"], as: ada)
            #expect(taken.status == .badRequest && taken.text.contains("Another library has this name"))

            // The agent reads what was written.
            let ana = try await stage.signIn("ana")
            #expect(try await stage.get("\(ana.base)/library/1", as: ana).text.contains("new"))

            for (what, id) in [("questions", 1), ("libraries", 1), ("categories", 1)] {
                let gone = try await stage.post("\(path)/\(what)/\(id)/delete", [:], as: ada)
                #expect(gone.headers[.location]?.hasPrefix("\(path)?said=") == true, "\(what)")
                #expect(try await stage.get("\(path)/\(what)/\(id)", as: ada).status == .notFound, "\(what)")
                let again = try await stage.post("\(path)/\(what)/\(id)/delete", [:], as: ada)
                #expect(again.status == .notFound, "\(what)")
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func filesComeAndGo(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await Self.fill(stage)
            let ada = try await stage.signIn("ada")
            let path = "\(ada.base)/admin/library/questions/1"
            func send(_ name: String, _ bytes: [UInt8], csrf: String? = nil, as browser: Browser) async throws
                -> TestResponse
            {
                var headers = browser.headers
                headers[.contentType] = "text/html"
                headers[.csrfToken] = csrf ?? browser.csrf
                headers[.requestedWith] = "desk"
                return try await stage.desk.execute(
                    uri: "\(path)/files?name=\(name)", method: .post, headers: headers,
                    body: ByteBuffer(bytes: bytes))
            }
            let large = Array(repeating: UInt8(65), count: 2_000_000)
            #expect(try await send("..%2Fnote.txt", large, as: ada).status == .created)
            let page = try await stage.get(path, as: ada).text
            #expect(page.contains("note.txt") && !page.contains("../note"))
            let file = try await stage.get("\(ada.base)/library/1/files/2", as: ada)
            #expect(Array(file.body.readableBytesView) == large)
            #expect(file.headers[.contentType] == "application/octet-stream")
            #expect(try await send("x", [1], csrf: "wrong", as: ada).status == .forbidden)
            let ana = try await stage.signIn("ana")
            #expect(try await send("x", [1], as: ana).status == .forbidden)
            let removed = try await stage.post("\(path)/files/2/remove", [:], as: ada)
            #expect(removed.status == .seeOther)
            #expect(try await stage.get("\(ada.base)/library/1/files/2", as: ada).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func nobodyElseKeepsIt(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await Self.fill(stage)
            for login in ["ana", "ole"] {
                let browser = try await stage.signIn(login)
                let path = "\(browser.base)/admin/library"
                for page in ["", "/libraries/1", "/categories/1", "/questions/1"] {
                    #expect(try await stage.get(path + page, as: browser).status == .forbidden, "\(page)")
                }
                for form in [
                    "/libraries", "/categories", "/questions", "/libraries/1", "/categories/1",
                    "/questions/1",
                    "/libraries/1/delete", "/categories/1/delete", "/questions/1/delete",
                    "/questions/1/files/1/remove",
                ] {
                    let tried = try await stage.post(
                        path + form, ["name": "n", "subject": "s"], as: browser)
                    #expect(tried.status == .forbidden, "\(form)")
                }
            }
            let found = try await stage.get(
                "/s/north/desk/library", as: try await stage.signIn("ana"))
            #expect(found.text.components(separatedBy: "data-test=\"library-line\"").count == 3)
        }
    }
}
