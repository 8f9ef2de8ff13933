// switchboard explain: why an errand or a call waits or who got it, and why an agent gets nothing.

import ArgumentParser
import Center
import Foundation
import Routing
import Store

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says why an errand or a call is where it is, or why an agent gets nothing.",
        discussion:
            "'switchboard explain errand 12', 'switchboard explain item 40' (calls and chats of other systems, by "
            + "the number of their work item) or 'switchboard explain agent ana'. It only reads: a running server "
            + "is not disturbed, and none is needed.")

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case errand, item, agent
    }

    @Argument(help: "errand, item or agent.")
    var kind: Kind

    @Argument(
        help: "The number of the errand or work item, or the agent's login name; '@workspace' may follow.")
    var name: String

    @Option(help: "The workspace's name; not needed where there is one only.")
    var workspace: String?

    @Flag(help: "Prints JSON: the sentences, and a word for each cause.")
    var json = false

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let (name, workspace) = try place()
        let thing: ExplainedThing
        switch kind {
        case .agent: thing = .agent(name)
        case .errand:
            guard let number = Int64(name) else { throw Sentence("An errand is named by its number.") }
            thing = .errand(ErrandID(number))
        case .item:
            guard let number = Int64(name) else { throw Sentence("A work item is named by its number.") }
            thing = .item(WorkItemID(number))
        }
        let explanation = try await readOnly(settings) { store in
            try await store.read { try Explaining.explain(thing, workspace: workspace, $0) }
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(explanation), as: UTF8.self))
        } else {
            for sentence in explanation.sentences { print(sentence) }
        }
    }

    /// A login name may be an address itself, so the last `@` counts, and only without `--workspace`.
    private func place() throws -> (String, workspace: String?) {
        if let workspace { return (name, workspace) }
        guard let at = name.lastIndex(of: "@") else { return (name, nil) }
        return (String(name[..<at]), String(name[name.index(after: at)...]))
    }
}

/// Opens the database for reading beside whoever serves it.
func readOnly<T>(_ settings: StoreSettings, _ body: (Store) async throws -> T) async throws -> T {
    if case .sqlite(let file) = settings.location, !FileManager.default.fileExists(atPath: file) {
        throw Sentence("There is no database \(file).")
    }
    var logger = makeLogger()
    logger.logLevel = .error
    do {
        let store = try Store.open(settings.location, logger: logger)
        do {
            let result = try await body(store)
            await store.engine.shutdown()
            return result
        } catch {
            await store.engine.shutdown()
            throw error
        }
    } catch let refusal as Refusal {
        throw Sentence(refusal.message)
    } catch StoreError.unavailable(let why) {
        throw Sentence("The database (\(settings.location)) cannot be used: \(why)")
    }
}
