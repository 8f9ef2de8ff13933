// The agent's desk: all its routes on one screen.
public import Center
import Hummingbird
public import Web

/// Adds the desk's pages to the server, and the start page that leads to them.
///
/// A template that does not compile stops the server here, with its name.
/// - Parameters:
///   - api: what administrators read of the API for other systems.
///   - publicURL: how others reach the server; it stands in invitation links.
public func addDesk(
    to routes: Routes, floor: Floor, api: DocumentedAPI = DocumentedAPI(),
    publicURL: @escaping @Sendable () -> String = { "" }
) {
    let desk = AgentDesk(floor: floor, api: api, publicURL: publicURL)
    routes.router.get("/", use: desk.open(desk.start))
    routes.router.get("/s/:workspace", use: desk.open(desk.workspaceStart))

    let pages = routes.dialect(at: "/s/:workspace/desk", name: .desk) { try await desk.missed($0, $1, $2) }
    pages.get("static/:file", use: desk.staticFile)
    pages.get("sign-in", use: desk.open(desk.signInPage))
    pages.post("sign-in", use: desk.open(desk.signIn))
    pages.get("invitation", use: desk.open(desk.invitationPage))
    pages.post("invitation", use: desk.open(desk.acceptInvitation))
    pages.post("sign-out", use: desk.form(desk.signOut))

    pages.get("", use: desk.page(desk.home))
    pages.get("errands/:errand", use: desk.page(desk.errandPage))
    pages.get("errands/:errand/why", use: desk.page(desk.whyErrand))
    pages.get("why", use: desk.page(desk.whyAgent))
    pages.get("items/:item", use: desk.page(desk.itemPage))
    pages.get("items/:item/why", use: desk.page(desk.whyItem))
    pages.get("mine", use: desk.page(desk.minePage))
    pages.get("areas", use: desk.page(desk.areasPage))
    pages.get("areas/:area", use: desk.page(desk.areaPage))
    pages.get("account", use: desk.page(desk.accountPage))
    pages.get("admin/contacts", use: desk.page(desk.erasurePage))
    pages.get("admin/call-centers", use: desk.page(desk.callCentersPage))
    pages.get("admin/call-centers/:center", use: desk.page(desk.callCenterPage))
    pages.get("admin/areas/:area", use: desk.page(desk.areaQueuePage))
    pages.get("admin/workforce", use: desk.page(desk.workforcePage))
    pages.get("admin/queues", use: desk.page(desk.queuesPage))
    pages.get("admin/api", use: desk.page(desk.apiStart))
    pages.get("admin/api/tokens", use: desk.page(desk.tokensPage))
    pages.get("admin/api/callbacks", use: desk.page(desk.callbacksPage))
    pages.get("admin/api/callbacks/:callback", use: desk.page(desk.callbackPage))
    pages.get("admin/api/deliveries", use: desk.page(desk.deliveriesPage))
    pages.get("admin/api/tenios", use: desk.page(desk.teniosKeysPage))
    pages.get("admin/api/neutral", use: desk.page(desk.neutralPage))
    pages.get("admin/groups", use: desk.page(desk.groupsPage))
    pages.get("admin/groups/:group", use: desk.page(desk.groupPage))
    pages.get("admin/agents", use: desk.page(desk.agentsPage))
    pages.get("admin/agents/:agent", use: desk.page(desk.agentPage))
    pages.get("admin/calendars", use: desk.page(desk.calendarsPage))
    pages.get("admin/calendars/:calendar", use: desk.page(desk.calendarPage))
    pages.get("admin/why", use: desk.page(desk.whyAnyAgent))
    pages.get("panel", use: desk.page(desk.panel))
    pages.get("events", use: desk.page(desk.events))

    pages.post("stay", use: desk.form(desk.stay))
    pages.post("account/password", use: desk.form(desk.changePassword))
    pages.post("admin/api/tokens", use: desk.form(desk.mintToken))
    pages.post("admin/api/tokens/:token/revoke", use: desk.form(desk.revokeToken))
    pages.post("admin/api/callbacks", use: desk.form(desk.addCallback))
    pages.post("admin/api/callbacks/:callback", use: desk.form(desk.changeCallback))
    pages.post("admin/api/callbacks/:callback/delete", use: desk.form(desk.deleteCallback))
    pages.post("admin/api/deliveries/:delivery/resend", use: desk.form(desk.resendDelivery))
    pages.post("admin/api/tenios", use: desk.form(desk.mintTeniosKey))
    pages.post("admin/api/tenios/:key/revoke", use: desk.form(desk.revokeTeniosKey))
    pages.post("admin/groups", use: desk.form(desk.addGroup))
    pages.post("admin/groups/:group", use: desk.form(desk.changeGroup))
    pages.post("admin/groups/:group/delete", use: desk.form(desk.deleteGroup))
    pages.post("admin/agents", use: desk.form(desk.addAgent))
    pages.post("admin/agents/:agent/identity", use: desk.form(desk.changeAgentIdentity))
    pages.post("admin/agents/:agent/skills", use: desk.form(desk.changeAgentSkills))
    pages.post("admin/agents/:agent/invite", use: desk.form(desk.inviteAgent))
    pages.post("admin/agents/:agent/keys", use: desk.form(desk.mintKey))
    pages.post("admin/agents/:agent/keys/revoke", use: desk.form(desk.revokeKey))
    pages.post("admin/contacts/erase", use: desk.form(desk.eraseContact))
    pages.post("admin/agents/:agent/delete", use: desk.form(desk.deleteAgent))
    pages.post("admin/agents/:agent/revive", use: desk.form(desk.reviveAgent))
    pages.post("admin/agents/:agent/rules", use: desk.form(desk.changeAgentRules))
    pages.post("admin/calendars", use: desk.form(desk.addCalendar))
    pages.post("admin/calendars/:calendar", use: desk.form(desk.changeCalendar))
    pages.post("admin/call-centers", use: desk.form(desk.addCallCenter))
    pages.post("admin/call-centers/:center/settings", use: desk.form(desk.changeCallCenter))
    pages.post("admin/call-centers/:center/numbers", use: desk.form(desk.changeNumbers))
    pages.post("admin/call-centers/:center/supervisors", use: desk.form(desk.changeSupervisors))
    pages.post("admin/call-centers/:center/delete", use: desk.form(desk.deleteCallCenter))
    pages.post("admin/areas/:area/settings", use: desk.form(desk.changeArea))
    pages.post("admin/areas/:area/delete", use: desk.form(desk.deleteArea))
    pages.post("admin/calendars/:calendar/delete", use: desk.form(desk.deleteCalendar))
    pages.post("admin/skills", use: desk.form(desk.addSkill))
    pages.post("admin/skills/:skill/delete", use: desk.form(desk.deleteSkill))
    pages.post("admin/queues/:queue/settings", use: desk.form(desk.changeQueue))
    pages.post("admin/queues/:queue/agents", use: desk.form(desk.changeQueueAgents))
    pages.post("admin/queues/:queue/forwarding", use: desk.form(desk.forwardQueue))
    pages.post("presence", use: desk.form(desk.setPresence))
    pages.post("offers/:item/accept", use: desk.form(desk.acceptOffer))
    pages.post("offers/:item/decline", use: desk.form(desk.declineOffer))
    pages.post("items/:item/end", use: desk.form(desk.endItem))
    pages.post("items/:item/transfer", use: desk.form(desk.transferItem))
    pages.post("errands/:errand/take", use: desk.form(desk.takeErrand))
    pages.post("errands/:errand/return", use: desk.form(desk.returnErrand))
    pages.post("errands/:errand/close", use: desk.form(desk.closeErrand))
    pages.post("errands/:errand/answer", use: desk.form(desk.answerErrand))
    pages.post("errands/:errand/note", use: desk.form(desk.noteErrand))
    pages.post("errands/:errand/tags", use: desk.form(desk.tagErrand))
    pages.post("errands/:errand/priority", use: desk.form(desk.setErrandPriority))
    pages.post("errands/:errand/transfer", use: desk.form(desk.transferErrand))
    pages.post("errands/:errand/reopen", use: desk.form(desk.reopenErrand))

    pages.get("errands/:errand/letters/:letter", use: desk.page(desk.letter))
    pages.get("errands/:errand/files/:file", use: desk.page(desk.fileDownload))
    pages.get("errands/:errand/files/:file/view", use: desk.page(desk.filePicture))
    pages.get("pictures/:file", use: desk.open(desk.linkedPicture))
    pages.post("errands/:errand/uploads", use: desk.page(desk.uploadFile))
    pages.get("uploads/:file", use: desk.page(desk.uploadedPicture))
    pages.post("uploads/:file/remove", use: desk.form(desk.removeUpload))
}

/// What every handler of the desk works with.
struct AgentDesk: Sendable {
    let floor: Floor
    let api: DocumentedAPI
    let publicURL: @Sendable () -> String
    let templates = Templates()
    let files = StaticFiles()
    let security = PageSecurity()
    let onlookers = Onlookers()
}
