// switchboard provision FILE: a workspace from a file, through the running server or beside it.

import ArgumentParser
import Center
import Foundation

struct Provision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes or changes a workspace from a YAML file; prints ids and new secrets as JSON.")
    static let fileMaxBytes = 4 << 20

    @Argument(help: "The provisioning file; docs/provisioning.md has every key.")
    var file: String

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let plan = try read()
        let result: String
        if let answer = try await askServer(plan, settings) {
            result = answer
        } else {
            result = try await withFloor(settings) { try await $0.provision(plan).json }
        }
        print(result, terminator: "")
    }

    /// The plan with the files that it names.
    private func read() throws -> ProvisionPlan {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Sentence("\(file) cannot be read.")
        }
        guard bytes.count <= Self.fileMaxBytes else {
            throw Sentence("\(file) is larger than \(Self.fileMaxBytes) bytes.")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Sentence("\(file) is no UTF-8 text.")
        }
        var plan = try ProvisionFile.read(text, name: file)
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        for path in plan.referencedFiles {
            let url = URL(fileURLWithPath: path.value, relativeTo: folder)
            guard let content = FileManager.default.contents(atPath: url.path) else {
                throw plan.problem(at: path.position, "the file '\(path.value)' cannot be read")
            }
            try plan.attach([UInt8](content), for: path)
        }
        return plan
    }

    private func askServer(_ plan: ProvisionPlan, _ settings: StoreSettings) async throws -> String? {
        guard let (status, text) = try await askRunningServer("provision", plan, settings) else { return nil }
        guard status != .unprocessableContent else {
            throw try JSONDecoder().decode(ProvisionProblem.self, from: Data(text.utf8))
        }
        return try answered(status, text)
    }
}
