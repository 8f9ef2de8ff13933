// A session's two ends, the way back after it, and the password.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct SessionTests {
    @Test(arguments: EngineKind.tested)
    func aDeskThatNobodyUsesIsLeft(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let ana = try await stage.signIn("ana")
            let errand = try await stage.arrives("In her hands")
            _ = try await stage.post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
            // What the page fetches by itself keeps nothing alive.
            for _ in 0..<12 {
                clock.move(minutes: 9)
                #expect(try await stage.fetched("\(ana.base)/panel", as: ana).status == .ok)
            }
            // A person does.
            #expect(
                try await stage.post("\(ana.base)/stay", [:], as: ana, fetched: true).status == .noContent)
            clock.move(minutes: 119)
            try await stage.floor.expireSessions()
            let page = "\(ana.base)/errands/\(errand)?x=%C3%A9"
            #expect(try await stage.get(page, as: ana).status == .ok)
            clock.move(hours: 2)
            #expect(try await stage.fetched("\(ana.base)/panel", as: ana).status == .unauthorized)
            let away = try await stage.get(page, as: ana)
            #expect(
                away.headers[.location]
                    == "\(ana.base)/sign-in?said=ended&next=%2Fs%2Fnorth%2Fdesk%2Ferrands%2F\(errand)%3Fx%3D%25C3%25A9"
            )
            let form = try await stage.get(try #require(away.headers[.location]))
            #expect(form.text.contains("Your session has ended"))
            #expect(form.text.contains("name=\"next\" value=\"\(page)\""))
            // The errand goes to somebody else.
            try await stage.floor.expireSessions()
            let view = try await stage.view(errand, of: "bo")
            #expect(view.itemState == .waiting)
            #expect(try await stage.state(of: "ana").presence == .signedOut)
            let back = try await stage.post(
                "\(ana.base)/sign-in", ["login_name": "ana", "password": DeskStage.password, "next": page])
            #expect(back.headers[.location] == page)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aSessionIsOverAfterItsLifetimeWhateverIsDone(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let ana = try await stage.signIn("ana")
            for _ in 0..<11 {
                clock.move(hours: 1)
                #expect(try await stage.get(ana.base, as: ana).status == .ok)
            }
            clock.move(hours: 1)
            #expect(
                try await stage.get(ana.base, as: ana).headers[.location] == "\(ana.base)/sign-in?said=ended")
        }
    }

    @Test(arguments: EngineKind.tested)
    func aFormLeadsBackToThePageItWasOn(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let stranger = Browser(base: "/s/north/desk", cookie: "switchboard_session=made-up", csrf: "")
            var headers = stranger.headers
            headers[.init("Referer")!] = "https://desk.example/s/north/desk/errands/4"
            let response = try await stage.desk.execute(
                uri: "/s/north/desk/errands/4/answer", method: .post, headers: headers)
            #expect(
                response.headers[.location]
                    == "/s/north/desk/sign-in?said=ended&next=%2Fs%2Fnorth%2Fdesk%2Ferrands%2F4")
        }
    }

    @Test(arguments: [
        ("/s/north/desk/errands/1", true), ("/s/north/desk?said=closed", true),
        ("/s/north/desk/areas/1?list=closed&from=2026-01-01", true), ("/s/north/desk/sign-in", false),
        ("/s/north/desk/panel?errand=1", false), ("/s/north/desk/events", false), ("/s/north/desk", false),
        ("/s/north/desk-of-evil", false), ("/s/south/desk/errands/1", false), ("//evil.example/", false),
        ("https://evil.example/s/north/desk/", false), ("/s/north/desk/../../..//evil.example", false),
        ("/s/north/desk//evil.example", false), ("/s/north/desk/\\evil.example", false),
        ("/s/north/desk/\r\nSet-Cookie: a=b", false), ("/s/north/desk/é", false), ("", false),
        ("/s/north/desk/" + String(repeating: "a", count: 2_000), false),
    ])
    func onlyPagesOfThisDeskAreComeBackTo(_ path: String, _ isKept: Bool) {
        #expect(WayBack(path, "/s/north/desk").path == (isKept ? path : nil))
    }

    @Test(arguments: EngineKind.tested)
    func aChangedPasswordEndsTheOtherSessions(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let here = try await stage.signIn("ana")
            let elsewhere = try await stage.signIn("ana")
            let fresh = "a fresh pass phrase ☕"
            let path = "\(here.base)/account/password"
            let done = try await stage.post(
                path, ["old": DeskStage.password, "new": fresh, "again": fresh], as: here)
            #expect(done.headers[.location] == "\(here.base)/account?said=password-changed")
            #expect(try await stage.get("\(here.base)/account", as: here).status == .ok)
            #expect(try await stage.get(here.base, as: elsewhere).status == .seeOther)
            #expect(try await stage.state(of: "ana").presence == .signedIn)
            #expect(try await stage.tries("ana", DeskStage.password).status == .unauthorized)
            #expect(try await stage.tries("ana", fresh).status == .seeOther)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aPasswordIsChangedByItsRulesOnly(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let ana = try await stage.signIn("ana")
            let path = "\(ana.base)/account/password"
            func change(_ old: String, _ new: String, _ again: String? = nil) async throws -> TestResponse {
                try await stage.post(path, ["old": old, "new": new, "again": again ?? new], as: ana)
            }
            for (new, problem) in [
                ("short", "at least 8 characters"), ("aaaaaaaaaa", "one character over and over"),
                ("ana berg", "must not be your name"), (DeskStage.password, "is the old one"),
                (String(repeating: "ab", count: 513), "1024 characters"),
            ] {
                let refused = try await change(DeskStage.password, new)
                #expect(refused.status == .badRequest)
                #expect(refused.text.contains(problem))
            }
            let differ = try await change(DeskStage.password, "a fresh pass phrase", "another pass phrase")
            #expect(differ.text.contains("The two new passwords differ."))
            // A stolen session must not be a way to try passwords.
            for _ in 0..<SignInLimits.failuresFree {
                let wrong = try await change("not this one", "a fresh pass phrase")
                #expect(wrong.status == .badRequest && wrong.text.contains("The old password is not right."))
            }
            let locked = try await change(DeskStage.password, "a fresh pass phrase")
            #expect(locked.status == .tooManyRequests && locked.headers[.retryAfter] == "30")
            clock.move(ms: SignInLimits.lockFirstMs)
            #expect(try await change(DeskStage.password, "a fresh pass phrase").status == .seeOther)
        }
    }
}

extension DeskStage {
    /// As our module fetches parts.
    func fetched(_ path: String, as browser: Browser) async throws -> TestResponse {
        var headers = browser.headers
        headers[.requestedWith] = "desk"
        return try await desk.execute(uri: path, method: .get, headers: headers)
    }

    func agent(_ login: String) throws -> (directory: Directory, agent: Agent) {
        let directory = try #require(floor.roster.workspace(named: "north"))
        return (directory, try #require(directory.agent(login: login)))
    }

    func state(of login: String) async throws -> DeskView {
        let (directory, agent) = try agent(login)
        return try await floor.desk(agent.id, in: directory.workspace)
    }

    func view(_ errand: ErrandID, of login: String) async throws -> ErrandView {
        let (directory, agent) = try agent(login)
        return try await floor.errand(errand, for: agent.id, in: directory.workspace)
    }
}
