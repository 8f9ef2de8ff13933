// Access tokens as administrators see them: which there are, making one that is shown once, and ending one.
import Center
import Foundation
import Hummingbird
import Routing
import Web

/// Tokens on one page.
private let tokensOnPage = 100

struct TokensPage {
    struct Line {
        let tokenID: Int64
        let tokenName: String
        let tokenClaims: String
        /// Where its errands come; empty for one that creates none.
        let tokenTarget: String
        /// `in force`, `revoked`, `expired`
        let tokenState: String
        let tokenEnds: Stamp?
        let isTokenInForce: Bool
    }

    let tokenLines: [Line]
    let hasTokenLines: Bool
    let tokenForms: [EntryForm]
    let formerTokens: String?
    let nextTokens: String?

    /// - Parameter page: from 0.
    init(_ seat: Seat, page: Int = 0, refused: RefusedForm? = nil) {
        let tokens = seat.directory.tokens
        // Those in force first, of each the newest first.
        let ordered =
            tokens.reversed().filter { $0.isInForce(at: seat.times.now) }
            + tokens.reversed().filter { !$0.isInForce(at: seat.times.now) }
        let page = max(0, min(page, ordered.count / tokensOnPage))
        tokenLines = ordered.dropFirst(page * tokensOnPage).prefix(tokensOnPage).map { Line($0, seat) }
        hasTokenLines = !tokenLines.isEmpty
        tokenForms = [TokenForm(seat).form(refused)]
        let path = APIPart.tokens.path(seat)
        formerTokens = page > 0 ? "\(path)?page=\(page - 1)" : nil
        nextTokens = (page + 1) * tokensOnPage < ordered.count ? "\(path)?page=\(page + 1)" : nil
    }
}

extension TokensPage.Line {
    init(_ token: AccessToken, _ seat: Seat) {
        tokenID = token.id.raw
        tokenName = token.name
        tokenClaims = Claim.allCases.filter(token.claims.contains).map(\.title).joined(separator: ", ")
        let area = token.area.map { seat.directory.areaName($0) ?? "an area that is gone" }
        let target = [token.channel?.service.name, area, token.account].compactMap { $0 }
        tokenTarget = token.claims.contains(.createErrand) ? target.joined(separator: " · ") : ""
        isTokenInForce = token.isInForce(at: seat.times.now)
        tokenState = token.revoked ? "revoked" : isTokenInForce ? "in force" : "expired"
        tokenEnds = token.expiresAt == 0 ? nil : seat.times.stamp(Expiry.instant(token.expiresAt))
    }
}

extension Claim {
    /// As the vendor's page names the tick box; the last one is ours.
    var title: String {
        switch self {
        case .createErrand: "Create Errand"
        case .errandData: "Access to errand data"
        case .contacts: "Access and create customer contacts"
        case .library: "Access to library"
        case .export: "Access to export API"
        case .logio: "Access to logio API"
        case .attachments: "Get attachments"
        case .acd: "acd (Neutral API)"
        }
    }
}

private struct TokenForm {
    static let id = "new-token"
    private let seat: Seat

    init(_ seat: Seat) { self.seat = seat }

    func form(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker(Self.id, refused)
        func claim(_ claim: Claim) -> EntryForm.Field {
            maker.tick("claim.\(claim.rawValue)", claim.title, false)
        }
        return maker.form(
            "Create new", APIPart.tokens.path(seat),
            note: "The token is shown once, when it is made. Only a digest of it is kept.",
            button: "Save", needs: ["name", "key"],
            [
                (
                    "",
                    [
                        maker.line("name", "Name", "", hint: "Web form"),
                        maker.line("key", "Key", "", hint: "any text, signed into the token"),
                        maker.date("expiry", "Last day; empty: for ever", ""),
                    ]
                ),
                (
                    "Errands: Form needs an area, every other channel an area or an account",
                    [
                        claim(.createErrand),
                        maker.choice(
                            "channel", "Channel",
                            [("", "none")] + ErrandChannel.allCases.map { ($0.rawValue, $0.service.name) }, ""
                        ),
                        maker.choice(
                            "area", "Area", [("", "none")] + seat.directory.areas.map { ($0.name, $0.name) },
                            ""),
                        maker.line("account", "Account", "", hint: "support@example.com"),
                    ]
                ),
                ("Others", Claim.allCases.filter { $0 != .createErrand }.map(claim)),
            ])
    }

