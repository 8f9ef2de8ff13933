// The simulation file: what is read, and what a wrong one is told.

import Center
import Foundation
import Routing
import Simulation
import Testing

@testable import switchboard

private let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
    try String(contentsOf: project.appending(path: path), encoding: .utf8)
}

private func refusal(of text: String) -> String? {
    do {
        _ = try SimulationFile.read(text, name: "f.yaml")
        return nil
    } catch {
        return error.description
    }
}

/// A file that reads, with one line replaced.
private func file(_ line: String, by other: String) -> String {
    let good = """
        queues:
          - name: Calls
        arrivals:
          - queue: Calls
            per_hour: 100
            handling: {exponential_s: 180}
        agents:
          - count: 6
        """
    precondition(good.contains(line))
    return good.replacingOccurrences(of: line, with: other)
}

@Suite struct SimulationFileTests {
    @Test func `the examples read and are stable`() throws {
        let folder = project.appending(path: "examples/simulations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        #expect(files.count >= 4)
        for name in files {
            let simulation = try SimulationFile.read(try text("examples/simulations/\(name)"), name: name)
            #expect(simulation.model.overload == nil, "\(name)")
        }
        let intervals = try StaffInterval.read(try text("examples/simulations/day.csv"), name: "day.csv")
        #expect(intervals.count == 12)
        #expect(intervals[0].start == "08:00" && intervals[0].calls == 42)
    }

    @Test func `every value lands where it belongs`() throws {
        let read = try SimulationFile.read(try text("examples/simulations/support.yaml"), name: "s")
        let model = read.model
        #expect(read.name == "Support, an ordinary morning")
        #expect(model.withinMs == 30_000 && model.warmUpMs == 7_200_000 && model.lengthMs == 14_400_000)
        #expect(model.queues.map(\.settings.priority) == [3, 1, 5])
        #expect(model.queues[0].waitingMax == 40 && model.queues[0].settings.wrapUpMs == 25_000)
        #expect(model.arrivals[3].channel == .chat && model.arrivals[3].queue == 2)
        #expect(
            model.arrivals[0].handling
                == .sum([
                    .lognormal(meanMs: 200_000, deviationMs: 150_000), .exponential(meanMs: 20_000),
                ]))
        // Skills are numbered as agents name them: swedish, billing.
        #expect(model.arrivals[1].desiredSkills == [SkillID(1)])
        #expect(model.arrivals[2].requiredSkills == [SkillID(2)])
        #expect(
            model.agents[2].settings.skills
                == [AgentSkill(skill: SkillID(1), level: 5), AgentSkill(skill: SkillID(2))])
        #expect(model.agents[3].settings.capacity.chat == 3 && model.agents[3].settings.capacity.call == 1)
        #expect(model.agents[0].unansweredShare == 0.01 && model.agents[0].backAfterMs == 120_000)
    }

    @Test(
        arguments: [
            ("queues", "qeues", "f.yaml:1:1: unknown key 'qeues'; did you mean 'queues'?"),
            ("queue: Calls", "queue: Cals", "f.yaml:4:12: unknown queue 'Cals'; did you mean 'Calls'?"),
            (
                "per_hour: 100", "per_hour: many",
                "f.yaml:5:15: expected a number from 0 to 1800000, not 'many'"
            ),
            ("per_hour: 100", "per_hour: 1e2", "f.yaml:5:15: expected a number from 0 to 1800000, not '1e2'"),
            ("per_hour: 100", "per_hour: -1", "f.yaml:5:15: expected a number from 0 to 1800000, not '-1'"),
            (
                "per_hour: 100", "per_hour: 0",
                "f.yaml:4:3: nothing arrives: give one of them a 'per_hour' above 0"
            ),
            (
                "{exponential_s: 180}", "180",
                "f.yaml:6:15: expected a time such as {exponential_s: 240}, or a list of them, not '180'"
            ),
            (
                "{exponential_s: 180}", "{exponential_s: 180, fixed_s: 3}",
                "f.yaml:6:15: a time has one of the keys fixed_s, exponential_s and lognormal_s"
            ),
            (
                "{exponential_s: 180}", "{lognormal_s: 180}",
                "f.yaml:6:15: the key 'deviation_s' is missing: a time needs it"
            ),
            (
                "{exponential_s: 180}", "{fixed_s: 180, deviation_s: 3}",
                "f.yaml:6:43: 'deviation_s' belongs to 'lognormal_s'"
            ),
            (
                "{exponential_s: 180}", "[]",
                "f.yaml:6:15: expected at least one time, such as {exponential_s: 240}, not a list"
            ),
            (
                "{exponential_s: 180}", "{exponential_s: 180}\n    patience: long",
                "f.yaml:7:15: expected never, or a time such as {exponential_s: 180}, not 'long'"
            ),
            (
                "{exponential_s: 180}", "{exponential_s: 180}\n    required_skills: [latin]",
                "f.yaml:7:23: unknown skill 'latin'; no agent has it"
            ),
            (
                "count: 6", "count: 60000\n  - count: 60000",
                "f.yaml:8:3: 120000 agents together; at most 100000 can be simulated"
            ),
            (
                "count: 6", "count: 6\n    no_answer_percent: 101",
                "f.yaml:9:24: expected a number from 0 to 100, not '101'"
            ),
            ("- name: Calls", "- name: Calls\n  - name: Calls", "f.yaml:3:11: 'Calls' is already on line 2"),
            ("queues:", "runs: 1\nqueues:", "f.yaml:1:7: expected a whole number from 2 to 10000, not '1'"),
            (
                "queues:", "runs: 10000\nlength_s: 31536000\nqueues:",
                "f.yaml:1:1: more than a billion customers in all runs together: make 'runs' or 'length_s' smaller"
            ),
        ] as [(String, String, String)])
    func `a wrong file is told where and why`(line: String, other: String, reason: String) {
        #expect(refusal(of: file(line, by: other)) == reason)
    }

    /// Two queues, the first of which overflows; `queues` of the agents follow `count`.
    private static func floor(_ first: String, _ second: String = "", agents: String = "") -> String {
        """
        queues:
          - name: A
            \(first)
          - name: B
            \(second)
        arrivals:
          - {queue: A, per_hour: 60, handling: {fixed_s: 60}, patience: {fixed_s: 60}}
        agents:
          - count: 6
            \(agents)
        """
    }

    @Test(
        arguments: [
            (floor("overflow: {size: 3}"), "f.yaml:3:15: the key 'action' is missing: an overflow needs it"),
            (
                floor("overflow: {action: busy}"),
                "f.yaml:3:15: an overflow has one of the keys size, wait_s and estimated_wait_s, or more"
            ),
            (
                floor("overflow: {size: 3, action: ringing}"),
                "f.yaml:3:33: expected busy or {queue: NAME}, not 'ringing'"
            ),
            (
                floor("overflow: {size: 3, action: {queue: C}}"),
                "f.yaml:3:41: unknown queue 'C'"
            ),
            (
                floor("overflow: {size: 3, action: {queue: A}}"),
                "f.yaml:3:41: 'A' would overflow to itself: name another queue, or busy"
            ),
            (
                floor(
                    "overflow: {size: 3, action: {queue: B}}", "overflow: {wait_s: 9, action: {queue: A}}"),
                "f.yaml:2:5: overflow goes round in a ring, from 'A' to 'B' to 'A'"
            ),
            (
                floor("", agents: "queues: [{name: A, weight: 10}]"),
                "f.yaml:10:24: 'weight' counts under the policy weighted only, and 'A' has longest_idle"
            ),
            (
                floor("policy: weighted", agents: "queues: [{name: A, weight: 20}]"),
                "f.yaml:10:32: the weights of 'A' come to 120 with these agents; at most 100 together"
            ),
            (
                floor("", agents: "queues: [{name: A, level: 2}]"),
                "f.yaml:10:24: 'level' counts where the routing type is skill_based only, and 'A' is priority_based"
            ),
            (
                floor("routing_type: skill_based", agents: "queues: [{name: A, level: 21}]"),
                "f.yaml:10:31: expected a whole number from 1 to 20, not '21'"
            ),
            (
                floor("", agents: "queues: [A, {name: A}]"),
                "f.yaml:10:24: 'A' is already on line 10"
            ),
        ])
    func `what contradicts itself is refused`(text: String, reason: String) {
        #expect(refusal(of: text) == reason)
    }

    @Test func `waiting_max and overflow are one too many`() {
        let text = Self.floor("overflow: {size: 3, action: busy}").replacingOccurrences(
            of: "- name: A", with: "- name: A\n    waiting_max: 3")
        #expect(
            refusal(of: text)
                == "f.yaml:4:5: 'waiting_max' is an overflow by size to the busy tone: leave it out beside 'overflow'"
        )
    }

    @Test func `overflow, weights and levels land where they belong`() throws {
        let model = try SimulationFile.read(try text("examples/simulations/overflow.yaml"), name: "o").model
        #expect(
            model.queues[0].settings.overflow
                == Overflow(
                    size: 12, waitMs: 90_000, estimatedWaitMs: 240_000,
                    action: .queue(QueueModel.id(1), keepWait: true)))
        #expect(model.queues[1].settings.policy == .weighted)
        #expect(
            model.agents.map(\.memberships) == [
                [.init(queue: 0, level: 1)], [.init(queue: 0, level: 5), .init(queue: 1, weight: 10)],
                [.init(queue: 1, weight: 20)],
            ])
    }

    @Test func `an empty file and good ones`() {
        #expect(refusal(of: "") == "f.yaml:1:1: the file is empty: 'queues' is missing")
        #expect(refusal(of: file("queues:", by: "queues:")) == nil)
        #expect(refusal(of: file("{exponential_s: 180}", by: "{fixed_s: 0.5}\n    patience: never")) == nil)
    }

    @Test func `every key is documented and the documented examples read`() throws {
        let docs = try text("docs/simulation.md")
        let keys =
            SimulationFile.keys + QueueModel.keys + ArrivalModel.keys + AgentModel.keys + Distribution.keys
            + Overflow.keys + Overflow.actionKeys + AgentModel.membershipKeys
        for key in Set(keys) { #expect(docs.contains("`\(key)`"), "\(key)") }
        let pieces = docs.components(separatedBy: "```yaml\n").dropFirst()
        #expect(!pieces.isEmpty)
        for piece in pieces {
            let example = piece.components(separatedBy: "```")[0]
            #expect(throws: Never.self, "\(example)") { try SimulationFile.read(example, name: "docs") }
        }
    }
}

