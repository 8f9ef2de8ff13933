// The fault engine does what its plan says, and only that.
import Store
import TestStores
import Testing

@Suite struct FaultTests {
    @Test(arguments: EngineKind.tested) func everyStatementAndCommitCanFail(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let plan = FaultPlan()
            let engine = FaultEngine(try database.open().engine, plan: plan)
            let connection = try engine.connect()
            try connection.make(itemTable)
            func verb(_ id: Int) throws {
                try connection.transaction {
                    try connection.savepoint("verb")
                    try connection.execute("INSERT INTO item VALUES (\(id), \("x"))")
                    _ = try connection.fetch(["SELECT 1 AS a", "SELECT 2 AS b"])
                    try connection.release("verb")
                }
            }
            plan.restart()
            try verb(0)
            let statements = plan.statements
            #expect(statements == 6 && plan.commits == 1)
            for number in 1...statements {
                plan.restart(statement: number)
                expectError("injected") { try verb(1) }
                #expect(try connection.count("item") == 1)
            }
            plan.restart(commit: 1)
            expectError("injected") { try verb(1) }
            #expect(try connection.count("item") == 1)
            plan.restart(commit: 2)
            try verb(1)
            #expect(try connection.count("item") == 2)
        }
    }

    @Test(arguments: EngineKind.tested) func anUnknownCommitHappened(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let plan = FaultPlan()
            let engine = FaultEngine(try database.open().engine, plan: plan)
            let connection = try engine.connect()
            try Migrator.migrate(connection, [], now: 1)
            try connection.make(itemTable)
            let ownership = try connection.claim(scope: "acme")
            plan.restart(unknownCommit: 1)
            let error = storeError {
                try connection.transaction {
                    try connection.execute("INSERT INTO item VALUES (\(1), \("x"))")
                }
            }
            #expect(error?.name == "unknownCommit" && !connection.isAlive)
            let next = try engine.connect()
            #expect(
                try next.committed(epoch: ownership.epoch, batch: connection.batch, scope: "acme") == true)
            #expect(try next.count("item") == 1)
            #expect(try next.claim(scope: "acme").epoch == (kind == .sqlite ? 1 : 2))
        }
    }
}
