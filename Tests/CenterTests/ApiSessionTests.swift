// Sessions of programs: how long they last, what ends them, and what a failed sign-in costs.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct ApiSessionTests {
    static let file = """
        workspace: north
        agents:
          - {login_name: ana, user_id: ana@sip.example.com, password: correct horse}
          - {login_name: bo, password: battery staple}
          - {login_name: root, admin_level: administrator}

        """

    static func signIn(_ stage: CenterStage, _ user: String = "ana@sip.example.com") async throws -> String {
        let password = user.hasPrefix("ana") ? "correct horse" : "battery staple"
        return try await stage.floor.apiSignIn(user: user, password: password, via: .apio).token
    }

    @Test(arguments: EngineKind.tested)
    func `ends half an hour after its last use, over a restart too`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let token = try await Self.signIn(stage)
            let found = try #require(try await stage.floor.apiSession(token: token))
            #expect(found.agent.loginName == "ana" && found.session.workspace == stage.workspace)
            #expect(try await stage.floor.apiSession(token: token + "x") == nil)
            for _ in 0..<3 {
                stage.clock.pass(s: 29 * 60)
                #expect(try await stage.floor.apiSession(token: token) != nil)
            }
            try await stage.restart(afterS: 28 * 60)
            #expect(try await stage.floor.apiSession(token: token) != nil)
            stage.clock.pass(s: 30 * 60)
            #expect(try await stage.floor.apiSession(token: token) == nil)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM api_session") == 1)
            stage.clock.pass(s: 60)
            try await stage.floor.expireApiSessions()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM api_session") == 0)
            #expect(try await stage.record("ana").presence == .signedOut, "a session is no presence")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `tells its row of its use once a minute`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let begun = stage.clock.now
            let token = try await Self.signIn(stage)
            func seenAt() async throws -> Int64 {
                try await stage.rows("SELECT seen_at FROM api_session")[0].int("seen_at")
            }
            stage.clock.pass(s: 59)
            _ = try await stage.floor.apiSession(token: token)
            #expect(try await seenAt() == begun)
            stage.clock.pass(s: 1)
            _ = try await stage.floor.apiSession(token: token)
            #expect(try await seenAt() == begun + 60_000)
            stage.clock.pass(s: 59)
            _ = try await stage.floor.apiSession(token: token)
            #expect(try await seenAt() == begun + 60_000)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `ends on signing out, with the password and with the agent, and stays so`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let floor = stage.floor
            func isThere(_ token: String) async throws -> Bool {
                try await floor.apiSession(token: token) != nil
            }
            let (first, second) = (try await Self.signIn(stage), try await Self.signIn(stage, "ana@north"))
            let other = try await Self.signIn(stage, "bo@north")
            let session = try #require(try await floor.apiSession(token: first)).session
            try await floor.apiSignOut(session, token: first, via: .apio)
            #expect(try await !isThere(first))
            #expect(try await isThere(second))

            let desk = try await floor.signIn(
                workspace: "north", login: "ana", password: "correct horse", via: .desk)
            let seat = try #require(try await floor.session(workspace: "north", token: desk.token))
            try await floor.changePassword(
                seat, token: desk.token, old: "correct horse", new: "incorrect horse", via: .desk)
            #expect(try await !isThere(second))
            #expect(try await isThere(other))

            let bo = try stage.agent("bo")
            try await floor.deleteAgent(bo, by: stage.operatorHere)
            #expect(try await !isThere(other))
            try await floor.reviveAgent(bo, by: stage.operatorHere)
            #expect(try await !isThere(other), "who comes back signs in anew")
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM api_session") == 0)
        }
    }

    @Test func `the oldest of more than twenty ends`() async throws {
        try await CenterStage.run(.sqlite, file: Self.file) { stage in
            var tokens: [String] = []
            for _ in 0...ApiSessionLimits.atOnceMax {
                stage.clock.pass(s: 1)
                tokens.append(try await Self.signIn(stage))
            }
            #expect(try await stage.floor.apiSession(token: tokens[0]) == nil)
            for token in tokens.dropFirst() {
                #expect(try await stage.floor.apiSession(token: token) != nil)
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `failures lock the login name here and at the desk`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let floor = stage.floor
            // By either name: it is one person.
            for attempt in 0..<Int(SignInLimits.failuresFree) {
                let user = attempt % 2 == 0 ? "ana@sip.example.com" : "ana@north"
                await #expect(throws: Refusal.unauthenticated("The user name or the password is not right."))
                {
                    _ = try await floor.apiSignIn(user: user, password: "wrong horse", via: .apio)
                }
            }
            func isLocked(_ body: () async throws -> Void) async -> Bool {
                do {
                    try await body()
                    return false
                } catch {
                    if case .tooMany? = error as? Refusal { return true }
                    return false
                }
            }
            #expect(await isLocked { _ = try await Self.signIn(stage) })
            #expect(
                await isLocked {
                    _ = try await floor.signIn(
                        workspace: "north", login: "ana", password: "correct horse", via: .desk)
                })
            #expect(await !isLocked { _ = try await Self.signIn(stage, "bo@north") })
            stage.clock.pass(s: SignInLimits.lockMaxMs / 1_000)
            _ = try await Self.signIn(stage)
        }
    }
}
