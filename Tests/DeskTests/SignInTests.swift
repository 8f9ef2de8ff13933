// Who gets in, who does not, and what a form must carry.
import Center
import HTTPTypes
import Foundation
import Hummingbird
import HummingbirdTesting
import TestStores
import Testing

@testable import Desk

@Suite struct SignInTests {
    @Test(arguments: EngineKind.tested)
    func aRightPasswordOpensTheDesk(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let form = try await stage.get("/s/north/desk/sign-in")
            #expect(form.status == .ok)
            #expect(form.text.contains("data-test=\"sign-in\""))
            let response = try await stage.post(
                "/s/north/desk/sign-in", ["login_name": "ana", "password": DeskStage.password])
            #expect(response.status == .seeOther)
            #expect(response.headers[.location] == "/s/north/desk")
            let cookie = try #require(response.headers[.setCookie])
            for part in ["switchboard_session=", "Path=/s/north/", "HttpOnly", "SameSite=Lax"] {
                #expect(cookie.contains(part))
            }
            #expect(!cookie.contains("Secure"))
            let ana = try await stage.signIn("ana")
            let page = try await stage.get("/s/north/desk", as: ana)
            #expect(page.status == .ok)
            #expect(page.text.contains("<span data-test=\"presence\">Not ready</span>"))
            #expect(page.text.contains("North &amp; Sons"))
            #expect(page.headers[.cacheControl] == "no-store")
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aWrongPasswordSaysNoMoreThanThat(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            for login in ["ana", "nobody"] {
                let response = try await stage.post(
                    "/s/north/desk/sign-in", ["login_name": login, "password": "not this one"])
                #expect(response.status == .unauthorized)
                #expect(response.headers[.setCookie] == nil)
                #expect(response.text.contains("The name or the password is not right."))
                #expect(response.text.contains("value=\"\(login)\""))
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func withoutASessionThereIsOnlyTheWayIn(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let page = try await stage.get("/s/north/desk")
            #expect(page.status == .seeOther)
            #expect(page.headers[.location] == "/s/north/desk/sign-in")
            let stranger = Browser(base: "/s/north/desk", cookie: "switchboard_session=made-up", csrf: "")
            #expect(try await stage.get("/s/north/desk", as: stranger).status == .seeOther)
            #expect(try await stage.get("/s/nowhere/desk").status == .notFound)
            let fetched = try await stage.post("/s/north/desk/presence", ["to": "ready"], fetched: true)
            #expect(fetched.status == .unauthorized)
        }
    }

    @Test(arguments: EngineKind.tested)
    func anotherWorkspacesCookieIsNobodys(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            var ana = try await stage.signIn("ana", workspace: "south")
            #expect(try await stage.get("/s/south/desk", as: ana).status == .ok)
            #expect(
                try await stage.get("/s/north/desk", as: ana).headers[.location]
                    == "/s/north/desk/sign-in?said=ended")
            ana = Browser(base: "/s/north/desk", cookie: ana.cookie, csrf: ana.csrf)
            try await stage.ready(ana)
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            let agent = try #require(directory.agent(login: "ana"))
            let view = try await stage.floor.desk(agent.id, in: directory.workspace)
            #expect(view.presence == .signedOut)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aFormWithoutTheTokenIsRefused(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            var ana = try await stage.signIn("ana")
            let without = try await stage.post(
                "/s/north/desk/presence", ["to": "ready"], as: ana, csrf: false)
            #expect(without.status == .forbidden)
            let right = ana.csrf
            ana.csrf = String(right.dropLast())
            let wrong = try await stage.post("/s/north/desk/presence", ["to": "ready"], as: ana)
            #expect(wrong.status == .forbidden)
            #expect(try await stage.get("/s/north/desk", as: ana).text.contains(">Not ready</span>"))
            ana.csrf = right
            try await stage.ready(ana)
            #expect(try await stage.get("/s/north/desk", as: ana).text.contains(">Ready</span>"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aSignInFromAnotherSiteIsRefused(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let body = ByteBuffer(string: "login_name=ana&password=correct+horse+battery")
            let response = try await stage.desk.execute(
                uri: "/s/north/desk/sign-in", method: .post,
                headers: [.contentType: "application/x-www-form-urlencoded", .fetchSite: "cross-site"],
                body: body)
            #expect(response.status == .forbidden)
            #expect(response.headers[.setCookie] == nil)
        }
    }

    @Test(arguments: EngineKind.tested)
    func signingOutEndsTheSession(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let response = try await stage.post("/s/north/desk/sign-out", [:], as: ana)
            #expect(response.headers[.location] == "/s/north/desk/sign-in?said=signed-out")
            #expect(response.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await stage.get("/s/north/desk", as: ana).status == .seeOther)
        }
    }

    @Test(arguments: EngineKind.tested)
    func theStartPageAsksWhichWorkspace(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let start = try await stage.get("/")
            #expect(start.text.contains("name=\"workspace\""))
            let south = try await stage.get("/?workspace=south")
            #expect(south.headers[.location] == "/s/south/desk")
            let unknown = try await stage.get("/?workspace=%3Cb%3E")
            #expect(unknown.status == .notFound)
            #expect(unknown.text.contains("value=\"&lt;b&gt;\""))
        }
    }
}
