// A user's call-center profile: read and changed. Source: seed 004, lines 4-112; apio.md §3.1-3.3.
import Center
import Hummingbird
import Routing
import Web

extension ApioRoutes {
    @Sendable func profile(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let user = try caller.user(context)
        let members = try await Members(request, context)
        // One path had three meanings before `available/` and `dnis/` were there.
        if try members.flag("list") == true { return try Self.available(to: user, members, caller.directory) }
        if try members.flag("dnis") == true { return Self.outgoingNumbers(of: user, caller.directory) }
        return try profile(of: user, members, caller.directory)
    }

    @Sendable func changeProfile(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let user = try caller.user(context)
        let members = try await Members(request, context)
        if try members.flag("list") == true {
            try await assign(user, members, caller)
            return Apio.answer(body: Apio.empty)
        }
        let selection = try CenterSelection(members, caller.directory)
        try await floor.changeProfile(user.id, try ProfileChange(members), by: caller.principal)
        let directory = try fresh(caller)
        guard let user = directory.agent(user.id) else { throw Refusal.notFound("The user is gone.") }
        return profile(of: user, selection, directory)
    }

    private func assign(_ user: Agent, _ members: Members, _ caller: Caller) async throws {
        guard let centers = try members.objects("call_centers", max: ProvisionPlan.callCentersMax) else {
            throw Members.missing("call_centers")
        }
        let ids = try centers.map { try $0.required("serviceUserId", CenterSelection.idLengths) }
        try await floor.assign(user.id, to: ids, by: caller.principal)
    }

    private func profile(of user: Agent, _ members: Members, _ directory: Directory) throws -> Response {
        profile(of: user, try CenterSelection(members, directory), directory)
    }

    private func profile(
        of user: Agent, _ selection: CenterSelection, _ directory: Directory
    ) -> Response {
        let now = floor.presence(of: user.id, in: directory.workspace)
        return Apio.answer(
            body: JSONWriter.object { document in
                document.member("agentACDState", now.presence.acdState)
                document.member("agentThresholdProfileName", user.profile.thresholdProfile)
                document.member("agentUnavailableCode", now.reason.flatMap(directory.reason)?.code ?? "")
                user.writeSettings(to: &document, directory)
                if let (center, dnis) = directory.outgoingNumber(of: user) {
                    document.object("outgoingCallDNIS") { number in
                        number.member("serviceUserId", center.serviceUserID)
                        number.member("name", dnis.name)
                    }
                }
                document.array("call_centers") { list in
                    for (center, member) in directory.callCenters(assignedTo: user.id)
                    where selection.takes(center) {
                        list.object { center.write(member, to: &$0, named: selection.namesCenters) }
                    }
                }
            })
    }
}

/// Which call centers a list shall have, and whether with their names.
struct CenterSelection {
    /// Source: apio.md §3.1.
    static let idLengths = 1...161

    let namesCenters: Bool
    private let only: String?

    init(_ members: Members, _ directory: Directory) throws {
        namesCenters = try members.flag("enrichCcInfo") ?? directory.users.enrichesCallCenters
        only = try members.text("sensitiveServiceUserIdEquals", Self.idLengths)
    }

    func takes(_ center: CallCenter) -> Bool { only == nil || center.serviceUserID == only }
}

extension Agent {
    fileprivate func writeSettings(to document: inout JSONWriter, _ directory: Directory) {
        let timer = guardTimer
        let bounced = directory.bouncedLimit(self)
        document.member("useDefaultGuardTimer", timer.usesDefault)
        document.member("enableGuardTimer", timer.isOn)
        document.member("guardTimerSeconds", timer.seconds)
        document.member("useSystemDefaultUnavailableSettings", usesDefaultUnavailable)
        document.member("forceAgentUnavailableOnDNDActivation", profile.forcesOnDoNotDisturb)
        document.member("forceAgentUnavailableOnPersonalCalls", profile.forcesOnPersonalCall)
        document.member("forceAgentUnavailableOnBouncedCallLimit", bounced.forces)
        document.member("numberConsecutiveBouncedCallsToForceAgentUnavailable", bounced.number)
        document.member("forceAgentUnavailableOnNotReachable", profile.forcesOnNotReachable)
        document.member("makeOutgoingCallsAsCallCenter", profile.callsAsCenter)
    }
}

