// Passwords cannot be tried for ever: the lock, how it grows, how it ends, and what it does not tell.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestStores
import Testing

@testable import Desk

@Suite struct SignInLimitTests {
    @Test(arguments: EngineKind.tested)
    func failuresLockAnyNameAliveOrNot(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            for login in ["ana", "nobody"] {
                for _ in 0..<SignInLimits.failuresFree {
                    #expect(try await stage.tries(login, "not this one").status == .unauthorized)
                }
            }
            // The right password does not help, and a name that nobody has says the same.
            let ana = try await stage.tries("ana", DeskStage.password)
            let nobody = try await stage.tries("nobody", DeskStage.password)
            for response in [ana, nobody] {
                #expect(response.status == .tooManyRequests)
                #expect(response.headers[.retryAfter] == "30")
                #expect(response.text.contains("Too many sign-ins failed. Wait 30 seconds, then try again."))
                #expect(response.headers[.setCookie] == nil)
            }
            #expect(try await stage.tries("bo", DeskStage.password).status == .seeOther)
            clock.move(ms: SignInLimits.lockFirstMs)
            #expect(try await stage.tries("ana", DeskStage.password).status == .seeOther)
            // Signing in forgets what failed before.
            for _ in 0..<SignInLimits.failuresFree {
                #expect(try await stage.tries("ana", "not this one").status == .unauthorized)
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func eachFurtherFailureDoublesTheLockUpToItsMaximum(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            var locks: [Int64] = []
            for n in 1...11 {
                #expect(try await stage.tries("ana", "wrong \(n)").status == .unauthorized)
                if n < SignInLimits.failuresFree { continue }
                let refused = try await stage.tries("ana", DeskStage.password)
                #expect(refused.status == .tooManyRequests)
                let seconds = Int64(refused.headers[.retryAfter] ?? "") ?? 0
                // A try while locked makes nothing longer.
                let again = try await stage.tries("ana", "wrong while locked")
                #expect(again.headers[.retryAfter] == String(seconds))
                locks.append(seconds)
                clock.move(ms: seconds * 1_000)
            }
            #expect(locks.prefix(5) == [30, 60, 120, 240, 480])
            #expect(locks.last == SignInLimits.lockMaxMs / 1_000)
        }
    }

    @Test(arguments: EngineKind.tested)
    func manyTriesAtOnceAreNoWayRound(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for n in 0..<20 {
                    group.addTask { try await stage.tries("ana", "wrong \(n)").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == .unauthorized }.count == Int(SignInLimits.failuresFree))
            #expect(statuses.filter { $0 == .tooManyRequests }.count == 20 - Int(SignInLimits.failuresFree))
        }
    }

    @Test(arguments: EngineKind.tested)
    func anAddressThatTriesManyNamesIsLocked(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let bad = try #require(Address("2001:db8:1:2::7"))
            let neighbour = try #require(Address("2001:db8:1:2:ffff::1"))
            let other = try #require(Address("2001:db8:1:3::7"))
            for n in 0..<SignInLimits.addressFailuresFree {
                let refusal = await refused { try await stage.floor.tries("name-\(n)", "wrong", from: bad) }
                #expect(refusal == .unauthenticated("The name or the password is not right."))
            }
            for address in [bad, neighbour] {
                let refusal = await refused {
                    try await stage.floor.tries("ana", DeskStage.password, from: address)
                }
                guard case .tooMany(_, let seconds)? = refusal else {
                    Issue.record("\(address) was let in: \(String(describing: refusal))")
                    continue
                }
                #expect(seconds == 30)
            }
            let fromElsewhere = await refused {
                try await stage.floor.tries("ana", DeskStage.password, from: other)
            }
            #expect(fromElsewhere == nil)
            clock.move(ms: SignInLimits.lockFirstMs)
            let later = await refused { try await stage.floor.tries("ana", DeskStage.password, from: bad) }
            #expect(later == nil)
        }
    }

    @Test(arguments: EngineKind.tested)
    func whatFailedIsForgottenAndWasNeverWrittenDown(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            let address = try #require(Address("192.0.2.17"))
            _ = await refused { try await stage.floor.tries("MySecretTypedAsAName", "x", from: address) }
            let rows = try await stage.failures()
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { $0.count == 64 && !$0.contains("MySecret") && !$0.contains("192.0.2") })
            try await stage.floor.forgetFailures()
            #expect(try await stage.failures().count == 2)
            clock.move(ms: SignInLimits.forgetEachMs)
            try await stage.floor.forgetFailures()
            #expect(try await stage.failures().isEmpty)
        }
    }

    @Test(arguments: EngineKind.tested)
    func anEndlessPasswordIsWrongAndNotWork(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let endless = String(repeating: "a", count: 20_000)
            for login in ["ana", endless] {
                let response = try await stage.tries(login, endless)
                #expect(response.status == .unauthorized)
            }
        }
    }
}

extension DeskStage {
    func tries(_ login: String, _ password: String) async throws -> TestResponse {
        try await post("/s/north/desk/sign-in", ["login_name": login, "password": password])
    }

    /// The digests of all rows of failures.
    func failures() async throws -> [String] {
        try await floor.store.engine.read { reader in
            try reader.query("SELECT digest FROM sign_in_failure ORDER BY digest").map { $0.text("digest") }
        }
    }
}

extension Floor {
    fileprivate func tries(_ login: String, _ password: String, from address: Address) async throws {
        _ = try await signIn(workspace: "north", login: login, password: password, from: address, via: .desk)
    }
}

/// How the verb was refused; nil when it was not.
func refused(_ verb: () async throws -> Void) async -> Refusal? {
    do {
        try await verb()
        return nil
    } catch let refusal as Refusal {
        return refusal
    } catch {
        Issue.record("not a refusal: \(error)")
        return nil
    }
}
