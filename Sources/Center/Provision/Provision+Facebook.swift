// Pages at Facebook of a plan.

import Store

extension ProvisionRun {
    func applyFacebook() throws {
        for entry in plan.facebook {
            let known = work.directory.facebookPages.first { $0.pageID == entry.pageID.value }
            let id = known?.id ?? FacebookPageID(work.next(.facebookPage))
            let area = try entry.area.map(area)
            let secret = try entry.appSecret.map {
                try master.seal($0, context: FacebookPage.context(workspace, id))
            }
            let verify = entry.verifyToken.map { sha256Hex($0.utf8) }
            guard known == nil else {
                try set(
                    "facebook_page", id,
                    [
                        area.map { "area = \($0)" }, secret.map { "secret_sealed = \($0)" },
                        verify.map { "verify_digest = \($0)" },
                    ])
                continue
            }
            guard let area, let secret, let verify else {
                throw plan.problem(
                    at: entry.position, "a new page needs an app_secret, a verify_token and an area")
            }
            try work.execute(
                """
                INSERT INTO facebook_page (workspace, id, page_id, area, secret_sealed, verify_digest, created_at)
                VALUES (\(workspace), \(id), \(entry.pageID.value), \(area), \(secret), \(verify), \(work.now))
                """)
        }
    }
}
