// Call centers of a group: listed, made, read, changed, deleted. Source: apio.md §4, §7.
import Center
import Hummingbird
import Routing
import Web

extension ApioRoutes {
    @Sendable func callCenters(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let group = try caller.group(context)
        _ = try await Members(request, context)
        return Apio.answer(
            body: JSONWriter.object { document in
                document.array("call_centers") { list in
                    for center in caller.directory.callCenters(inGroup: group) {
                        list.object { item in
                            item.member("serviceUserId", center.serviceUserID)
                            item.member("name", center.name)
                            item.member("type", center.type.rawValue)
                            item.member("phoneNumber", center.phoneNumber ?? "")
                            item.member("extension", center.extensionNumber)
                        }
                    }
                }
            })
    }

    @Sendable func makeCallCenter(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let group = try caller.group(context)
        let members = try await Members(request, context)
        let change = try CallCenterChange(members)
        guard change.name != nil else { throw Members.missing("name") }
        let id = try await floor.makeCallCenter(
            members.text("serviceUserId", CenterSelection.idLengths, unbroken: true), inGroup: group, change,
            by: caller.principal)
        return try instance(id, caller, .created)
    }

    @Sendable func callCenter(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        _ = try await Members(request, context)
        return Self.answer(center)
    }

    @Sendable func changeCallCenter(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        let change = try CallCenterChange(try await Members(request, context))
        try await floor.changeCallCenter(center.id, change, by: caller.principal)
        return try instance(center.id, caller)
    }

    @Sendable func deleteCallCenter(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        _ = try await Members(request, context)
        try await floor.deleteCallCenter(center.id, by: caller.principal)
        return Apio.answer(body: Apio.empty)
    }

    private func instance(
        _ id: CallCenterID, _ caller: Caller, _ status: HTTPResponse.Status = .ok
    ) throws -> Response {
        guard let center = try fresh(caller).callCenter(id) else {
            throw Refusal.notFound("The call center is gone.")
        }
        return Self.answer(center, status)
    }

    private static func answer(_ center: CallCenter, _ status: HTTPResponse.Status = .ok) -> Response {
        Apio.answer(
            status,
            body: JSONWriter.object { document in
                document.object("callCenterInstance") { center.writeInstance(to: &$0) }
            })
    }
}

extension CallCenter {
    fileprivate func writeInstance(to instance: inout JSONWriter) {
        instance.member("serviceUserId", serviceUserID)
        instance.object("serviceInstanceProfile") { profile in
            profile.member("name", name)
            profile.member("phoneNumber", phoneNumber ?? "")
            profile.member("extension", extensionNumber)
        }
        instance.member("type", type.rawValue)
        instance.member("routingType", settings.routingType.wireName)
        instance.member("policy", settings.policy.wireName)
        instance.member("queueLength", orNull: queueLength)
        instance.member("allowAgentLogoff", logOffAllowed)
        instance.member("allowAgentsToJoin", joinable)
        instance.member("allowCallsToAgentsInWrapUp", settings.offersInWrapUp)
        instance.member("overrideAgentWrapUpTime", settings.wrapUpMs > 0)
        instance.member("wrapUpSeconds", settings.wrapUpMs / 1_000)
    }
}

extension Policy {
    /// The vendor's five names; our own two in its manner.
    fileprivate var wireName: String {
        switch self {
        case .longestIdle: "Uniform"
        case .regular: "Regular"
        case .circular: "Circular"
        case .simultaneous: "Simultaneous"
        case .weighted: "Weighted"
        case .fewestHandled: "Fewest Handled"
        case .leastTalkTime: "Least Talk Time"
        }
    }
}

extension CallCenterChange {
    private static let nameLengths = 1...200
    private static let extensionLengths = 0...20
    private static let numberLengths = 0...16

    /// Members that have no meaning here, such as `password`, are ignored.
    fileprivate init(_ members: Members) throws {
        self.init()
        if let profile = try members.object("serviceInstanceProfile") {
            name = try profile.text("name", Self.nameLengths)
            phoneNumber = try Self.given("phoneNumber", Self.numberLengths, profile)
            extensionNumber = try Self.given("extension", Self.extensionLengths, profile)
        }
        type = try Self.choice("type", members, CallCenterType.allCases, \.rawValue)
        routingType = try Self.choice("routingType", members, RoutingType.allCases, \.wireName)
        policy = try Self.choice("policy", members, Policy.allCases, \.wireName)
        if members.isNull("queueLength") {
            queueLength = .cleared
        } else if let length = try members.integer("queueLength", in: 0...QueueLimits.queueLengthMax) {
            queueLength = .value(length)
        }
        logOffAllowed = try members.flag("allowAgentLogoff")
        joinable = try members.flag("allowAgentsToJoin")
        offersInWrapUp = try members.flag("allowCallsToAgentsInWrapUp")
        wrapUpS = try members.integer("wrapUpSeconds", in: 0...QueueLimits.callWrapUpMaxS)
        if try members.flag("overrideAgentWrapUpTime") == false { wrapUpS = 0 }
    }

    /// Null and an empty text clear.
    private static func given(
        _ name: StaticString, _ lengths: ClosedRange<Int>, _ members: Members
    ) throws -> Given<String> {
        if members.isNull(name) { return .cleared }
        guard let text = try members.text(name, lengths, unbroken: true) else { return .absent }
        return text.isEmpty ? .cleared : .value(text)
    }

    private static func choice<Choice>(
        _ name: StaticString, _ members: Members, _ choices: [Choice], _ word: (Choice) -> String
    ) throws -> Choice? {
        guard let text = try members.text(name) else { return nil }
        guard let choice = choices.first(where: { word($0) == text }) else {
            throw Members.wrong(name, "one of \(choices.map(word).joined(separator: ", "))")
        }
        return choice
    }
}