    func entry(_ entry: inout TypedEntry) throws -> DocumentNode {
        let name = entry.text("name")
        if let known = seat.directory.tokens.first(where: { $0.name == entry.value("name") }) {
            throw name.problem(
                known.revoked
                    ? "a revoked access token has this name; choose another"
                    : "there is an access token of this name already")
        }
        guard
            seat.directory.tokens.count(where: { $0.isInForce(at: seat.times.now) })
                < ProvisionPlan.accessTokensMax
        else {
            throw name.problem(
                "there are \(ProvisionPlan.accessTokensMax) access tokens in force; revoke one first")
        }
        let claims = Claim.allCases.filter { entry.typed["claim.\($0.rawValue)"] != nil }
            .map { entry.text($0.rawValue, of: "claims") }
        var members = [
            ("name", name), ("key", entry.text("key")), ("claims", entry.list(claims, of: "claims")),
            ("area", entry.text("area")), ("account", entry.text("account")),
            ("expiry", try Expiry.node(&entry, seat)),
        ]
        let channel = entry.value("channel")
        if !channel.isEmpty { members.append(("channel", entry.text("channel"))) }
        // What is wrong with the whole is wrong with where its errands come.
        return entry.mapping(members, of: channel.isEmpty ? "channel" : "area")
    }

    /// In the words of the page.
    static func reworded(_ refused: RefusedForm) -> RefusedForm {
        var sentence = refused.problem.sentence.replacing(
            "create_errand", with: Claim.createErrand.title)
        for word in ["channel", "area", "account"] { sentence = sentence.replacing("'\(word)'", with: word) }
        return RefusedForm(
            formID: refused.formID, typed: refused.typed,
            problem: .init(
                field: refused.problem.field,
                sentence: sentence.prefix(1).uppercased() + sentence.dropFirst()))
    }
}

extension AgentDesk {
    func tokensPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await tokensPage(seat, request)
    }

    func mintToken(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let outcome = try await administered(seat, TokenForm.id, fields) { entry in
            let told = try TokenForm(seat).entry(&entry)
            return entry.file("access_tokens", told, of: seat.directory)
        }
        switch outcome {
        case .refused(let refused):
            return try await tokensPage(seat, request, refused: TokenForm.reworded(refused))
        case .done(let result):
            let name = TypedEntry(fields).value("name")
            let minted = Minted(
                "The access token \(name) is made.",
                "Copy it now: it cannot be shown again. Requests carry it as Authorization: Bearer …",
                ["Access token": result.accessTokens[name] ?? ""])
            return try await tokensPage(try renewed(seat), request, minted: minted)
        }
    }

    func revokeToken(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("token").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such access token.")
        }
        try await floor.revokeAccessToken(TokenID(id), by: seat.principal)
        return .seeOther("\(APIPart.tokens.path(seat))?said=\(Said.tokenRevoked.rawValue)")
    }

    private func tokensPage(
        _ seat: Seat, _ request: Request, refused: RefusedForm? = nil, minted: Minted? = nil
    ) async throws -> Response {
        let query = try Fields(queryOf: request)
        var page = try await apiPage(.tokens, seat)
        page.notice = query["said"].flatMap(Said.init(rawValue:))?.sentence
        page.minted = minted
        page.tokens = TokensPage(
            seat, page: query["page"].flatMap { Int($0) } ?? 0, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}
