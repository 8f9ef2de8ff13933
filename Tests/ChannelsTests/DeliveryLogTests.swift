// The log of callbacks: what is in it, what is asked of it, and what a deleted callback leaves there.
import Routing
import Store
import TestStores
import Testing

@testable import Center
@testable import Channels

@Suite("The log of callbacks", .serialized)
struct DeliveryLogTests {
    private static let two = [
        "- {name: crm, endpoint: \"http://127.0.0.1:1/\", event: answer_errand}",
        "- {name: mail, endpoint: \"http://127.0.0.1:1/\", event: answer_errand}",
    ]

    private func log(
        _ stage: CallbackStage, _ filter: DeliveryFilter = DeliveryFilter(), before: DeliveryID? = nil,
        as login: String = "root"
    ) async throws -> DeliveryPage {
        try await stage.floor.deliveries(
            filter, before: before, for: stage.agent(login), in: stage.workspace)
    }

    private func callback(_ stage: CallbackStage, _ name: String) throws -> CallbackID {
        try #require(
            stage.floor.roster.workspace(stage.workspace)?.callbacks.first { $0.name == name }?.id)
    }

    @Test(
        "every filter finds what it names, and pages end where the next begins", arguments: EngineKind.tested)
    func filters(_ kind: EngineKind) async throws {
        try await CallbackStage.run(kind, callbacks: Self.two, frozen: true) { stage in
            let (crm, mail) = (try callback(stage, "crm"), try callback(stage, "mail"))
            var errands: [ErrandID] = []
            for n in 0..<60 { errands.append(try await stage.answered("Question \(n)")) }
            // Of crm: 10 sent, 5 failed, the rest waits.
            let due = try await stage.floor.dueDeliveries(of: crm, in: stage.workspace, limit: 15)
            for one in due.prefix(10) { try await stage.floor.deliverySucceeded(one, status: 204) }
            for one in due.dropFirst(10) {
                try await stage.floor.deliveryFailed(one, status: 500, problem: "answered 500", final: true)
            }
            func all(_ filter: DeliveryFilter) async throws -> [LoggedDelivery] {
                var found: [LoggedDelivery] = []
                var before: DeliveryID?
                repeat {
                    let page = try await log(stage, filter, before: before)
                    #expect(page.lines.count <= ViewLimits.pageMax)
                    found += page.lines
                    before = page.next
                } while before != nil
                #expect(found.map(\.id) == found.map(\.id).sorted(by: >))
                #expect(Set(found.map(\.id)).count == found.count)
                return found
            }
            #expect(try await all(DeliveryFilter()).count == 120)
            #expect(try await all(DeliveryFilter(state: .due)).count == 105)
            #expect(try await all(DeliveryFilter(state: .failed)).count == 5)
            #expect(try await all(DeliveryFilter(callback: mail)).count == 60)
            #expect(try await all(DeliveryFilter(state: .due, callback: crm)).count == 45)
            #expect(try await all(DeliveryFilter(state: .failed, callback: mail)).isEmpty)
            #expect(try await all(DeliveryFilter(state: .withdrawn)).isEmpty)
            let one = try #require(errands.first)
            #expect(try await all(DeliveryFilter(errand: one)).map(\.callback) == [mail, crm])
            let sent = try await all(DeliveryFilter(state: .sent, callback: crm, errand: one))
            #expect(sent.count == 1)
            let line = try #require(sent.first)
            #expect(line.status == 204 && line.attempts == 1 && line.nextAt == nil && line.doneAt != nil)
            let waiting = try #require(try await all(DeliveryFilter(state: .due)).first)
            #expect(waiting.nextAt == stage.floor.now && waiting.attempts == 0 && waiting.status == nil)
            // Whoever does not reach the area sees nothing of it.
            #expect(try await log(stage, as: "bo").lines.isEmpty)
            #expect(try await log(stage, as: "ana").lines.count == ViewLimits.pageMax)
        }
    }

    /// A clustered table is searched by its own key unless an index has more to give, and then whole.
    @Test("neither the log nor what is due is searched for among all deliveries")
    func plans() async throws {
        try await CallbackStage.run(.sqlite, callbacks: Self.two) { stage in
            let workspace = stage.workspace
            let crm = try callback(stage, "crm")
            func log(_ filter: DeliveryFilter) -> SQL {
                filter.statement(workspace, DeliveryPlace(), limit: 51)
            }
            let due = DueDelivery.rows(of: crm, in: workspace, at: stage.floor.now, limit: 256)
            for (statement, indexes) in [
                (log(DeliveryFilter(state: .due)), ["delivery_waiting (workspace=? AND created_at<?)"]),
                (log(DeliveryFilter(state: .failed)), ["delivery_given_up (workspace=? AND created_at<?)"]),
                (
                    log(DeliveryFilter(callback: crm)),
                    ["delivery_callback (workspace=? AND callback=? AND created_at<?)"]
                ),
                (
                    log(DeliveryFilter(errand: ErrandID(1))),
                    [
                        "delivery_errand (workspace=? AND errand=? AND id<?)",
                        "PRIMARY KEY (workspace=? AND id=?)",
                    ]
                ),
                (
                    due,
                    [
                        "delivery_due (workspace=? AND callback=? AND next_at<?)",
                        "delivery_order (workspace=? AND errand=? AND callback=? AND state=? AND id<?)",
                    ]
                ),
            ] {
                let plan = try await stage.floor.view { reader in
                    try reader.query("EXPLAIN QUERY PLAN " + statement).map { $0.text("detail") }
                }
                for index in indexes { #expect(plan.contains { $0.contains(index) }, "\(plan)") }
            }
        }
    }

    @Test("a deleted callback is told nothing more", .timeLimit(.minutes(2)), arguments: EngineKind.tested)
    func deleted(_ kind: EngineKind) async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let callbacks = [
            Self.two[0],
            "- {name: mail, endpoint: \"http://127.0.0.1:\(receiver.port)/\", event: answer_errand}",
        ]
        try await CallbackStage.run(kind, callbacks: callbacks) { stage in
            let (crm, mail) = (try callback(stage, "crm"), try callback(stage, "mail"))
            let due = DeliveryLimits.withdrawnAtOnceMax + 5
            try await stage.floor.perform(Plan("many"), by: .system(stage.workspace)) { work in
                for n in 1...due {
                    try work.execute(
                        """
                        INSERT INTO delivery (workspace, id, callback, errand, answer, state, attempts, created_at,
                            next_at)
                        VALUES (\(work.workspace), \(work.next(.delivery)), \(crm), \(Int64(1_000_000 + n)), \(1),
                            \(DeliveryState.due), \(0), \(work.now), \(work.now))
                        """)
                }
            }
            let errand = try await stage.answered()
            await #expect(throws: Refusal.self) {
                try await stage.floor.deleteCallback(crm, by: stage.desk("ana"))
            }
            try await stage.floor.deleteCallback(crm, by: stage.desk("root"))
            await #expect(throws: Refusal.self) {
                try await stage.floor.deleteCallback(crm, by: stage.desk("root"))
            }
            #expect(stage.floor.roster.workspace(stage.workspace)?.callbacks.map(\.name) == ["mail"])
            let rows = try await stage.rows()
            #expect(rows.count { $0.state == DeliveryState.withdrawn.rawValue } == due + 1)
            try await stage.delivering {
                _ = try await stage.rows { $0.contains { $0.state == DeliveryState.sent.rawValue } }
                try await stage.floor.deleteCallback(mail, by: stage.desk("root"))
                let next = try await stage.answered()
                // Nobody listens: there is nothing to tell of it.
                #expect(try await log(stage, DeliveryFilter(errand: next)).lines.isEmpty)
            }
            let states = try await log(stage, DeliveryFilter(errand: errand)).lines.map(\.state)
            #expect(states == [.sent, .withdrawn])
            #expect(
                try await log(stage, DeliveryFilter(errand: errand)).lines.allSatisfy {
                    $0.callbackName.isEmpty
                })
            #expect(receiver.all.count == 1)
        }
        try await receiver.stop()
    }
}
