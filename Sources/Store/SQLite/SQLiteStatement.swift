// A prepared SQLite statement: GRDB compiles and owns it, the C API binds and steps it.
import GRDB
import GRDBSQLite

/// One compiled statement and the column names of its rows.
final class SQLiteStatement {
    private let owner: GRDB.Statement
    private let handle: OpaquePointer
    private let parameters: Int
    private(set) var columns: Columns

    init(_ owner: GRDB.Statement) {
        self.owner = owner
        self.handle = owner.sqliteStatement
        self.parameters = Int(sqlite3_bind_parameter_count(handle))
        self.columns = Self.columns(of: handle)
    }

    /// Binds, steps to the end, hands over each row; leaves the statement ready for the next run.
    /// - Parameter bytes: holds texts and blobs while the statement runs.
    func run(
        _ sql: SQL, on database: OpaquePointer, _ bytes: BoundBytes, _ body: (Row) throws -> Void
    ) throws {
        precondition(
            parameters == sql.values.count,
            "\(parameters) placeholders for \(sql.values.count) values in: \(sql.template)")
        bytes.begin(with: sql.values)
        defer {
            // Bindings stay: every run binds all of them anew before it steps.
            sqlite3_reset(handle)
            bytes.end()
        }
        for (index, value) in sql.values.enumerated() {
            let code = bind(value, at: CInt(index + 1), bytes)
            guard code == SQLITE_OK else { throw StoreError(sqlite: database, code, sql.template) }
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(row())
            case SQLITE_DONE: return
            case let code:
                throw StoreError(sqlite: database, code, sql.template, hasValues: parameters > 0)
            }
        }
    }

    private func bind(_ value: Value, at index: CInt, _ bytes: BoundBytes) -> CInt {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let int): return sqlite3_bind_int64(handle, index, int)
        case .real(let real): return sqlite3_bind_double(handle, index, real)
        case .text(let text):
            let copy = bytes.add(text)
            return sqlite3_bind_text(
                handle, index, copy.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(copy.count), nil)
        case .blob(let blob):
            let copy = bytes.add(blob)
            return sqlite3_bind_blob(handle, index, copy.baseAddress, CInt(copy.count), nil)
        }
    }

    private func row() -> Row {
        let count = Int(sqlite3_column_count(handle))
        // SQLite recompiles a statement by itself when the schema has changed.
        if count != columns.names.count { columns = Self.columns(of: handle) }
        // Not by `init(unsafeUninitializedCapacity:)`, which asks the runtime for the array's type each time.
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count { values.append(column(CInt(index))) }
        return Row(columns: columns, values: values)
    }

    private func column(_ index: CInt) -> Value {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private static func columns(of handle: OpaquePointer) -> Columns {
        Columns((0..<sqlite3_column_count(handle)).map { String(cString: sqlite3_column_name(handle, $0)) })
    }
}
