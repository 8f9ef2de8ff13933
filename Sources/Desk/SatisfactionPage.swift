// What a customer sees who follows a link of the satisfaction meter: a question, the level, a button; then thanks.
// Looking counts nothing: mail programs follow links by themselves.
import Center
import HTTPTypes
import Hummingbird
import Web

struct SatisfactionPage {
    let title = "Your opinion"
    let base = AgentDesk.nowhere
    let assets: String
    /// Empty when the link is none of ours.
    var organisation = ""
    var hasOrganisation = false
    var question = ""
    /// The level that the link chooses; nil when there is nothing to choose.
    var choice: String?
    /// What is said instead of a choice.
    var message: String?
}

extension AgentDesk {
    /// A choice has no fields: the address says it.
    private static let choiceMaxBytes = 4 << 10
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    /// Below the public URL and below each workspace.
    func addSatisfaction(to routes: Routes) {
        for prefix in [SatisfactionLink.prefix, "/s/:workspace" + SatisfactionLink.prefix] {
            let meter = routes.dialect(at: prefix, name: .desk) { request, context, miss in
                var response = try await customerPage(request, context) { _ in throw Refusal.notFound("") }
                if case .method(let allowed) = miss {
                    response.status = .methodNotAllowed
                    response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                }
                return response
            }
            // Some mail programs look whether a link leads anywhere before they show it.
            for method in [HTTPRequest.Method.get, .head] {
                meter.on(method, ":errand/:signature") { request, context in
                    try await customerPage(request, context) { link in
                        page(of: link, try await floor.satisfaction(link))
                    }
                }
            }
            meter.post(":errand/:signature") { request, context in
                try await customerPage(request, context) { link in
                    _ = try await context.collectBody(request, upTo: Self.choiceMaxBytes)
                    let counts = try await floor.chooseSatisfaction(link)
                    let view = try await floor.satisfaction(link)
                    var (status, page) = page(of: link, view)
                    guard counts else { return (status, page) }
                    page.message =
                        "Thank you. Your answer “\(view.asked.label(link.level))” has been counted."
                    return (status, page)
                }
            }
        }
    }

    private func page(
        of link: SatisfactionLink, _ view: SatisfactionView
    ) -> (HTTPResponse.Status, SatisfactionPage) {
        var page = SatisfactionPage(assets: files.version)
        page.organisation = view.organisation
        page.hasOrganisation = true
        page.question = view.asked.question
        switch view.state {
        case .open:
            page.choice = view.asked.label(link.level)
            return (.ok, page)
        case .given(let level):
            page.message =
                "Your answer has been given already: “\(view.asked.label(level))”. Thank you; it counts once."
            return (.ok, page)
        case .over:
            page.message =
                "This question was open for \(SatisfactionLimits.openDays) days and takes no answers any more."
            return (.gone, page)
        case .erased:
            page.question = "This question is gone"
            page.message = "What it was about has been deleted, so there is nothing to answer any more."
            return (.gone, page)
        }
    }

    /// Renders what `body` gives for a genuine link, and the same kind of page for any other: no cookie, no script,
    /// and nothing about who works here.
    private func customerPage(
        _ request: Request, _ context: Context,
        _ body: (SatisfactionLink) async throws -> (HTTPResponse.Status, SatisfactionPage)
    ) async throws -> Response {
        // Whoever has the address can choose.
        context.notes.path = SatisfactionLink.prefix + "/*"
        var (status, page) = (HTTPResponse.Status.notFound, SatisfactionPage(assets: files.version))
        var retryAfterS: Int?
        do {
            guard
                let link = floor.satisfactionLink(
                    context.segment("errand") ?? "", context.segment("signature") ?? ""),
                context.segment("workspace").map({ isNamed($0, link.workspace) }) ?? true
            else { throw Refusal.notFound("") }
            context.notes.workspace = "\(link.workspace)"
            (status, page) = try await body(link)
        } catch let refusal as Refusal {
            status = refusal.status
            page.question = status == .notFound ? "This link is not complete" : "This is not possible now"
            page.message =
                status == .notFound
                ? "Open it from the message again, whole: a part of it may have been lost on the way."
                : "Try again in a minute."
            retryAfterS = refusal.retryAfterS
        }
        var response = Response.html(status, templates.render("satisfaction", page))
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.frameOptions] = "DENY"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.init("X-Robots-Tag")!] = "noindex, nofollow"
        if let retryAfterS { response.headers[.retryAfter] = String(retryAfterS) }
        return try await security.handle(request, context: context) { _, _ in response }
    }

    private func isNamed(_ name: String, _ workspace: WorkspaceID) -> Bool {
        floor.roster.workspace(named: name)?.workspace == workspace
    }
}
