// The workspace that benchmarks run in, made by provisioning like any other.

import Center
import Foundation
import Logging
import Store

enum BenchWorkspace {
    static let name = "bench"

    /// Opens the database and makes the workspace when it is not there; only then there are tokens, one an area, and
    /// what opens the other doors, by door.
    static func open(
        store: Store, folder: String, agents: Int, areas: Int, tokens: Int = 1, administrator: Bool = false,
        batchMax: Int? = nil, apio: ApioBench? = nil, library: LibraryBench? = nil
    ) async throws -> (floor: Floor, tokens: [String], doors: [String: String]) {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let floor = try Floor(
            store: store, folder: folder, batchMax: batchMax ?? Floor.batchMax, logger: logger
        ) { why in fatalError(why) }
        guard floor.roster.workspace(named: name) == nil else { return (floor, [], [:]) }
        let plan = try ProvisionFile.read(
            document(agents: agents, areas: areas, tokens: tokens, administrator: administrator),
            name: "bench.yaml")
        let result = try await floor.provision(plan)
        var doors = [
            "tenios": result.teniosAccessKeys["bench"] ?? "", "neutral": result.accessTokens["acd"] ?? "",
            "cention": result.accessTokens["cention"] ?? "",
        ]
        if let token = try await library?.open(floor) { doors["library"] = token }
        if let apio { doors["apio"] = try await apio.open(floor, agents: agents) }
        return (floor, (1...tokens).compactMap { result.accessTokens["bench \($0)"] }, doors)
    }

    private static func document(agents: Int, areas: Int, tokens: Int, administrator: Bool) -> String {
        var text = "workspace: \(name)\ncallback_networks: [127.0.0.0/8]\nareas:\n"
        for area in 1...areas { text += "  - {name: area \(area)}\n" }
        text += "agents:\n"
        for agent in 1...agents {
            text +=
                "  - {login_name: agent\(agent), user_name: Agent \(agent), email_address: a\(agent)@bench.example.com, "
                + "admin_level: \(administrator && agent == 1 ? "administrator" : "agent")}\n"
        }
        text += "agent_groups:\n"
        for area in 1...areas {
            let members = stride(from: area, through: agents, by: areas).map { "agent\($0)" }
            text +=
                "  - {name: group \(area), areas: [area \(area)], agents: [\(members.joined(separator: ", "))]}\n"
        }
        text += "tenios_access_keys: [{name: bench}]\nexports: [{name: all}]\naccess_tokens:\n"
        text += "  - {name: acd, key: acd, claims: [acd]}\n"
        text += "  - {name: cention, key: cention, claims: [errand_data, contacts, library, export]}\n"
        for token in 1...tokens {
            text +=
                "  - {name: bench \(token), key: bench \(token), claims: [create_errand, attachments], channel: form, "
            text += "area: area \(token)}\n"
        }
        return text
    }
}
