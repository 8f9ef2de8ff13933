// Documents that are damaged at random, sent to both endpoints of a whole server.
//
// SWITCHBOARD_FUZZ_CASES sets how many a run has on each engine, SWITCHBOARD_TEST_SEED repeats a run.
import Foundation
import SeededRandom
import Store
import Testing
import TestStores

@Suite("Cention's wire, fuzzed", .serialized)
struct WireFuzzTests {
    private static let casesDefault = 300
    /// Cases on one server, so that counting its rows stays cheap.
    private static let roundMax = 500

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    @Test("refuses or stores whole, and never faults", arguments: EngineKind.tested)
    func fuzz(_ kind: EngineKind) async throws {
        let seed = Self.number("SWITCHBOARD_TEST_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let cases = Self.number("SWITCHBOARD_FUZZ_CASES").map(Int.init) ?? Self.casesDefault
        print("wire fuzz on \(kind): SWITCHBOARD_TEST_SEED=\(seed) SWITCHBOARD_FUZZ_CASES=\(cases)")
        var random = Seeded(seed: seed)
        var left = cases
        var statuses: [Int: Int] = [:]
        while left > 0 {
            let round = min(left, Self.roundMax)
            left -= round
            try await WireServer.run(on: kind) { server in
                try await Self.round(round, on: server, &random, &statuses)
            }
        }
        print("wire fuzz on \(kind): \(statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        // Or the test would say nothing.
        #expect((statuses[201] ?? 0) > cases / 50 && (statuses[400] ?? 0) > cases / 20)
    }

    private static func round(
        _ cases: Int, on server: WireServer, _ random: inout Seeded, _ statuses: inout [Int: Int]
    ) async throws {
        let result = try await server.provision("center.yaml")
        if random.below(2) == 0 { _ = try await server.provision("aventa.yaml") }
        let agent = String(try #require(result.ids.agents["ana"]))
        var check = try await WireCheck(server, token: try #require(result.accessTokens["form"]))
        var errands = ["1"]
        for _ in 0..<cases {
            let sample = Self.sample(agent, errands, &random)
            let body = Self.damaged(sample.tree, &random)
            let endpoint = random.below(12) == 0 ? "c3_end_errands" : sample.endpoint
            let what = "\(endpoint) \(String(decoding: body.prefix(2_000), as: UTF8.self))"
            let outcome = try await check.post(body, to: endpoint, what)
            statuses[outcome.status, default: 0] += 1
            if outcome.status == 201, endpoint == "c3_new_errands" { errands.append(outcome.id) }
        }
        for (problem, sql) in Self.invariants {
            let broken = try await server.floor.store.read { try $0.query(sql)[0].int("broken") }
            #expect(broken == 0, "\(problem)")
        }
    }

    private static func sample(
        _ agent: String, _ errands: [String], _ random: inout Seeded
    ) -> SampleDocument {
        switch random.below(4) {
        case 0: .closed(agent: agent)
        case 1: .ended(errand: errands[random.below(errands.count)], agent: agent)
        default: .waiting
        }
    }

    // MARK: - Damage

    static func damaged(_ tree: JSONTree, _ random: inout Seeded) -> [UInt8] {
        var tree = tree
        for _ in 0..<random.below(4) { tree = changed(tree, &random) }
        var bytes = tree.written
        guard random.below(3) == 0 else { return bytes }
        for _ in 0...random.below(3) { damage(&bytes, &random) }
        return bytes
    }

    /// One change that leaves it JSON.
    private static func changed(_ tree: JSONTree, _ random: inout Seeded) -> JSONTree {
        let paths = tree.paths
        guard !paths.isEmpty else { return tree }
        let path = paths[random.below(paths.count)][...]
        switch random.below(6) {
        case 0: return tree.replacing(path, with: nil)
        case 1:
            let other = paths[random.below(paths.count)]
            return tree.replacing(path, with: tree[other[...]])
        case 2: return tree.replacing(path, with: deep(random.below(80)))
        case 3: return tree.replacing(path, with: .text(text(&random)))
        case 4:
            guard case .object(let members) = tree[path.dropLast()], !members.isEmpty else { return tree }
            let copied = members[random.below(members.count)]
            return tree.replacing(
                path.dropLast(), with: .object(members + [.init(name: copied.name, value: .null)]))
        default: return tree.replacing(path, with: Odd.all[random.below(Odd.all.count)].tree)
        }
    }

    private static func deep(_ depth: Int) -> JSONTree {
        (0..<depth).reduce(.raw("1")) { inner, level in
            level % 2 == 0 ? .array([inner]) : .object([.init(name: "a", value: inner)])
        }
    }

    /// Characters of every length and kind, those among them that databases and folding stumble over.
    private static func text(_ random: inout Seeded) -> String {
        let odd: [Unicode.Scalar] = [
            "\0", "\u{1}", "\n", "\"", "\\", "'", "%", "ß", "İ", "ſ", "\u{301}", "\u{200F}", "\u{202E}",
            "\u{FEFF}", "\u{FFFF}", "\u{1D163}", "\u{10FFFF}", "ﬃ", "\u{1F468}", "\u{200D}", "@",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<random.below(random.below(8) == 0 ? 3_000 : 40) {
            if random.below(2) == 0 {
                text.append(odd[random.below(odd.count)])
            } else {
                text.append(Unicode.Scalar(UInt32(random.below(0x11_0000))) ?? "a")
            }
        }
        return String(text)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout Seeded) {
        guard !bytes.isEmpty else { return }
        let place = random.below(bytes.count)
        switch random.below(5) {
        case 0: bytes.removeSubrange(place..<min(place + 1 + random.below(20), bytes.count))
        case 1: bytes[place] = random.byte()
        case 2: bytes.insert(random.byte(), at: place)
        case 3: bytes = Array(bytes[..<place])
        default:
            let start = random.below(bytes.count)
            bytes.insert(contentsOf: bytes[start..<min(start + random.below(60), bytes.count)], at: place)
        }
    }

    // MARK: - What holds of the rows, whatever came

    private static let invariants: [(String, SQL)] = [
        (
            "an errand without its one work item",
            """
            SELECT COUNT(*) AS broken FROM errand AS e WHERE 1 <> (SELECT COUNT(*) FROM work_item AS w
                WHERE w.workspace = e.workspace AND w.id = e.work_item AND w.noun_id = e.id
                AND (e.state = 1 AND w.state < 9 OR e.state = 2 AND w.state = 9))
            """
        ),
        (
            "an errand without its one message",
            """
            SELECT COUNT(*) AS broken FROM errand AS e WHERE 1 <> (SELECT COUNT(*) FROM message AS m
                WHERE m.workspace = e.workspace AND m.errand = e.id AND m.n = 1)
            """
        ),
        (
            "an errand without its contact card",
            """
            SELECT COUNT(*) AS broken FROM errand AS e WHERE NOT EXISTS (SELECT 1 FROM contact_address AS a
                JOIN contact AS c ON c.workspace = a.workspace AND c.id = a.contact
                WHERE a.workspace = e.workspace AND a.contact = e.contact)
            """
        ),
        (
            "an answer without response, or the other way round",
            """
            SELECT (SELECT COUNT(*) FROM answer) + (SELECT COUNT(*) FROM response)
                - 2 * (SELECT COUNT(*) FROM answer AS a JOIN response AS r
                    ON r.workspace = a.workspace AND r.errand = a.errand AND r.answer = a.id AND r.id = a.response)
                AS broken
            """
        ),
        (
            "an answered errand that is open, or has two answers",
            """
            SELECT COUNT(*) AS broken FROM errand AS e WHERE (e.state = 1 AND EXISTS (SELECT 1 FROM answer AS a
                WHERE a.workspace = e.workspace AND a.errand = e.id)) OR 1 < (SELECT COUNT(*) FROM answer AS a
                WHERE a.workspace = e.workspace AND a.errand = e.id)
            """
        ),
        (
            "a template of an errand that is open",
            """
            SELECT COUNT(*) AS broken FROM whatsapp_template AS t WHERE NOT EXISTS (SELECT 1 FROM errand AS e
                WHERE e.workspace = t.workspace AND e.id = t.errand AND e.state = 2)
            """
        ),
    ]
}
