// What `switchboard simulate` prints, from a file to the figures.

import Foundation
import Simulation
import Testing

@testable import switchboard

private let oneQueue = """
    name: Small
    runs: 4
    seed: 11
    warm_up_s: 36000
    length_s: 360000
    queues:
      - name: Calls
    arrivals:
      - {queue: Calls, per_hour: 60, handling: {exponential_s: 60}, patience: {exponential_s: 30}}
    agents:
      - name: pair
        count: 2
    """

private func simulated(_ text: String) async throws -> SimulateReport {
    let simulation = try SimulationFile.read(text, name: "s.yaml")
    let results = await Simulate.results(of: simulation)
    return SimulateReport(file: "s.yaml", simulation: simulation, results: results, tookS: 0)
}

@Suite struct SimulateReportTests {
    @Test func `figures stand beside the exact ones with their z`() async throws {
        let report = try await simulated(oneQueue)
        #expect(report.exact == "Erlang A")
        #expect(report.unfinished == 0)
        let exact = try #require(ErlangA(perMs: 1 / 60e3, handlingMs: 60e3, agents: 2, patienceMs: 30e3))
        let abandoned = try #require(report.queues[0].figures["abandoned"])
        #expect(abandoned.exact == exact.abandoned)
        #expect(abs(abandoned.mean - exact.abandoned) < 0.02)
        let half = try #require(abandoned.half_width)
        let z = try #require(abandoned.z)
        // Student's t of three degrees of freedom for 95 % is 3.182.
        #expect(abs(z * half / 3.182446 - (abandoned.mean - exact.abandoned)) < 1e-6)
        let lines = report.text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "Small")
        #expect(lines[1].hasPrefix("4 runs of 100 h after a warm-up of 10 h, seeds 11 to 14; "))
        for label in [
            "P(W>0)", "(ASA)", "Abandoned", "T / offered ", "T / answered", "Longest queue", "pair",
        ] {
            #expect(lines.contains { $0.contains(label) }, "\(label)")
        }
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(json["first_seed"] as? Int == 11)
        #expect((json["queues"] as? [[String: Any]])?.count == 1)
    }

    @Test func `runs in any order give the same report`() async throws {
        let first = try await simulated(oneQueue).json
        let second = try await simulated(oneQueue).json
        #expect(first == second)
    }

    @Test func `nobody arrives and nobody answers are reports too`() async throws {
        let empty = oneQueue.replacingOccurrences(of: "per_hour: 60", with: "per_hour: 0.0001")
        let quiet = try await simulated(empty)
        #expect(quiet.queues[0].figures["asa_ms"] == nil)
        #expect(quiet.text.contains("Calls: 0.0 offered a run"))
        let slow = try await simulated(oneQueue + "\n    accept: {fixed_s: 60}")
        #expect(slow.queues[0].figures["abandoned"]?.mean == 1)
        let nobody = try await simulated(oneQueue.replacingOccurrences(of: "count: 2", with: "count: 0"))
        #expect(nobody.queues[0].figures["abandoned"]?.mean == 1)
    }

    @Test func `a queue that grows is told`() async throws {
        // Patient enough to wait for weeks: no sum shows that it grows.
        let growing = oneQueue.replacingOccurrences(of: "exponential_s: 30", with: "exponential_s: 2600000")
            .replacingOccurrences(of: "per_hour: 60", with: "per_hour: 180")
        let report = try await simulated(growing)
        // 180 come and 120 go in each of 100 hours.
        #expect(abs(try #require(report.queues[0].growth) - 6_000) < 900)
        #expect(report.text.contains("UNSTABLE: in 'Calls' "))
        #expect(report.unfinished == 0)
        let starving = growing.replacingOccurrences(of: "per_hour: 180", with: "per_hour: 600")
        let worse = try await simulated(starving)
        #expect(worse.unfinished > 0)
        #expect(worse.text.contains("customers still waited when their run ended"))
    }

    @Test func `a queue that has settled is not called unstable`() async throws {
        let report = try await simulated(oneQueue)
        #expect(report.queues[0].growth == nil)
        #expect(!report.text.contains("UNSTABLE"))
    }

    @Test func `too much work is told in words`() throws {
        let text = oneQueue.replacingOccurrences(of: ", patience: {exponential_s: 30}", with: "")
            .replacingOccurrences(of: "per_hour: 60", with: "per_hour: 120")
        let model = try SimulationFile.read(text, name: "s.yaml").model
        let overload = try #require(model.overload)
        #expect(
            sentence(overload, in: model)
                == "unstable: the work of 'Calls' is 2.00 erlangs and the agents who may take it can do less than "
                + "2.00, so the queue would grow for ever; add agents, or 'patience', or 'waiting_max', or 'overflow'"
        )
        let nobody = try SimulationFile.read(
            text.replacingOccurrences(of: "count: 2", with: "count: 0"), name: "s"
        )
        .model
        #expect(
            sentence(try #require(nobody.overload), in: nobody)
                == "unstable: nobody may take work of 'Calls', and nobody gives up waiting for it; add agents with "
                + "the queue, the skills and the capacity, or 'patience'")
    }
}
