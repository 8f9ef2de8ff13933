// The command line: subcommands and nothing else.

import ArgumentParser

@main
struct Switchboard: AsyncParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "switchboard", abstract: "A self-hosted contact center.", version: version,
        subcommands: [
            Serve.self, Provision.self, Simulate.self, Staff.self, Backup.self, Erase.self, ForgetKey.self,
            Explain.self, ReplayCommand.self,
        ])
}

/// A sentence for the person at the command line; exit status 1.
struct Sentence: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
