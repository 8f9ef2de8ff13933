// Callbacks as administrators see and change them: where they go, their secret, and the areas they tell of.
import Center
import Hummingbird
import Routing
import Web

struct CallbacksPage {
    struct Line {
        let callbackID: Int64
        let callbackTitle: String
        let callbackEndpoint: String
        let callbackAreas: String
        let callbackSecret: String
    }

    let callbackLines: [Line]
    let hasCallbackLines: Bool
    let callbackForms: [EntryForm]

    init(_ seat: Seat, refused: RefusedForm? = nil) {
        callbackLines = seat.directory.callbacks.map { Line($0, seat) }
        hasCallbackLines = !callbackLines.isEmpty
        callbackForms = [CallbackForm(nil, seat).form(refused)]
    }
}

extension CallbacksPage.Line {
    init(_ callback: CallbackSettings, _ seat: Seat) {
        callbackID = callback.id.raw
        callbackTitle = callback.name
        callbackEndpoint = callback.endpoint
        let names = callback.areas.sorted().map { seat.directory.areaName($0) ?? "" }
        callbackAreas = names.isEmpty ? "every area" : names.joined(separator: ", ")
        callbackSecret = callback.hasSecret ? "a secret is set" : "no secret"
    }
}

/// One callback.
struct CallbackPage {
    let oneCallback: CallbacksPage.Line
    let oneCallbackForms: [EntryForm]

    init(_ callback: CallbackSettings, _ seat: Seat, refused: RefusedForm?) {
        oneCallback = CallbacksPage.Line(callback, seat)
        oneCallbackForms = [CallbackForm(callback, seat).form(refused)]
    }
}

/// Making a callback, or changing one.
struct CallbackForm {
    static let newID = "new-callback"
    static let id = "callback"
    private static let every = "every"
    private static let ticked = "ticked"

    /// nil: a new one.
    private let callback: CallbackSettings?
    private let seat: Seat
    private let picked: PickedList

    init(_ callback: CallbackSettings?, _ seat: Seat) {
        self.callback = callback
        self.seat = seat
        picked = .areas(seat.directory)
    }

    /// Areas of it that are still there.
    private var living: Set<Int64> {
        Set((callback?.areas ?? []).filter { seat.directory.area($0) != nil }.map(\.raw))
    }

    private var isEvery: Bool { callback?.areas.isEmpty ?? true }

    func form(_ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker(callback == nil ? Self.newID : Self.id, refused)
        let hasSecret = callback?.hasSecret ?? false
        let secret =
            maker.secret("secret", "Secret Key", hint: hasSecret ? "a secret is set" : "none")
        var first = [
            maker.line(
                "endpoint", "Endpoint", callback?.endpoint ?? "", hint: "https://example.com/answered",
                isWide: true),
            secret,
        ]
        if callback == nil { first.insert(maker.line("name", "Name", "", hint: "CRM"), at: 0) }
        if hasSecret { first.append(maker.tick("remove_secret", "Remove the secret", false)) }
        let path = APIPart.callbacks.path(seat)
        return maker.form(
            callback == nil ? "Add a callback" : "Settings", callback.map { "\(path)/\($0.id)" } ?? path,
            note:
                "It is told of each answered errand, by POST. The secret goes along in the message, and is never shown.",
            button: callback == nil ? "Add" : "Save",
            needs: callback == nil ? ["name", "endpoint"] : [], savesChanges: callback != nil,
            [
                ("", first),
                (
                    "Event: Answer errand",
                    [
                        maker.choice(
                            "which", "In which areas",
                            [(Self.every, "every area"), (Self.ticked, "only these")],
                            isEvery ? Self.every : Self.ticked)
                    ]
                ),
                ("", picked.fields(maker, living)),
            ])
    }