@Suite struct StaffCommandTests {
    private func sentence(_ arguments: String) -> String? {
        do {
            try Staff.parse(arguments.split(separator: " ").map(String.init)).run()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        arguments: [
            ("--handling 240", "Give one target: --target 80/20, --asa 30, or --abandonment 5."),
            (
                "--handling 240 --target 80/20 --asa 3",
                "Give one target: --target 80/20, --asa 30, or --abandonment 5."
            ),
            (
                "--handling 240 --target 80/20",
                "Say how many calls arrive, with --calls-per-hour 360 or --intervals FILE."
            ),
            (
                "--handling 240 --target 100/20 --calls-per-hour 9",
                "--target takes percent/seconds such as 80/20: above 0 and under 100 percent, up to 86400 seconds."
            ),
            (
                "--handling 240 --target 80 --calls-per-hour 9",
                "--target takes percent/seconds such as 80/20: above 0 and under 100 percent, up to 86400 seconds."
            ),
            (
                "--handling 0 --target 80/20 --calls-per-hour 9",
                "--handling takes seconds above 0, up to 1000000, such as 240."
            ),
            (
                "--handling 240 --abandonment 3 --calls-per-hour 9",
                "--abandonment needs --patience: without it nobody gives up."
            ),
            (
                "--handling 240 --target 80/20 --shrinkage 1 --calls-per-hour 9",
                "--shrinkage takes a share from 0, under 0.95, such as 0.3."
            ),
            (
                "--handling 240 --target 80/20 --formula 5 --calls-per-hour 9",
                "--formula takes 1, 2, 3 or 4; switchboard staff --help says what they are."
            ),
            (
                "--handling 1000000 --target 80/20 --calls-per-hour 10000000",
                "More than 1000000 agents would be needed: check --calls-per-hour and --handling, or ask for less."
            ),
            (
                "--handling 240 --target 80/20 --intervals /nonexistent/day.csv",
                "/nonexistent/day.csv cannot be read as UTF-8 text."
            ),
        ] as [(String, String)])
    func `bad input is told what to change`(arguments: String, expected: String) {
        let told = sentence(arguments)
        #expect(told == expected)
    }

    @Test func `the answer and its neighbours are printed`() throws {
        let staff = try Staff.parse([
            "--calls-per-hour", "360", "--handling", "240", "--target", "80/20", "--shrinkage", "0.3",
        ])
        let order = try StaffOrder(staff)
        let report = order.text(try order.figures(callsPerHour: 360))
        #expect(report.contains("29 agents: at least 80.0 % by answered in T / offered, T = 20 s."))
        #expect(report.contains("On the schedule, with 30.0 % of the time lost: 42."))
        #expect(report.contains("       28    33.3 %     20.0 s   76.1 %     85.7 %"))
        #expect(report.contains("→ 29"))
    }

    @Test func `the same figures come as JSON`() throws {
        let order = try StaffOrder(
            try Staff.parse([
                "--calls-per-hour", "360", "--handling", "240", "--target", "80/20", "--patience", "180",
            ]))
        let figures = try order.figures(callsPerHour: 360)
        let told = try #require(
            try JSONSerialization.jsonObject(with: Data(jsonText(figures).utf8)) as? [String: Any])
        #expect(told["agents"] as? Int == figures.agents && told["erlangs"] as? Double == 24)
        let outcomes = try #require(told["outcomes"] as? [[String: Any]])
        #expect(outcomes.map { $0["agents"] as? Int } == (-2...2).map { figures.agents + $0 })
        let levels = try #require(outcomes[2]["service_levels"] as? [Double])
        #expect(levels.count == 4 && levels[0] >= 0.8 && levels == levels.sorted())
        let day = try order.figures(on: try StaffInterval.read("08:00,90\n08:15,0\n", name: "d"))
        #expect(day.intervals.map(\.agents) == [figures.agents, 0] && day.intervals[1].outcome == nil)
        // A load that nobody could carry is said, not left out.
        let few = try StaffOrder(
            try Staff.parse(["--calls-per-hour", "360", "--handling", "240", "--asa", "3000"]))
        let grown = try few.figures(callsPerHour: 360).outcomes
        #expect(grown.first?.grows == true && grown.first?.delayed == nil)
    }

    @Test func `intervals are read line by line`() throws {
        let read = try StaffInterval.read("start,calls,aht\n08:00, 90\n\n08:15,12.5,300 # rain\n", name: "d")
        #expect(read.map(\.calls) == [90, 12.5])
        #expect(read.map(\.handlingS) == [nil, 300])
        for (text, expected) in [
            ("08:00", "d:1: expected start,calls or start,calls,handling such as 08:00,90,240."),
            ("08:00,9\n08:15,x", "d:2: expected start,calls or start,calls,handling such as 08:00,90,240."),
            ("08:00,9,0", "d:1: expected the handling in seconds above 0, such as 240."),
            ("# none\n", "d has no intervals: a line each, such as 08:00,90."),
        ] {
            var told = ""
            do { _ = try StaffInterval.read(text, name: "d") } catch { told = "\(error)" }
            #expect(told == expected)
        }
    }
}
