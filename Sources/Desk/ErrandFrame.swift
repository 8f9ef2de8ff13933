// A letter's HTML as a document that can do nothing: cleaned, sandboxed, without a cookie of ours.
import Center
import HTTPTypes
import Hummingbird
import Routing
import SafeHTML
import Web

extension AgentDesk {
    /// The document in the errand page's frame. Pictures from elsewhere only when the agent asks for them.
    func letter(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let id = try errandID(context)
        let pictures = try Fields(queryOf: request)["pictures"] == "shown"
        let view = try await floor.errand(id, for: seat.agent.id, in: seat.workspace)
        guard let key = context.segment("letter").flatMap(LetterKey.init), let html = view.html(of: key)
        else {
            throw Refusal.notFound("There is no such letter here.")
        }
        let cleaned = SafeHTML.clean(html, remoteImages: pictures) { cid in
            view.picture(cid, in: key).map { pictureLink($0, seat) }
        }
        var text = Self.documentHead + cleaned.html
        if cleaned.isCut { text += "<hr><p>The rest of this letter is too long to be shown.</p>" }
        var response = Response.html(.ok, text + "</body></html>")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; img-src 'self'\(pictures ? " http: https:" : ""); "
            + "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors \((["'self'"] + seat.directory.embedOrigins).joined(separator: " ")); "
            + "sandbox allow-popups allow-popups-to-escape-sandbox"
        // The page that shows it is ours; `DENY` would keep it out.
        if seat.directory.embedOrigins.isEmpty { response.headers[.frameOptions] = "SAMEORIGIN" }
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    /// Mails are made for white paper, whatever the desk looks like.
    private static let documentHead = """
        <!doctype html><html lang="und"><head><meta charset="utf-8"><title>Letter</title><style>
        html { color-scheme: light; background: #fff; color: #1d2523; }
        body { margin: 0; padding: 12px 14px; font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
        body > :first-child { margin-top: 0; }
        img { max-width: 100%; height: auto; }
        img:not([src]) {
            min-width: 1.2em; min-height: 1.2em; border: 1px dashed #aab4b0; border-radius: 4px; color: #5d6a66;
        }
        table { max-width: 100%; }
        blockquote { margin: 0.6em 0; padding-left: 0.9em; border-left: 3px solid #dce1dd; }
        pre { white-space: pre-wrap; }
        </style></head><body>
        """

    /// A link that works for a while and for whoever has it: the frame has no cookie. Queries are not logged.
    private func pictureLink(_ id: AttachmentID, _ seat: Seat) -> String {
        let until = floor.now + PictureLinkLimits.lifetimeMs
        let signature = floor.pictureSignature(id, until: until, in: seat.workspace)
        return "\(seat.base)/pictures/\(id)?until=\(until.ms)&signature=\(signature)"
    }
}

extension ErrandView {
    /// The picture of the letter that the HTML names by `cid:`; both kinds of names for those of answers.
    fileprivate func picture(_ cid: String, in key: LetterKey) -> AttachmentID? {
        files(of: key).first { file in
            guard let name = file.contentID else { return false }
            return name == cid || name == "<\(cid)>"
        }?.id
    }
}

extension HTTPField.Name {
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
