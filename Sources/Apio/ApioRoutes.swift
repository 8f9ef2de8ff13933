// APIO's wire on one screen: which path is served by which function.
package import Center
import Hummingbird
package import Web

/// The call-center routes of Netaxis APIO, in the vendor's order; docs/vendors/apio.md lists them.
///
/// The tenant is the workspace. Paths end with a slash in the vendor's pages; without it they are the same.
package struct ApioRoutes: Sendable {
    private static let root = "/api/v1"

    let floor: Floor

    package init(floor: Floor) { self.floor = floor }

    package func add(to routes: Routes) {
        let api = routes.dialect(at: Self.root, name: .apio, fallback: Apio.miss)
        api.post("login", use: Apio.answering(login))
        api.post("logout", use: Apio.answering(logout))
        for path in ["session/user_login_info", "session/login_info"] {
            api.get(path, use: Apio.answering(loginInfo))
            api.put(path, use: Apio.answering(changeLoginInfo))
        }
        addUser(to: api)
        addGroup(to: api)
    }

    /// Answers every path with one refusal, as a server does that cannot serve now.
    package static func refuseAll(_ refusal: Refusal, on routes: Routes) {
        _ = routes.dialect(at: root, name: .apio) { _, _, _ in ApioError(refusal).response }
    }

    private func addUser(to api: Dialect) {
        let centers = "tenants/:tenant/groups/:group/users/:user/services/call_centers"
        api.on(.get, centers, quick: true, use: Apio.answering(profile))
        api.on(.put, centers, quick: true, use: Apio.answering(changeProfile))
        api.get("\(centers)/available", use: Apio.answering(available))
        api.get("\(centers)/dnis", use: Apio.answering(outgoingNumbers))
        let supervised = "\(centers)/:center/supervised_agents"
        api.get(supervised, use: Apio.answering(supervisedAgents))
        api.put(supervised, use: Apio.answering { try await changeSupervised(.replace, .ok, $0, $1) })
        api.post(supervised, use: Apio.answering { try await changeSupervised(.add, .created, $0, $1) })
        api.delete(supervised, use: Apio.answering { try await changeSupervised(.remove, .ok, $0, $1) })
    }

    private func addGroup(to api: Dialect) {
        let centers = "tenants/:tenant/groups/:group/services/call_centers"
        api.get(centers, use: Apio.answering(callCenters))
        api.post(centers, use: Apio.answering(makeCallCenter))
        api.get("\(centers)/agents/available", use: Apio.answering(availableAgents))
        api.get("\(centers)/supervisors/available", use: Apio.answering(availableSupervisors))
        let one = "\(centers)/:center"
        api.get(one, use: Apio.answering(callCenter))
        api.put(one, use: Apio.answering(changeCallCenter))
        api.delete(one, use: Apio.answering(deleteCallCenter))
        api.get("\(one)/agents", use: Apio.answering(agents))
        api.put("\(one)/agents", use: Apio.answering(staff))
        api.get("\(one)/supervisors", use: Apio.answering(supervisors))
        api.put("\(one)/supervisors", use: Apio.answering(setSupervisors))
        api.get("\(one)/dnis", use: Apio.answering(numbers))
        api.put("\(one)/dnis", use: Apio.answering(setNumbers))
    }
}
