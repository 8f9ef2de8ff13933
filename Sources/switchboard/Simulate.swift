// switchboard simulate FILE: the router in virtual time, beside what theory says.

import ArgumentParser
import Foundation
import Simulation

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulates queues, customers and agents from a YAML file, with the router that serves.",
        discussion:
            "Prints waits, service levels and utilisation with 95 % confidence intervals, beside Erlang's formulas "
            + "where they hold. The same file and seed give the same figures again.")
    static let fileMaxBytes = 4 << 20

    @Argument(help: "The simulation file; docs/simulation.md has every key.")
    var file: String

    @Option(help: "The first run's seed; the next run has the next one. Default: the file's, else 1.")
    var seed: Int64?

    @Option(help: "How many independent runs, at least 2. Default: the file's, else 20.")
    var runs: Int64?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func run() async throws {
        var simulation = try read()
        if let runs {
            guard (2...SimulationFile.runsMax).contains(runs) else {
                throw Sentence("--runs takes a whole number from 2 to \(SimulationFile.runsMax).")
            }
            simulation.runs = runs
        }
        if let seed {
            guard (0...1_000_000_000).contains(seed) else {
                throw Sentence("--seed takes a whole number from 0 to 1000000000.")
            }
            simulation.seed = seed
        }
        if let overload = simulation.model.overload {
            throw Sentence("\(file): \(sentence(overload, in: simulation.model))")
        }
        let began = Date()
        let results = await Self.results(of: simulation)
        let report = SimulateReport(
            file: file, simulation: simulation, results: results, tookS: Date().timeIntervalSince(began))
        print(json ? try report.json : report.text, terminator: "")
    }

    private func read() throws -> SimulationFile {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Sentence("\(file) cannot be read.")
        }
        guard bytes.count <= Self.fileMaxBytes else {
            throw Sentence("\(file) is larger than \(Self.fileMaxBytes) bytes.")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Sentence("\(file) is no UTF-8 text.")
        }
        return try SimulationFile.read(text, name: file)
    }

    /// As many runs at a time as there are cores.
    static func results(of simulation: SimulationFile) async -> [RunResult] {
        let runs = Int(simulation.runs)
        let model = simulation.model
        let first = UInt64(simulation.seed)
        let progress = SimulateProgress(runs: runs)
        defer { progress.end() }
        return await withTaskGroup(of: (Int, RunResult).self) { group in
            func start(_ place: Int) {
                group.addTask {
                    let result = Simulation.run(model, seed: first + UInt64(place)) { share in
                        progress.tell(run: place, share: share)
                        return true
                    }
                    progress.tell(run: place, share: 1)
                    return (place, result)
                }
            }
            let atOnce = min(runs, max(1, ProcessInfo.processInfo.activeProcessorCount))
            for place in 0..<atOnce { start(place) }
            var next = atOnce
            var results: [RunResult?] = Array(repeating: nil, count: runs)
            for await (place, result) in group {
                results[place] = result
                if next < runs { start(next) }
                next += 1
            }
            return results.compactMap { $0 }
        }
    }
}

/// Why the queue would grow for ever, and what to change.
func sentence(_ overload: Overload, in model: Model) -> String {
    let names = overload.queues.map { "'\(model.queues[$0].name)'" }
    let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
    guard overload.capacity > 0 else {
        return "unstable: nobody may take work of \(shown), and nobody gives up waiting for it; "
            + "add agents with the queue, the skills and the capacity, or 'patience'"
    }
    return
        "unstable: the work of \(shown) is \(figure(overload.load, 2)) erlangs and the agents who may take it can "
        + "do less than \(figure(overload.capacity, 2)), so the queue would grow for ever; add agents, or "
        + "'patience', or 'waiting_max', or 'overflow'"
}
