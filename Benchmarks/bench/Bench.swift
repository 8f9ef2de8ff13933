// The measured programs of bin/bench: the router alone, a server with switches, a maker of data sets.

import ArgumentParser

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "What bin/bench runs; prints JSON lines.",
        subcommands: [RouterBench.self, SoakRouter.self, ServerBench.self, MakeBench.self])
}
