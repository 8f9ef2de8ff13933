// Sign-ins that failed: counted by login name and by address, locked for a growing while, forgotten by themselves.

import Crypto
import Foundation
import Routing
import Store

public enum SignInLimits {
    /// Failures of one login name before it is locked.
    public static let failuresFree: Int64 = 5
    /// One failure of a login name is forgotten in this time.
    public static let forgetEachMs: Int64 = 15 * 60_000
    /// Failures from one address, which may be that of a whole office.
    public static let addressFailuresFree: Int64 = 30
    public static let addressForgetEachMs: Int64 = 60_000
    /// The first lock; each further failure doubles it.
    public static let lockFirstMs: Int64 = 30_000
    public static let lockMaxMs: Int64 = 15 * 60_000
    /// Failures beyond the free ones that are remembered.
    static let beyondMax: Int64 = 10
    /// Networks of this many bits are one address in IPv6: a household has all of them.
    static let networkBits = 64
    /// Forgotten rows deleted in one verb.
    static let sweepMax = 500
}

/// One try of a password. Rows know it by keyed digests: what was typed as a name may be a password.
struct SignInAttempt: Sendable {
    enum Kind: Int64, Sendable {
        case login = 1
        case address = 2

        var free: Int64 { self == .login ? SignInLimits.failuresFree : SignInLimits.addressFailuresFree }
        var forgetEachMs: Int64 {
            self == .login ? SignInLimits.forgetEachMs : SignInLimits.addressForgetEachMs
        }
    }

    let workspace: WorkspaceID
    let login: String
    let address: String?

    init(login: String, from address: Address?, in workspace: WorkspaceID, _ master: MasterKey) {
        let key = master.derived("sign-in/\(workspace)")
        func digest(_ kind: Kind, _ text: String) -> String {
            hex(
                Array(HMAC<SHA256>.authenticationCode(for: Data("\(kind.rawValue)/\(text)".utf8), using: key))
            )
        }
        self.workspace = workspace
        self.login = digest(.login, login)
        self.address = address.map { digest(.address, $0.household) }
    }

    /// The rows of both kinds: the login name's first.
    var rows: [SQL] { [row(.login, login), row(.address, address ?? "")] }

    var keys: [RowKey] { [.session(login)] + (address.map { [.session($0)] } ?? []) }

    private func row(_ kind: Kind, _ digest: String) -> SQL {
        """
        SELECT clear_at, locked_until FROM sign_in_failure WHERE workspace = \(workspace)
            AND kind = \(kind.rawValue) AND digest = \(digest)
        """
    }
}

extension Address {
    /// What one household or office is known by.
    fileprivate var household: String {
        isV4 ? description : "\(Address(bits: (bits >> 64) << 64))/\(SignInLimits.networkBits)"
    }
}

extension Floor {
    /// Counts the try against the login name before the password is looked at, so that many at once are no way round.
    /// - Throws: `Refusal.tooMany` while the name or the address is locked; that try does not count.
    func begin(_ attempt: SignInAttempt) async throws {
        let plan = Plan("begin sign-in", reads: attempt.rows, keys: attempt.keys, checksFirst: true)
        do {
            try await perform(plan, by: .system(attempt.workspace)) { work in
                try work.refuseLocked(work.rows(0).first)
                try work.refuseLockedAddress(attempt)
                try work.count(.login, attempt.login, work.rows(0).first)
            }
        } catch let refusal as Refusal {
            if case .tooMany = refusal { meters.signInsLocked.count() }
            throw refusal
        }
    }

    /// The password was wrong: counts against the address too.
    func failed(_ attempt: SignInAttempt) async throws {
        meters.signInsFailed.count()
        guard let address = attempt.address else { return }
        let plan = Plan("sign-in failed", reads: attempt.rows, keys: attempt.keys, checksFirst: true)
        try await perform(plan, by: .system(attempt.workspace)) { work in
            try work.count(.address, address, work.rows(1).first)
        }
    }

    /// Takes back what was counted against the login name.
    func forgive(_ attempt: SignInAttempt) async throws {
        let plan = Plan("forgive sign-in", keys: attempt.keys, checksFirst: true)
        try await perform(plan, by: .system(attempt.workspace)) { try $0.forgive(attempt) }
    }

    /// Deletes the rows of what is forgotten.
    public func forgetFailures() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            let at = now
            let forgotten = try await view { reader in
                try reader.query(
                    """
                    SELECT kind, digest FROM sign_in_failure
                    WHERE workspace = \(workspace) AND clear_at <= \(at)
                    ORDER BY clear_at LIMIT \(SignInLimits.sweepMax)
                    """)
            }
            guard !forgotten.isEmpty else { continue }
            try await perform(Plan("forget sign-ins", checksFirst: true), by: .system(workspace)) { work in
                for row in forgotten {
                    try work.execute(
                        """
                        DELETE FROM sign_in_failure WHERE workspace = \(workspace)
                            AND kind = \(row.int("kind")) AND digest = \(row.text("digest"))
                            AND clear_at <= \(work.now)
                        """)
                }
            }
        }
    }
}

extension Work {
    func refuseLockedAddress(_ attempt: SignInAttempt) throws {
        guard attempt.address != nil else { return }
        try refuseLocked(rows(1).first)
    }

    fileprivate func refuseLocked(_ row: Row?) throws {
        guard let until = row?.int("locked_until"), until > now.ms else { return }
        let seconds = (until - now.ms + 999) / 1_000
        let wait = seconds < 100 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
        throw Refusal.tooMany(
            "Too many sign-ins failed. Wait \(wait), then try again.", retryAfterS: Int(seconds))
    }

    /// One number holds the count: the time at which all of it is forgotten.
    fileprivate func count(_ kind: SignInAttempt.Kind, _ digest: String, _ row: Row?) throws {
        let each = kind.forgetEachMs
        let cleared = max(row?.int("clear_at") ?? 0, now.ms) + each
        let clearAt = min(cleared, now.ms + each * (kind.free + SignInLimits.beyondMax))
        let failures = (clearAt - now.ms + each - 1) / each
        let beyond = failures - kind.free
        let lockMs = beyond < 0 ? 0 : min(SignInLimits.lockFirstMs << beyond, SignInLimits.lockMaxMs)
        try execute(
            """
            INSERT INTO sign_in_failure (workspace, kind, digest, clear_at, locked_until)
            VALUES (\(workspace), \(kind.rawValue), \(digest), \(clearAt), \(now.ms + lockMs))
            ON CONFLICT (workspace, kind, digest) DO UPDATE
                SET clear_at = excluded.clear_at, locked_until = excluded.locked_until
            """)
    }

    /// The right password clears the login name; an address stays counted, whoever signs in from it.
    func forgive(_ attempt: SignInAttempt) throws {
        try execute(
            """
            DELETE FROM sign_in_failure WHERE workspace = \(workspace)
                AND kind = \(SignInAttempt.Kind.login.rawValue) AND digest = \(attempt.login)
            """)
    }
}
