// Settings: an option wins over the environment, the environment over the file, the file over the default.

import ArgumentParser
import Foundation
import Store
import Yams

/// Options that every subcommand has.
struct StoreOptions: ParsableArguments {
    @Option(help: "The data folder. Default: ./data")
    var data: String?

    @Option(help: "A file's path, or postgres://… Default: switchboard.sqlite in the data folder")
    var database: String?

    @Option(help: "A settings file (YAML); docs/operations.md has every key.")
    var config: String?
}

/// Where the data is.
struct StoreSettings: Sendable {
    var folder: String
    var location: Location

    init(_ options: StoreOptions, _ source: SettingsSource) throws {
        let data = source.given("data", options.data)?.text ?? "data"
        folder = URL(fileURLWithPath: data).standardizedFileURL.path
        if let database = source.given("database", options.database) {
            do {
                location = try Location.parse(database.text)
            } catch let problem as Location.Malformed {
                throw Sentence("\(database.place): \(problem.description)")
            }
        } else {
            location = .sqlite(path: folder + "/switchboard.sqlite")
        }
    }
}

/// A setting's text and where it was written, such as `--listen` or `/etc/switchboard.yaml:3:9`.
struct GivenSetting: Sendable {
    let text: String
    let place: String

    /// A problem with the text, said at its place.
    func problem(_ words: String) -> Sentence { Sentence("\(place): \(words)") }
}

/// The settings file and the environment.
struct SettingsSource {
    static let fileMaxBytes = 1 << 20
    private let file: [String: GivenSetting]
    private let environment: [String: String]

    /// - Throws: a sentence that lists each name that is no setting, with its line and column.
    init(config: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        let path = config ?? environment["SWITCHBOARD_CONFIG"]
        file = try path.map(Self.read) ?? [:]
        for name in environment.keys.sorted() where name.hasPrefix("SWITCHBOARD_") {
            let key = String(name.dropFirst("SWITCHBOARD_".count)).lowercased()
            guard Setting.isKnown(key) || key == "config" || key.hasPrefix("test_") else {
                let hint = Setting.suggestion(for: key) { "SWITCHBOARD_" + $0.uppercased() }
                throw Sentence("\(name) in the environment is no setting; \(hint)")
            }
        }
    }

    func given(_ name: String, _ option: String?) -> GivenSetting? {
        precondition(Setting.isKnown(name), "\(name) is not among the settings")
        if let option {
            return GivenSetting(text: option, place: "--" + name.replacingOccurrences(of: "_", with: "-"))
        }
        let variable = "SWITCHBOARD_" + name.uppercased()
        if let text = environment[variable] { return GivenSetting(text: text, place: variable) }
        return file[name]
    }

    private static func read(_ path: String) throws -> [String: GivenSetting] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Sentence("The settings file \(path) cannot be read.")
        }
        guard bytes.count <= fileMaxBytes, let text = String(data: bytes, encoding: .utf8) else {
            throw Sentence("The settings file \(path) is no UTF-8 text of at most \(fileMaxBytes) bytes.")
        }
        guard let node = try compose(text, path) else { return [:] }
        guard case .mapping(let mapping) = node else {
            throw Sentence("\(path):1:1: settings are written as name: value, one a line.")
        }
        var found: [String: GivenSetting] = [:]
        var problems: [String] = []
        for (key, value) in mapping {
            let place = place(key, path)
            guard let name = key.scalar?.string else {
                problems.append("\(place): a setting's name is a word.")
                continue
            }
            guard Setting.isKnown(name) else {
                problems.append("\(place): \(name) is no setting; \(Setting.suggestion(for: name) { $0 })")
                continue
            }
            guard let text = self.text(value) else {
                problems.append("\(Self.place(value, path)): \(name) needs a text.")
                continue
            }
            found[name] = GivenSetting(text: text, place: Self.place(value, path))
        }
        guard problems.isEmpty else { throw Sentence(problems.joined(separator: "\n")) }
        return found
    }

    /// A text, or a list of texts joined by commas; nil for anything else, an empty value included.
    private static func text(_ value: Node) -> String? {
        if let list = value.sequence {
            let texts = list.compactMap { $0.scalar?.string }
            return texts.count == list.count ? texts.joined(separator: ",") : nil
        }
        guard let text = value.scalar?.string, !text.isEmpty else { return nil }
        return text
    }

    /// Never quotes the file: what stands there may be a password.
    private static func compose(_ text: String, _ path: String) throws -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw Sentence("\(path):\(mark.line):\(mark.column): this is no YAML: \(problem).")
            case .duplicatedKeysInMapping(let keys, let context):
                let names = keys.sorted().joined(separator: ", ")
                throw Sentence(
                    "\(path):\(context.mark.line):\(context.mark.column): \(names) is set more than once.")
            default:
                throw Sentence("\(path) is no YAML.")
            }
        } catch {
            throw Sentence("\(path) is no YAML.")
        }
    }

    private static func place(_ node: Node, _ path: String) -> String {
        "\(path):\(node.mark?.line ?? 1):\(node.mark?.column ?? 1)"
    }
}
