// Statements go out to PostgreSQL in a pipeline, results come back in order.
import CPostgres
import Logging

/// The pipeline of one connection: what was sent, and whose answer is next.
///
/// After a loss nothing can be sent or received any more, so its lists need no clearing.
final class PostgresPipeline {
    /// How much is queued before it is sent and answers are taken in.
    private static let sendBytes = 32 * 1024
    private static let sendStatements = 256

    /// What a statement's results are for.
    enum Purpose {
        case run
        case fence
        case commit
        case rows(Int)
    }

    private enum Expected {
        case prepared(PostgresStatement, SQLShape)
        case deallocated(String)
        case result(Purpose, PostgresStatement)
        case sync
    }

    private let wire: PostgresWire
    private var statements = PostgresStatements()
    private var parameters = PostgresParameters()
    private var expected: [Expected] = []
    private var received = 0
    private var unsentBytes = 0
    private var unsentStatements = 0
    private var answers: [[Row]] = []
    /// The first error since it was last taken; later ones only follow from it.
    private(set) var failure: StoreError?

    init(url: String, logger: Logger) throws {
        wire = try PostgresWire(url: url, logger: logger)
        PQenterPipelineMode(try wire.live())
    }

    var isOpen: Bool { wire.isOpen }

    /// Whether the server has a transaction open, as of the last sync.
    var isInTransaction: Bool { wire.isInTransaction }

    /// Looks, without waiting, whether the server has gone meanwhile.
    func isReachable() -> Bool {
        wire.isReachable(isQuiet: received == expected.count)
    }

    func close() {
        wire.close()
    }

    // MARK: Sending

    /// Queues a statement, prepared first when it is new.
    func send(_ sql: SQL, _ purpose: Purpose = .run) throws {
        try queue(sql, purpose)
        if unsentBytes >= Self.sendBytes || unsentStatements >= Self.sendStatements { try pump() }
    }

    private func queue(_ sql: SQL, _ purpose: Purpose) throws {
        let handle = try wire.live()
        parameters.encode(sql.values)
        let statement: PostgresStatement
        if let known = statements.find(sql.shape, parameters.types) {
            statement = known
        } else {
            statement = try prepare(sql, on: handle)
        }
        let sent = parameters.send { count, values, lengths, formats in
            PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw wire.lost() }
        expected.append(.result(purpose, statement))
        unsentBytes += parameters.byteCount
        unsentStatements += 1
    }

    private func prepare(_ sql: SQL, on handle: OpaquePointer) throws -> PostgresStatement {
        let statement = statements.add(sql.shape, parameters.types)
        let leaving = statements.leaving
        statements.leaving = []
        for name in leaving {
            guard PQsendQueryParams(handle, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1) == 1 else {
                throw wire.lost()
            }
            expected.append(.deallocated(name))
        }
        let types = statement.types
        let text = sql.text(for: .postgres)
        guard PQsendPrepare(handle, statement.name, text, CInt(types.count), types) == 1 else {
            throw wire.lost()
        }
        expected.append(.prepared(statement, sql.shape))
        return statement
    }

    /// Sends what is queued and takes in the answers that are there, without waiting for more.
    private func pump() throws {
        let handle = try wire.live()
        try flush()
        try wire.takeIn()
        while received < expected.count, PQisBusy(handle) == 0 { try receive(handle) }
    }

    private func flush() throws {
        unsentBytes = 0
        unsentStatements = 0
        try wire.flush()
    }

    // MARK: Receiving

    /// Ends the pipelined stretch and waits for all its answers.
    /// - Returns: the rows asked for with `.rows(index)`, in order.
    /// - Throws: `unavailable` when the connection is lost; statements' errors are in `failure`.
    func settle() throws -> [[Row]] {
        try sync()
        return try drain()
    }

    /// Ends the pipelined stretch and sends it, without waiting.
    func sync() throws {
        let handle = try wire.live()
        guard PQpipelineSync(handle) == 1 else { throw wire.lost() }
        expected.append(.sync)
        try flush()
    }

    func drain() throws -> [[Row]] {
        let handle = try wire.live()
        while received < expected.count {
            while PQisBusy(handle) == 1 { try wire.wait(for: .answers) }
            try receive(handle)
        }
        expected.removeAll(keepingCapacity: true)
        received = 0
        defer { answers = [] }
        return answers
    }

