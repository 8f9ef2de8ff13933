// The deliverer with receivers of all manners, on real sockets.
import Foundation
import Store
import Synchronization
import TestStores
import Testing

@testable import Center
@testable import Channels

@Suite("Callbacks", .serialized)
struct DelivererTests {
    static let patience = TimeLimitTrait.Duration.minutes(2)

    /// Starts receivers, and runs `body` with callbacks c0, c1 … that lead to them.
    private func stage(
        _ kind: EngineKind, _ manners: [@Sendable (Receiver.Request, Int) -> Receiver.Manner],
        networks: String = "[127.0.0.0/8]", host: String = "127.0.0.1",
        _ body: (CallbackStage, [Receiver]) async throws -> Void
    ) async throws {
        let receivers = manners.map { Receiver($0) }
        for receiver in receivers { try await receiver.start() }
        let callbacks = receivers.enumerated().map { n, receiver in
            "- {name: c\(n), endpoint: \"http://\(host):\(receiver.port)/hook\", secret: s\(n), event: answer_errand}"
        }
        try await CallbackStage.run(kind, callbacks: callbacks, networks: networks) {
            try await body($0, receivers)
        }
        for receiver in receivers { try await receiver.stop() }
    }

    @Test("an answer is told once, whole", .timeLimit(patience), arguments: EngineKind.tested)
    func told(_ kind: EngineKind) async throws {
        try await stage(kind, [{ _, _ in .fine }]) { stage, receivers in
            let errand = try await stage.answered(html: "<p>See <img src=\"cid:99\"> there</p>")
            try await stage.delivering { _ = try await stage.rows { $0.allSatisfy { $0.state == 2 } } }
            let heard = receivers[0].all
            #expect(heard.count == 1)
            #expect(heard[0].head.hasPrefix("POST /hook HTTP/1.1"))
            #expect(heard[0].head.contains("application/vnd.api+json"))
            #expect(heard[0].errand == errand.description)
            // Both texts, though the answer and the question came as HTML only.
            #expect(heard[0].body.contains("See there\\n\\n---------"))
            #expect(heard[0].body.contains("Where is it?"))
            // No such archive.
            #expect(!heard[0].body.contains("embedded_archives"))
        }
    }

    @Test("an archive in the HTML is told with its link", .timeLimit(patience), arguments: EngineKind.tested)
    func archive(_ kind: EngineKind) async throws {
        try await stage(kind, [{ _, _ in .fine }]) { stage, receivers in
            let area = try #require(stage.floor.roster.workspace(stage.workspace)?.areas.first?.id)
            try await stage.floor.perform(Plan("archive"), by: .system(stage.workspace)) { work in
                try work.execute(
                    """
                    INSERT INTO area_archive (workspace, id, area, name, content_type, size, bytes)
                    VALUES (\(work.workspace), \(12), \(area), \("a.png"), \("image/png"), \(1), \([UInt8]([1])))
                    """)
            }
            try await stage.answered(html: "<img src=\"cid:12\"><img src='cid:attachment_3'><img src=cid:13>")
            try await stage.delivering { _ = try await stage.rows { $0.allSatisfy { $0.state == 2 } } }
            let document = receivers[0].all[0].json
            let included = try #require(document["included"] as? [[String: Any]])
            let archives = included.filter { $0["type"] as? String == "c3_area_archives" }
            #expect(archives.map { $0["id"] as? String } == ["12"])
            let href = ((archives.first?["links"] as? [String: Any])?["self"] as? [String: Any])?["href"]
            #expect(href as? String == "http://test.example.com/s/north/capi/json/c3_area_archives/12")
        }
    }

    @Test(
        "a failure is told again until heard, the same event", .timeLimit(patience),
        arguments: EngineKind.tested)
    func again(_ kind: EngineKind) async throws {
        try await stage(kind, [{ _, before in before == 0 ? .status(500) : .fine }]) { stage, receivers in
            try await stage.answered()
            var rows: [CallbackStage.Row] = []
            try await stage.delivering { rows = try await stage.rows { $0.allSatisfy { $0.state == 2 } } }
            #expect(rows[0].attempts == 2)
            #expect(rows[0].status == 200)
            let heard = receivers[0].all
            #expect(heard.count == 2)
            #expect(heard[0].body == heard[1].body)
        }
    }