    func entry(_ entry: inout TypedEntry) throws -> DocumentNode {
        let name = callback.map { entry.text($0.name, of: "") } ?? entry.text("name")
        if callback == nil, seat.directory.callbacks.contains(where: { $0.name == entry.value("name") }) {
            throw name.problem("there is a callback of this name already")
        }
        if callback == nil, seat.directory.callbacks.count >= ProvisionPlan.callbacksMax {
            throw name.problem("there are \(ProvisionPlan.callbacksMax) callbacks; delete one first")
        }
        var members = [("name", name), ("event", entry.bare(CallbackEvent.answerErrand.rawValue, of: ""))]
        let endpoint = entry.text("endpoint")
        if callback?.endpoint != entry.value("endpoint") { members.append(("endpoint", endpoint)) }
        // As typed: a secret may begin or end with a blank.
        let secret = entry.typed["secret"] ?? ""
        let removes = entry.typed["remove_secret"] != nil
        if !secret.isEmpty {
            let node = entry.text(secret, of: "secret")
            if removes { throw node.problem("either set another secret or remove the one there is") }
            members.append(("secret", node))
        } else if removes {
            members.append(("secret", entry.text("", of: "secret")))
        }
        if let areas = try areas(&entry) { members.append(("areas", areas)) }
        if callback != nil, members.count == 2 {
            throw entry.bare("", of: "").problem(
                "nothing is different from what is stored, so there is nothing to save")
        }
        return entry.mapping(members)
    }

    /// nil: as they are. A callback of deleted areas only must not become one of every area by another change.
    private func areas(_ entry: inout TypedEntry) throws -> DocumentNode? {
        let wantsEvery = entry.value("which") != Self.ticked
        let words = wantsEvery ? [] : picked.words(entry.typed)
        let before = Set(picked.all.filter { living.contains($0.id) }.map(\.word))
        if callback != nil, wantsEvery == isEvery, wantsEvery || Set(words) == before { return nil }
        guard wantsEvery || !words.isEmpty else {
            throw entry.bare("", of: "which").problem("choose at least one area, or every area")
        }
        let nodes = words.map { entry.text($0, of: "areas") }
        return entry.list(nodes, of: "areas")
    }
}

extension AgentDesk {
    func callbacksPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await callbacksPage(seat, request, refused: nil)
    }

    func addCallback(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let refused = try await administer(seat, CallbackForm.newID, fields) { entry in
            let told = try CallbackForm(nil, seat).entry(&entry)
            return entry.file("callbacks", told, of: seat.directory)
        }
        if let refused { return try await callbacksPage(seat, request, refused: refused) }
        return .seeOther("\(APIPart.callbacks.path(seat))?said=\(Said.queueChanged.rawValue)")
    }

    func callbackPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await callbackPage(try callback(seat, context), seat, request, refused: nil)
    }

    func changeCallback(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let callback = try callback(seat, context)
        let refused = try await administer(seat, CallbackForm.id, fields) { entry in
            let told = try CallbackForm(callback, seat).entry(&entry)
            return entry.file("callbacks", told, of: seat.directory)
        }
        if let refused { return try await callbackPage(callback, seat, request, refused: refused) }
        return .seeOther(
            "\(APIPart.callbacks.path(seat))/\(callback.id)?said=\(Said.queueChanged.rawValue)")
    }

    func deleteCallback(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let callback = try callback(seat, context)
        try await floor.deleteCallback(callback.id, by: seat.principal)
        return .seeOther("\(APIPart.callbacks.path(seat))?said=\(Said.callbackDeleted.rawValue)")
    }

    private func callback(_ seat: Seat, _ context: Context) throws -> CallbackSettings {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("callback").flatMap({ Int64($0) }),
            let callback = seat.directory.callback(CallbackID(id))
        else { throw Refusal.notFound("There is no such callback.") }
        return callback
    }

    private func callbacksPage(_ seat: Seat, _ request: Request, refused: RefusedForm?) async throws
        -> Response
    {
        var page = try await apiPage(.callbacks, seat)
        page.notice = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence
        page.callbacks = CallbacksPage(seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }

    private func callbackPage(
        _ callback: CallbackSettings, _ seat: Seat, _ request: Request, refused: RefusedForm?
    ) async throws -> Response {
        var page = try await apiPage(.callbacks, seat, title: callback.name)
        page.notice =
            refused == nil
            ? try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence : nil
        page.callback = CallbackPage(callback, seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}
