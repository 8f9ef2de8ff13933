// Mutations of the demo file: whatever comes, it is read or refused in one line, and nothing crashes.

import Foundation
import SeededRandom
import Testing

@testable import Center

@Suite struct ProvisionFuzzTests {
    private static let rounds = 2_000

    @Test(arguments: [1, 2] as [UInt64])
    func mutatedDemoIsReadOrRefused(seed: UInt64) throws {
        let demo = Array(try projectText("examples/demo.yaml").utf8)
        var random = Mutations(seed: seed)
        var read = 0
        var refused = 0
        for round in 0..<Self.rounds {
            let text = String(decoding: random.mutated(demo), as: UTF8.self)
            do {
                let plan = try ProvisionFile.read(text, name: "t.yaml")
                if read % 20 == 0 {
                    let json = try JSONEncoder().encode(plan)
                    #expect(try JSONDecoder().decode(ProvisionPlan.self, from: json) == plan)
                }
                read += 1
            } catch let problem as ProvisionProblem {
                refused += 1
                #expect(problem.line >= 1 && problem.column >= 1, "seed \(seed) round \(round)")
                #expect(!problem.reason.isEmpty && !problem.description.contains(where: \.isNewline))
            }
        }
        print("provisioning fuzz: seed \(seed), \(read) read, \(refused) refused")
        #expect(read > 50)
        #expect(refused > 500)
    }
}

/// The same mutations for the same seed, everywhere.
private struct Mutations: RandomNumberGenerator {
    private var seeded: Seeded

    init(seed: UInt64) { seeded = Seeded(seed: seed) }

    mutating func next() -> UInt64 { seeded.next() }

    private static let spice = Array("&*?:-[]{},#|>!%@`\"'\\\n\t 0~<".utf8)

    /// One to three changes: a span goes, comes twice or moves, a byte changes, an indicator comes in.
    mutating func mutated(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0...2, using: &self) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &self)
            let end = min(bytes.count, start + Int.random(in: 1...60, using: &self))
            switch Int.random(in: 0...5, using: &self) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: bytes[start..<end], at: end)
            case 2: bytes[start] = UInt8.random(in: 0...255, using: &self)
            case 3: bytes.insert(Self.spice.randomElement(using: &self)!, at: start)
            case 4: bytes[start] = Self.spice.randomElement(using: &self)!
            default:
                let span = Array(bytes[start..<end])
                bytes.insert(contentsOf: span, at: Int.random(in: 0...bytes.count, using: &self))
            }
        }
        return bytes
    }
}
