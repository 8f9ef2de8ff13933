// Who works in a group's call centers, who looks after them, and which numbers lead there. Source: apio.md §4, §7.
import Center
import Hummingbird
import Web

extension ApioRoutes {
    @Sendable func availableAgents(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let group = try caller.group(context)
        let members = try await Members(request, context)
        if let type = try members.text("type"), CallCenterType(rawValue: type) == nil {
            throw Members.wrong(
                "type", "one of \(CallCenterType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let directory = caller.directory
        let found = try UserSearch().found(among: directory.workers(ofGroup: group), directory)
        return Apio.answer(
            body: JSONWriter.object { document in
                document.array("available_agents") { list in
                    for place in found {
                        list.object {
                            $0.writeStaffed(directory.agents[place], level: 0, weight: 0, directory)
                        }
                    }
                }
            })
    }

    @Sendable func availableSupervisors(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let group = try caller.group(context)
        let search = try UserSearch(try await Members(request, context))
        let directory = caller.directory
        let users = directory.agents.indices.lazy.filter {
            directory.group(of: directory.agents[$0]) == group
        }
        return Self.users("available_supervisors", try search.found(among: users, directory), directory)
    }

    @Sendable func agents(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        _ = try await Members(request, context)
        return Self.agents(of: center, caller.directory)
    }

    @Sendable func staff(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        let members = try await Members(request, context)
        guard let list = try members.objects("agents", max: QueueLimits.membersMax) else {
            throw Members.missing("agents")
        }
        let agents = try list.map { item in
            // A GET writes 0 for an agent without a level of their own.
            let level = try item.integer("skillLevel", in: 0...QueueLimits.levelMax, orText: true)
            return StaffedAgent(
                userID: try item.required("userId", CenterSelection.idLengths), level: level,
                weight: try item.integer("weight", in: 0...QueueLimits.weightMax),
                isJoined: try item.flag("available"))
        }
        try await floor.staff(center.id, with: agents, by: caller.principal)
        return try changed(center, caller, Self.agents)
    }

    @Sendable func supervisors(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        _ = try await Members(request, context)
        return try Self.supervisors(of: center, caller.directory)
    }

    @Sendable func setSupervisors(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        let members = try await Members(request, context)
        guard let list = try members.objects("supervisors", max: QueueLimits.membersMax) else {
            throw Members.missing("supervisors")
        }
        let userIDs = try list.map { try $0.required("userId", CenterSelection.idLengths) }
        try await floor.setSupervisors(userIDs, of: center.id, by: caller.principal)
        return try changed(center, caller, Self.supervisors)
    }

    @Sendable func numbers(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        _ = try await Members(request, context)
        return Self.numbers(of: center, caller.directory)
    }

    @Sendable func setNumbers(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let center = try caller.callCenter(inGroup: caller.group(context), context)
        let members = try await Members(request, context)
        guard let list = try members.objects("dnis", max: QueueLimits.dnisMax) else {
            throw Members.missing("dnis")
        }
        let numbers = try list.map { item in
            CallCenter.DNIS(
                name: try item.required("name", DNISPriority.nameLengths),
                phoneNumber: try item.required("phoneNumber", DNISPriority.numberLengths),
                priority: try DNISPriority.read(item),
                allowOutgoing: try item.flag("allowOutgoingACDCall") ?? false)
        }
        try await floor.setNumbers(numbers, of: center.id, by: caller.principal)
        return try changed(center, caller, Self.numbers)
    }

    /// What a GET answers now.
    private func changed(
        _ center: CallCenter, _ caller: Caller, _ answer: (CallCenter, Directory) throws -> Response
    ) throws -> Response {
        let directory = try fresh(caller)
        guard let center = directory.callCenter(center.id) else {
            throw Refusal.notFound("The call center is gone.")
        }
        return try answer(center, directory)
    }

    private static func agents(of center: CallCenter, _ directory: Directory) -> Response {
        Apio.answer(
            body: JSONWriter.object { document in
                document.array("agents") { list in
                    for member in center.agents {
                        guard let agent = directory.agent(member.agent), agent.active else { continue }
                        list.object { item in
                            item.writeStaffed(agent, level: member.level, weight: member.weight, directory)
                            item.member("available", member.isJoined)
                        }
                    }
                }
            })
    }

    private static func supervisors(of center: CallCenter, _ directory: Directory) throws -> Response {
        let users = center.supervisors.compactMap { directory.place(of: $0.agent) }
        return Self.users("supervisors", try UserSearch().found(among: users, directory), directory)
    }

    private static func users(_ name: StaticString, _ places: [Int], _ directory: Directory) -> Response {
        Apio.answer(
            body: JSONWriter.object { document in
                document.array(name) { list in
                    for place in places { list.object { directory.agents[place].write(to: &$0, directory) } }
                }
            })
    }

    private static func numbers(of center: CallCenter, _ directory: Directory) -> Response {
        Apio.answer(
            body: JSONWriter.object { document in
                document.array("dnis") { list in
                    for dnis in center.dnis {
                        list.object { item in
                            item.member("name", dnis.name)
                            item.member("phoneNumber", dnis.phoneNumber)
                            item.member("priority", DNISPriority.name(dnis.priority))
                            item.member("allowOutgoingACDCall", dnis.allowOutgoing)
                        }
                    }
                }
            })
    }
}

/// How the wire writes what a number's calls are worth. Source: apio.md §5.
private enum DNISPriority {
    static let nameLengths = 1...40
    static let numberLengths = 3...16
    private static let names = ["0 - Highest", "1 - High", "2 - Medium", "3 - Low"]

    static func name(_ priority: Int64) -> String {
        names.indices.contains(Int(priority)) ? names[Int(priority)] : "\(priority)"
    }

    /// The name, or its number; highest when nothing is said.
    static func read(_ item: Members) throws -> Int64 {
        if let text = try? item.text("priority"), let place = names.firstIndex(of: text) {
            return Int64(place)
        }
        return try item.integer("priority", in: 0...QueueLimits.dnisPriorityMax, orText: true) ?? 0
    }
}

extension Directory {
    /// Who takes work in the group.
    fileprivate func workers(ofGroup group: String) -> [Int] {
        agents.indices.filter { agents[$0].adminLevel != .observer && self.group(of: agents[$0]) == group }
    }
}

extension JSONWriter {
    fileprivate mutating func writeStaffed(
        _ agent: Agent, level: Int64, weight: Int64, _ directory: Directory
    ) {
        agent.write(to: &self, directory)
        member("weight", weight)
        member("skillLevel", String(level))
    }
}
