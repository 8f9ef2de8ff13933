// Access keys of TENIOS's API as administrators see them: making one that is shown once, and deleting one.
import Center
import Hummingbird
import Web

struct TeniosKeysPage {
    struct Line {
        let teniosID: Int64
        let teniosName: String
    }

    let teniosLines: [Line]
    let hasTeniosLines: Bool
    let teniosForms: [EntryForm]

    init(_ seat: Seat, refused: RefusedForm? = nil) {
        teniosLines = seat.directory.teniosKeys.map { Line(teniosID: $0.id.raw, teniosName: $0.name) }
        hasTeniosLines = !teniosLines.isEmpty
        let maker = EntryForm.Maker(Self.formID, refused)
        teniosForms = [
            maker.form(
                "Create new", APIPart.tenios.path(seat),
                note: "A new key is shown once. One that you have already is kept as a digest only.",
                button: "Save", needs: ["name"],
                [
                    (
                        "",
                        [
                            maker.line("name", "Name", "", hint: "Telephony"),
                            maker.secret("key", "Key", hint: "a new one"),
                        ]
                    )
                ])
        ]
    }

    static let formID = "new-tenios-key"
}

extension AgentDesk {
    func teniosKeysPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await teniosKeysPage(seat, request)
    }

    func mintTeniosKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let outcome = try await administered(seat, TeniosKeysPage.formID, fields) { entry in
            let name = entry.text("name")
            if seat.directory.teniosKeys.contains(where: { $0.name == entry.value("name") }) {
                throw name.problem("there is an access key of this name already")
            }
            guard seat.directory.teniosKeys.count < ProvisionPlan.teniosAccessKeysMax else {
                throw name.problem(
                    "there are \(ProvisionPlan.teniosAccessKeysMax) access keys; revoke one first")
            }
            var members = [("name", name)]
            if !entry.value("key").isEmpty { members.append(("key", entry.text("key"))) }
            let told = entry.mapping(members)
            return entry.file("tenios_access_keys", told, of: seat.directory)
        }
        switch outcome {
        case .refused(let refused): return try await teniosKeysPage(seat, request, refused: refused)
        case .done(let result):
            let name = TypedEntry(fields).value("name")
            guard let key = result.teniosAccessKeys[name] else {
                return .seeOther("\(APIPart.tenios.path(seat))?said=\(Said.queueChanged.rawValue)")
            }
            let minted = Minted(
                "The access key \(name) is made.", "Copy it now: it cannot be shown again.",
                ["Access key": key])
            return try await teniosKeysPage(try renewed(seat), request, minted: minted)
        }
    }

    func revokeTeniosKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("key").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such access key.")
        }
        try await floor.revokeTeniosKey(TeniosKeyID(id), by: seat.principal)
        return .seeOther("\(APIPart.tenios.path(seat))?said=\(Said.keyRevoked.rawValue)")
    }

    private func teniosKeysPage(
        _ seat: Seat, _ request: Request, refused: RefusedForm? = nil, minted: Minted? = nil
    ) async throws -> Response {
        var page = try await apiPage(.tenios, seat)
        page.notice = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence
        page.minted = minted
        page.teniosKeys = TeniosKeysPage(seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}