    @Test(
        "bad receivers hold up neither good ones nor a stop", .timeLimit(patience),
        arguments: EngineKind.tested)
    func apart(_ kind: EngineKind) async throws {
        let bad: [@Sendable (Receiver.Request, Int) -> Receiver.Manner] = [
            { _, _ in .silent }, { _, _ in .reset }, { _, _ in .answer("SSH-2.0-garbage\r\n\r\n") },
            { _, _ in .answer("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") },
            { _, _ in .status(302, "Location: http://127.0.0.1:1/elsewhere\r\n") },
            { _, _ in .answer("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 1_000_000))") },
        ]
        try await stage(kind, bad + [{ _, _ in .endless }, { _, _ in .fine }]) { stage, receivers in
            // More than a receiver has places for.
            let count = Lane.atOnceMax + 8
            for n in 0..<count { try await stage.answered("Question \(n)") }
            let good = receivers[7]
            let clock = ContinuousClock()
            var stopBegan = clock.now
            try await stage.delivering {
                _ = await good.wait(for: count)
                _ = await receivers[0].wait(for: Lane.atOnceMax)
                _ = await receivers[4].wait(for: count)
                _ = await receivers[6].wait(for: count)
                stopBegan = clock.now
            }
            // What the operator was promised, held by the figures that bound it.
            print("\(kind): stopped in \(clock.now - stopBegan) beside receivers that never answer")
            #expect(Lane.stopGraceMs + CallbackSender.shutdownMaxMs < 5_000)
            #expect(Lane.stopGraceMs < CallbackSender.timeoutMs)
            #expect(Set(good.all.map(\.event)).count == count)
            #expect(good.all.count == count)
            let rows = try await stage.rows()
            let byCallback = try await stage.floor.view { reader in
                try reader.query(
                    "SELECT callback, state, COUNT(*) AS n, MAX(attempts) AS tries FROM delivery GROUP BY callback, state ORDER BY callback"
                )
                .map { [$0.int("callback"), $0.int("state"), $0.int("n")] }
            }
            let sent = byCallback.filter { $0[1] == 2 }.map { $0[0] }
            // A receiver that answers 2xx has heard, whatever follows the head.
            #expect(sent == [7, 8])
            let redirected = rows.filter { $0.problem == "the receiver answered 302" }
            #expect(!redirected.isEmpty)
            // What the stop cut off counts as no try, and stays due.
            #expect(!rows.contains { $0.problem?.contains("stopped") == true })
            #expect(rows.allSatisfy { $0.state != 3 })
        }
    }

    @Test("an errand's events come in order", .timeLimit(patience), arguments: EngineKind.tested)
    func order(_ kind: EngineKind) async throws {
        let failed = Mutex<Set<String>>([])
        try await stage(
            kind,
            [{ request, _ in failed.withLock { $0.insert(request.event).inserted } ? .status(503) : .fine }]
        ) { stage, receivers in
            let errand = try await stage.answered()
            // Two more answers of the same errand, and one of another that waits for nobody.
            for _ in 0..<2 {
                try await stage.floor.perform(Plan("answer more"), by: .system(stage.workspace)) { work in
                    var answer = NewAnswer()
                    answer.body = "More."
                    let area = try work.query(Errand.row(work.workspace, errand))[0].int("area")
                    try work.answer(
                        errand, answer, author: nil, to: ("david@shop.example", "David"), area: AreaID(area))
                }
            }
            let other = try await stage.answered("Another")
            try await stage.delivering { _ = try await stage.rows { $0.allSatisfy { $0.state == 2 } } }
            let own = receivers[0].all.filter { $0.errand == errand.description }.map(\.event)
            #expect(own == ["1", "1", "2", "2", "3", "3"])
            #expect(receivers[0].all.prefix(2).contains { $0.errand == other.description })
        }
    }

    @Test(
        "many are told, each once, over few connections", .timeLimit(patience), arguments: EngineKind.tested
    )
    func many(_ kind: EngineKind) async throws {
        try await stage(kind, [{ _, _ in .fine }]) { stage, receivers in
            let count = 600
            for n in 0..<count { try await stage.answered("Question \(n)") }
            let clock = ContinuousClock()
            let began = clock.now
            try await stage.delivering { _ = try await stage.rows { $0.allSatisfy { $0.state == 2 } } }
            print("\(kind): \(count) callbacks in \(clock.now - began) (debug build)")
            #expect(receivers[0].all.count == count)
            #expect(Set(receivers[0].all.map(\.event)).count == count)
            #expect(receivers[0].connections <= Lane.atOnceMax)
        }
    }

    @Test("bad TLS is a failure in words", .timeLimit(patience), arguments: EngineKind.tested)
    func tls(_ kind: EngineKind) async throws {
        let receiver = Receiver(greeting: "220 plain text, no TLS\r\n") { _, _ in .fine }
        try await receiver.start()
        let callback = "- {name: c, endpoint: \"https://127.0.0.1:\(receiver.port)/\", event: answer_errand}"
        let dead = "- {name: d, endpoint: \"http://127.0.0.1:1/\", event: answer_errand}"
        try await CallbackStage.run(kind, callbacks: [callback, dead]) { stage in
            try await stage.answered()
            var problems: [String?] = []
            try await stage.delivering {
                problems = try await stage.rows { $0.allSatisfy { $0.problem != nil } }.map(\.problem)
            }
            #expect(problems[1] == "the receiver refused the connection")
            #expect(problems[0]?.contains("TLS") == true)
            #expect(receiver.all.isEmpty)
        }
        try await receiver.stop()
    }
}
