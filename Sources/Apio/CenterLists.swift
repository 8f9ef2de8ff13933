// What a user may choose among: call centers to be assigned to, and numbers to show. Source: seed 004, lines 113-191.
import Center
import Hummingbird
import Web

extension ApioRoutes {
    @Sendable func available(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let user = try caller.user(context)
        return try Self.available(to: user, try await Members(request, context), caller.directory)
    }

    @Sendable func outgoingNumbers(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let user = try caller.user(context)
        _ = try await Members(request, context)
        return Self.outgoingNumbers(of: user, caller.directory)
    }

    static func available(
        to user: Agent, _ members: Members, _ directory: Directory
    ) throws -> Response {
        let selection = try CenterSelection(members, directory)
        return Apio.answer(
            body: JSONWriter.object { document in
                document.array("call_centers") { list in
                    for center in directory.callCenters(openTo: user) where selection.takes(center) {
                        list.object { item in
                            if selection.namesCenters { item.member("name", center.name) }
                            item.member("serviceUserId", center.serviceUserID)
                        }
                    }
                }
            })
    }

    static func outgoingNumbers(of user: Agent, _ directory: Directory) -> Response {
        Apio.answer(
            body: JSONWriter.object { document in
                document.array("call_centers_dnis") { list in
                    for (center, dnis) in directory.outgoingNumbers(of: user) {
                        list.object { item in
                            item.member("serviceUserId", center.serviceUserID)
                            item.member("name", dnis.name)
                        }
                    }
                }
            })
    }
}
