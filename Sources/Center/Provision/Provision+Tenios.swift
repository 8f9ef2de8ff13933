// TENIOS's settings and access keys of a plan.

import Store

extension ProvisionRun {
    func applyTenios() throws {
        if let getRetrieve = plan.tenios?.getRetrieve {
            try work.execute(
                "UPDATE workspace SET tenios_get_retrieve = \(getRetrieve) WHERE id = \(workspace)")
        }
        for entry in plan.teniosAccessKeys {
            let known = work.directory.teniosKeys.first { $0.name == entry.name.value }
            if let known {
                guard let key = entry.key, TeniosKey.digest(of: key.value) != known.digest else { continue }
                let digest = try free(key)
                try set("tenios_key", known.id, ["digest = \(digest)"])
            } else {
                try insert(entry)
            }
        }
    }

    private func insert(_ entry: TeniosKeyEntry) throws {
        let digest: String
        if let key = entry.key {
            digest = try free(key)
        } else {
            let minted = TeniosKey.mint()
            digest = TeniosKey.digest(of: minted)
            result.teniosAccessKeys[entry.name.value] = minted
        }
        let id = TeniosKeyID(work.next(.teniosKey))
        try work.execute(
            """
            INSERT INTO tenios_key (workspace, id, name, digest, created_at)
            VALUES (\(workspace), \(id), \(entry.name.value), \(digest), \(work.now))
            """)
        try work.tell(.teniosKeyMinted, .teniosKey, id.raw)
    }

    /// The key's digest. One key is of one workspace of the server, under one name.
    private func free(_ key: Located<String>) throws -> String {
        let digest = TeniosKey.digest(of: key.value)
        guard try work.query("SELECT id FROM tenios_key WHERE digest = \(digest)").isEmpty else {
            throw plan.problem(
                at: key.position, "this key is taken on this server already; choose another, or leave it out")
        }
        return digest
    }
}
