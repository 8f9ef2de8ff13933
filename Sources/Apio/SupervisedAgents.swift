// Whom a supervisor looks after in a call center. Source: seed 004, lines 192-295; apio.md §3.5.
import Center
import Hummingbird
import Web

extension ApioRoutes {
    @Sendable func supervisedAgents(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let (supervisor, center) = try supervision(caller, context)
        let search = try UserSearch(try await Members(request, context))
        return try Self.supervised(by: supervisor, in: center, search, caller.directory)
    }

    @Sendable func changeSupervised(
        _ change: SupervisedChange, _ status: HTTPResponse.Status, _ request: Request, _ context: Context
    ) async throws -> Response {
        let caller = try await caller(request, context)
        let (supervisor, center) = try supervision(caller, context)
        let members = try await Members(request, context)
        let list = try members.objects("supervised_agents", max: QueueLimits.membersMax)
        guard let list, change == .replace || !list.isEmpty else {
            throw Members.missing("supervised_agents")
        }
        let userIDs = try list.map { try $0.required("userId", CenterSelection.idLengths) }
        try await floor.changeSupervised(
            userIDs, change, of: supervisor.id, in: center.id, by: caller.principal)
        let directory = try fresh(caller)
        guard let center = directory.callCenter(center.id) else {
            throw Refusal.notFound("The call center is gone.")
        }
        return try Self.supervised(by: supervisor, in: center, nil, directory, status)
    }

    /// The supervisor and the call center of the path.
    private func supervision(_ caller: Caller, _ context: Context) throws -> (Agent, CallCenter) {
        let supervisor = try caller.user(context)
        let center = try caller.callCenter(context)
        guard center.supervisors.contains(where: { $0.agent == supervisor.id }) else {
            throw Refusal.notFound("The user is no supervisor of this call center.")
        }
        return (supervisor, center)
    }

    private static func supervised(
        by supervisor: Agent, in center: CallCenter, _ search: UserSearch?, _ directory: Directory,
        _ status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let ids = center.supervisors.first { $0.agent == supervisor.id }?.agents ?? []
        let found = try (search ?? UserSearch()).found(
            among: ids.lazy.compactMap { directory.place(of: $0) }, directory)
        return Apio.answer(
            status,
            body: JSONWriter.object { document in
                document.array("supervised_agents") { list in
                    for place in found {
                        list.object { item in
                            directory.agents[place].write(to: &item, directory)
                            item.member("impId", "")
                            item.member("locationCode", "")
                        }
                    }
                }
            })
    }
}

extension Agent {
    /// The members that every list of users has.
    func write(to item: inout JSONWriter, _ directory: Directory) {
        item.member("userId", directory.userID(self))
        item.member("lastName", lastName)
        item.member("firstName", firstName)
        item.member("phoneNumber", telephony.phoneNumber)
        item.member("extension", telephony.extensionNumber)
        if let path = directory.departmentPath(of: self) {
            item.object("department") { department in
                department.member("tenantId", directory.name)
                department.member("groupId", directory.group(of: self))
                department.member("departmentName", profile.department)
                department.member("fullPathName", path)
            }
        } else {
            item.member("department", "")
        }
        item.member("emailAddress", emailAddress)
    }
}
