// switchboard erase: overwrites what tells of a customer, through the running server or beside it.

import ArgumentParser
import Center
import Foundation

struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erases a customer: name, addresses, texts and files; prints what was overwritten as JSON.",
        discussion: "Open errands of the customer are closed. Counts and reports stay. It cannot be undone.")

    @Option(help: "One of the customer's addresses; all other addresses of the same contact go with it.")
    var contact: String

    @Option(help: "The workspace's name.")
    var workspace: String

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let order = ErasureOrder(workspace: workspace, address: contact)
        if let (status, text) = try await askRunningServer("erase", order, settings) {
            print(try answered(status, text), terminator: "")
        } else {
            print(try await withFloor(settings) { try await order.carryOut(on: $0) }, terminator: "")
        }
    }
}

/// Whom to erase, as the control socket carries it.
struct ErasureOrder: Codable, Sendable {
    var workspace: String
    var address: String

    /// What was overwritten, as JSON.
    func carryOut(on floor: Floor) async throws -> String {
        guard let directory = floor.roster.workspace(named: workspace.lowercased()) else {
            throw Refusal.notFound("There is no workspace '\(workspace)' here.")
        }
        let person = Principal(workspace: directory.workspace, actor: .operator, via: .system)
        let erased = try await floor.eraseContact(address: address, by: person)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(erased), as: UTF8.self) + "\n"
    }
}
