// Settings: an option wins over the environment, the environment over the file, the file over the default.

import ArgumentParser
import Foundation
import Store
import Web
import Yams

/// Options that every subcommand has.
struct StoreOptions: ParsableArguments {
    @Option(help: "The data folder. Default: ./data")
    var data: String?

    @Option(help: "A file's path, or postgres://… Default: switchboard.sqlite in the data folder")
    var database: String?

    @Option(help: "A settings file (YAML): listen, data, database, public_url, trusted_proxies.")
    var config: String?
}

/// Where the data is.
struct StoreSettings: Sendable {
    var folder: String
    var location: Location

    init(_ options: StoreOptions, _ source: SettingsSource) throws {
        let data = source.value("data", options.data) ?? "data"
        folder = URL(fileURLWithPath: data).standardizedFileURL.path
        if let database = source.value("database", options.database) {
            location = try Location.parse(database)
        } else {
            location = .sqlite(path: folder + "/switchboard.sqlite")
        }
    }
}

/// The settings file and the environment.
struct SettingsSource {
    static let keys = ["listen", "data", "database", "public_url", "trusted_proxies"]
    static let fileMaxBytes = 1 << 20
    private let file: [String: String]
    private let environment: [String: String]

    init(config: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        let path = config ?? environment["SWITCHBOARD_CONFIG"]
        file = try path.map(Self.read) ?? [:]
        for name in environment.keys.sorted() where name.hasPrefix("SWITCHBOARD_") {
            let key = String(name.dropFirst("SWITCHBOARD_".count)).lowercased()
            guard Self.keys.contains(key) || key == "config" || key.hasPrefix("test_") else {
                throw Sentence("\(name) is no setting; there are SWITCHBOARD_\(Self.list(upper: true)).")
            }
        }
    }

    func value(_ key: String, _ option: String?) -> String? {
        option ?? environment["SWITCHBOARD_" + key.uppercased()] ?? file[key]
    }

    private static func read(_ path: String) throws -> [String: String] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Sentence("The settings file \(path) cannot be read.")
        }
        guard bytes.count <= fileMaxBytes, let text = String(data: bytes, encoding: .utf8) else {
            throw Sentence("The settings file \(path) is no UTF-8 text of at most \(fileMaxBytes) bytes.")
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw Sentence("The settings file \(path) is no YAML: \(error)")
        }
        guard let node else { return [:] }
        guard case .mapping(let mapping) = node else {
            throw Sentence("\(path):1:1: settings are written as key: value.")
        }
        var found: [String: String] = [:]
        for (key, value) in mapping {
            let place = "\(path):\(key.mark?.line ?? 1):\(key.mark?.column ?? 1)"
            guard let name = key.string, keys.contains(name) else {
                throw Sentence(
                    "\(place): \(key.string ?? "this") is no setting; there are \(list(upper: false)).")
            }
            if let text = value.scalar?.string {
                found[name] = text
            } else if let list = value.sequence {
                found[name] = list.compactMap { $0.scalar?.string }.joined(separator: ",")
            } else {
                throw Sentence("\(place): \(name) needs a text.")
            }
        }
        return found
    }

    private static func list(upper: Bool) -> String {
        keys.map { upper ? $0.uppercased() : $0 }.joined(separator: upper ? ", SWITCHBOARD_" : ", ")
    }
}
