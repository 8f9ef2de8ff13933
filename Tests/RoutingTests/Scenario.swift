// Text scenarios: what happens on the left, what the router must say to it in lines that begin with ">".

import Foundation
import Routing
import Testing

/// One file of `Scenarios/`; the README there lists the words.
struct Scenario: CustomTestStringConvertible {
    struct Step {
        var line: Int
        var text: String
        var at: Int64
        var words: [String]
        var expected: [String] = []
    }

    struct Malformed: Error { let why: String }

    var file: String
    var title = ""
    var steps: [Step] = []

    var testDescription: String { "\(file): \(title)" }

    static var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Scenarios")
    }

    static func all() throws -> [Scenario] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "scenario" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { try Scenario(file: $0.lastPathComponent, text: String(contentsOf: $0, encoding: .utf8)) }
    }

    init(file: String, text: String) throws {
        self.file = file
        for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var words = text.split(separator: " ").map(String.init)
            if words.isEmpty { continue }
            if words[0] == "#" {
                if title.isEmpty { title = words.dropFirst().joined(separator: " ") }
            } else if words[0] == ">" {
                guard !steps.isEmpty else {
                    throw Malformed(why: "\(file):\(index + 1): expects before anything happened")
                }
                steps[steps.count - 1].expected.append(words.dropFirst().joined(separator: " "))
            } else {
                let at = try Self.clock(words.removeFirst())
                steps.append(Step(line: index + 1, text: String(text), at: at, words: words))
            }
        }
        if title.isEmpty || !steps.contains(where: { !$0.expected.isEmpty }) {
            throw Malformed(why: "\(file): no title, or nothing expected")
        }
    }

    static func clock(_ text: String) throws -> Int64 {
        let parts = text.split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 3 else { throw Malformed(why: "no time of day: \(text)") }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000
    }

    /// The scenario as it went, with what was missing and what was too much; nil when all was well.
    func difference() throws -> String? {
        var stage = Stage()
        var lines: [String] = []
        var isRight = true
        for step in steps {
            let told = try stage.perform(step.words, at: step.at)
            lines.append("  " + step.text)
            if told == step.expected {
                lines += told.map { "            > \($0)" }
            } else {
                isRight = false
                lines += step.expected.map { "  expected  > \($0)" }
                lines += told.map { "  but got   > \($0)" }
                if told.isEmpty { lines.append("  but got nothing") }
            }
            lines += stage.router.audit().map { violation in
                isRight = false
                return "  BROKEN      \(violation.invariant): \(violation.what)"
            }
        }
        return isRight ? nil : lines.joined(separator: "\n")
    }
}
