// What bin/bench needs to ask through APIO: somebody who signs in, and a call center to search in.

import Center

struct ApioBench {
    static let user = "supervisor@\(BenchWorkspace.name)"
    private static let password = "bench password"

    /// Whether there is a call center with every agent in it, all of them supervised.
    let hasCallCenter: Bool

    /// The token of a session that reaches every agent.
    func open(_ floor: Floor, agents: Int) async throws -> String {
        var text =
            "workspace: \(BenchWorkspace.name)\nagents:\n"
            + "  - {login_name: supervisor, admin_level: administrator, password: \(Self.password)}\n"
        if hasCallCenter {
            for agent in 1...agents {
                text +=
                    "  - {login_name: agent\(agent), first_name: First \(agent % 100), last_name: Last \(agent), "
                    + "extension: \"\(10_000 + agent)\"}\n"
            }
            let logins = (1...agents).map { "agent\($0)" }
            text += "call_centers:\n  - service_user_id: center\n    agents: ["
            text += logins.map { "{login_name: \($0)}" }.joined(separator: ", ")
            text += "]\n    supervisors: [{login_name: supervisor, agents: ["
            text += logins.joined(separator: ", ") + "]}]\n"
        }
        _ = try await floor.provision(try ProvisionFile.read(text, name: "apio.yaml"))
        return try await floor.apiSignIn(user: Self.user, password: Self.password, via: .apio).token
    }
}