    func takeFailure() -> StoreError? {
        defer { failure = nil }
        return failure
    }

    /// Takes in one result of the statement whose turn it is.
    private func receive(_ handle: OpaquePointer) throws {
        guard let result = PQgetResult(handle) else {
            if case .sync = expected[received] { throw wire.lost() }
            received += 1
            return
        }
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        switch (expected[received], status) {
        case (.sync, PGRES_PIPELINE_SYNC):
            received += 1
        case (.result(.rows(let index), let statement), PGRES_TUPLES_OK),
            (.result(.rows(let index), let statement), PGRES_SINGLE_TUPLE):
            try append(result, of: statement, to: index)
        case (.result(.commit, _), PGRES_COMMAND_OK):
            // In a failed transaction COMMIT is answered with ROLLBACK, and no error.
            if String(cString: PQcmdStatus(result)) != "COMMIT" {
                fail(.statement("the transaction was rolled back by the server"))
            }
        case (_, PGRES_COMMAND_OK), (_, PGRES_TUPLES_OK):
            break
        case (let what, PGRES_PIPELINE_ABORTED):
            undo(what)
        case (let what, _):
            try failed(result, what)
        }
    }

    private func append(_ result: OpaquePointer, of statement: PostgresStatement, to index: Int) throws {
        let shape = statement.shape ?? PostgresShape(result)
        statement.shape = shape
        while answers.count <= index { answers.append([]) }
        let count = PQntuples(result)
        answers[index].reserveCapacity(answers[index].count + Int(count))
        do {
            for row in 0..<count { answers[index].append(try shape.row(result, row)) }
        } catch let error as StoreError {
            fail(error)
        }
    }

    private func failed(_ result: OpaquePointer, _ what: Expected) throws {
        undo(what)
        guard PQresultStatus(result) == PGRES_FATAL_ERROR, PQresultErrorField(result, Self.sqlState) != nil
        else {
            throw wire.lost()  // libpq's own: the connection is gone
        }
        let isFence = if case .result(.fence, _) = what { true } else { false }
        let error = StoreError(result, isFence: isFence)
        if let severity = PQresultErrorField(result, Self.severity), String(cString: severity) == "FATAL" {
            throw wire.lost(error)
        }
        fail(error)
    }

    /// Forgets what the server did not do.
    private func undo(_ what: Expected) {
        switch what {
        case .prepared(let statement, let shape): statements.forget(statement, shape)
        case .deallocated(let name): statements.leaving.append(name)
        case .result, .sync: break
        }
    }

    private func fail(_ error: StoreError) {
        if failure == nil { failure = error }
    }

    // MARK: One statement alone

    /// Hands over the rows one by one as they arrive; the pipeline must be settled.
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let handle = try wire.live()
        parameters.encode(sql.values)
        if statements.find(sql.shape, parameters.types) == nil {
            _ = try prepare(sql, on: handle)
            _ = try settle()
            guard failure == nil else { return }
        }
        try queue(sql, .rows(0))
        try sync()
        // Only before the first result is looked at; without it the whole answer would be kept in memory.
        let isSingle = PQsetSingleRowMode(handle)
        precondition(isSingle == 1, "single-row mode refused: the pipeline was not settled")
        var thrown: (any Error)?
        while received < expected.count {
            while PQisBusy(handle) == 1 { try wire.wait(for: .answers) }
            try receive(handle)
            let rows = answers.first ?? []
            answers = []
            guard thrown == nil else { continue }
            do { for row in rows { try body(row) } } catch { thrown = error }
        }
        _ = try drain()
        if let thrown { throw thrown }
    }

    /// Runs a script without parameters outside the pipeline, which must be settled, and waits.
    func script(_ text: String) throws {
        let handle = try wire.live()
        guard PQexitPipelineMode(handle) == 1 else { throw wire.lost() }
        // Plans and shapes may not fit the new schema.
        statements.removeAll()
        for text in ["DEALLOCATE ALL", text] {
            let result = PQexec(handle, text)
            defer { PQclear(result) }
            guard let result else { throw wire.lost() }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
            default: try failed(result, .sync)
            }
            if failure != nil { break }
        }
        guard PQenterPipelineMode(handle) == 1 else { throw wire.lost() }
    }

    private static let sqlState = CInt(UInt8(ascii: "C"))
    /// The severity untranslated.
    private static let severity = CInt(UInt8(ascii: "V"))
}
