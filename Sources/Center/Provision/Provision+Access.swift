// Access tokens, access keys and callbacks of a plan.

import Foundation
import Routing
import Store

extension ProvisionRun {
    func applyTokens() throws {
        for entry in plan.accessTokens {
            let known = work.directory.tokens.first { $0.name == entry.name.value }
            let id = known?.id ?? TokenID(work.next(.token))
            if known == nil { try insert(entry, id) }
            let area: SQL?
            switch entry.area {
            case .absent: area = nil
            case .cleared: area = "area = NULL"
            case .value(let name): area = "area = \(try self.area(name))"
            }
            let account: SQL? =
                switch entry.account {
                case .absent: nil
                case .cleared: "account = NULL"
                case .value(let address): "account = \(address)"
                }
            let claims = entry.claims?.map(\.rawValue).joined(separator: " ")
            try set(
                "access_token", id,
                [
                    claims.map { "claims = \($0)" }, entry.channel.map { "channel = \($0.rawValue)" }, area,
                    account,
                    entry.expiry.map { "expires_at = \($0)" },
                ])
        }
    }

    private func insert(_ entry: AccessTokenEntry, _ id: TokenID) throws {
        guard let key = entry.key else {
            throw plan.problem(at: entry.position, "a new access token needs a key")
        }
        guard entry.claims != nil else {
            throw plan.problem(at: entry.position, "a new access token needs claims")
        }
        guard let minted = prepared.tokens[entry.name.value] else {
            throw Refusal.conflict("The access token \(entry.name.value) went meanwhile; run it again.")
        }
        result.accessTokens[entry.name.value] = minted.jwt
        try work.execute(
            """
            INSERT INTO access_token (workspace, id, name, key_field, digest, claims, expires_at, created_at)
            VALUES (\(workspace), \(id), \(entry.name.value), \(key), \(minted.digest), \(""), \(0), \(work.now))
            """)
        try work.tell(.accessTokenMinted, .token, id.raw)
    }

    func applyKeys() throws {
        var known: [String: (id: KeyID, agent: AgentID, expiry: Int64)] = [:]
        var revoked: Set<String> = []
        for row in try work.query(
            "SELECT id, name, agent, expires_at, revoked_at FROM access_key WHERE workspace = \(workspace)")
        {
            known[row.text("name")] = (
                KeyID(row.int("id")), AgentID(row.int("agent")), row.int("expires_at")
            )
            if row.intOrNil("revoked_at") != nil { revoked.insert(row.text("name")) }
        }
        for entry in plan.accessKeys {
            let owner = try agent(entry.agent)
            guard work.directory.agent(owner)?.active != false || revoked.contains(entry.name.value) else {
                throw plan.problem(
                    at: entry.agent.position, "the agent \(quoted(entry.agent.value)) is deleted")
            }
            if let (id, agent, expiry) = known[entry.name.value] {
                try set(
                    "access_key", id, ["agent = \(owner)", entry.expiry.map { "expires_at = \($0)" }])
                // Sessions last as long as their key does, and are its agent's.
                if agent != owner || entry.expiry ?? expiry != expiry {
                    try work.endSessions(ofKey: id.raw, of: agent)
                }
                continue
            }
            let id = KeyID(work.next(.key))
            let keyID = randomWord(40)
            let secret = randomWord(40)
            let sealed = try master.seal(secret, context: AccessKey.context(workspace, keyID))
            try work.execute(
                """
                INSERT INTO access_key (workspace, id, name, agent, key_id, secret_sealed, expires_at, created_at)
                VALUES (\(workspace), \(id), \(entry.name.value), \(owner), \(keyID), \(sealed),
                    \(entry.expiry ?? 0), \(work.now))
                """)
            result.accessKeys.append(
                .init(
                    name: entry.name.value, agent: entry.agent.value, accessKeyID: keyID,
                    secretAccessKey: secret))
        }
    }

    func applyCallbacks() throws {
        for entry in plan.callbacks {
            let known = work.directory.callbacks.first { $0.name == entry.name.value }
            let id = known?.id ?? CallbackID(work.next(.callback))
            if known == nil {
                guard let endpoint = entry.endpoint else {
                    throw plan.problem(at: entry.position, "a new callback needs an endpoint")
                }
                try work.execute(
                    """
                    INSERT INTO callback (workspace, id, name, endpoint, event)
                    VALUES (\(workspace), \(id), \(entry.name.value), \(endpoint),
                        \(CallbackEvent.answerErrand.rawValue))
                    """)
            }
            let secret: SQL?
            switch entry.secret {
            case .absent: secret = nil
            case .cleared: secret = "secret_sealed = NULL"
            case .value(let text):
                secret = "secret_sealed = \(try master.seal(text, context: "callback/\(workspace)/\(id)"))"
            }
            try set(
                "callback", id,
                [
                    entry.endpoint.map { "endpoint = \($0)" }, secret,
                    entry.event.map { "event = \($0.rawValue)" },
                ])
            try work.tell(known == nil ? .callbackMade : .callbackChanged, .callback, id.raw)
            guard let names = entry.areas else { continue }
            try work.execute("DELETE FROM callback_area WHERE workspace = \(workspace) AND callback = \(id)")
            for name in names {
                try work.execute(
                    """
                    INSERT INTO callback_area (workspace, callback, area)
                    VALUES (\(workspace), \(id), \(try area(name)))
                    """)
            }
        }
    }
}