extension CallCenter {
    fileprivate func write(_ member: Member, to item: inout JSONWriter, named: Bool) {
        item.member("serviceUserId", serviceUserID)
        item.member("available", member.isJoined)
        item.member("priority", "\(priority).0")
        item.member("phoneNumber", phoneNumber ?? "")
        item.member("extension", extensionNumber)
        item.member("type", type.rawValue)
        item.member("logOffAllowed", logOffAllowed)
        if type == .premium {
            item.member("routingType", settings.routingType.wireName)
            item.member("skillLevel", String(member.level))
        }
        if named { item.member("name", name) }
    }
}

extension Presence {
    /// Source: apio.md §3.1.
    var acdState: String {
        switch self {
        case .signedOut: "Sign-Out"
        case .signedIn: "Sign-In"
        case .available: "Available"
        case .unavailable: "Unavailable"
        case .wrapUp: "Wrap-Up"
        }
    }
}

extension RoutingType {
    var wireName: String {
        switch self {
        case .priorityBased: "Priority Based"
        case .skillBased: "Skill Based"
        }
    }
}

extension ProfileChange {
    private static let codeLengths = 0...10
    private static let nameLengths = 1...40

    fileprivate init(_ members: Members) throws {
        self.init()
        if let state = try members.text("agentACDState") {
            guard let known = Presence.allCases.first(where: { $0.acdState == state }) else {
                throw Members.wrong(
                    "agentACDState", "one of \(Presence.allCases.map(\.acdState).joined(separator: ", "))")
            }
            presence = known
        }
        if members.isNull("agentUnavailableCode") {
            reason = .cleared
        } else if let code = try members.text("agentUnavailableCode", Self.codeLengths) {
            reason = code.isEmpty ? .cleared : .value(code)
        }
        // A profile may have a longer name here than there.
        thresholdProfile = try members.text("agentThresholdProfileName", 1...200)
        usesDefaultGuard = try members.flag("useDefaultGuardTimer")
        guardIsOn = try members.flag("enableGuardTimer")
        guardS = try members.integer("guardTimerSeconds", in: ProfileLimits.guardS)
        usesDefaultUnavailable = try members.flag("useSystemDefaultUnavailableSettings")
        forcesOnDoNotDisturb = try members.flag("forceAgentUnavailableOnDNDActivation")
        forcesOnPersonalCall = try members.flag("forceAgentUnavailableOnPersonalCalls")
        forcesOnNotReachable = try members.flag("forceAgentUnavailableOnNotReachable")
        forcesOnBounced = try members.flag("forceAgentUnavailableOnBouncedCallLimit")
        bouncedNumber = try members.integer(
            "numberConsecutiveBouncedCallsToForceAgentUnavailable", in: ProfileLimits.bounced)
        callsAsCenter = try members.flag("makeOutgoingCallsAsCallCenter")
        if members.isNull("outgoingCallDNIS") {
            outgoing = .cleared
        } else if let number = try members.object("outgoingCallDNIS") {
            outgoing = .value(
                Outgoing(
                    serviceUserID: try number.required("serviceUserId", CenterSelection.idLengths),
                    name: try number.required("name", Self.nameLengths)))
        }
        centers = try (members.objects("call_centers", max: ProvisionPlan.callCentersMax) ?? []).map {
            Center(
                serviceUserID: try $0.required("serviceUserId", CenterSelection.idLengths),
                isJoined: try $0.flag("available"),
                level: try $0.integer("skillLevel", in: 0...QueueLimits.levelMax, orText: true))
        }
    }
}
