// SQLite's result codes as store errors.
import GRDB
import GRDBSQLite

extension StoreError {
    /// The error a call on `database` has just reported, for a statement's text.
    /// - Parameter hasValues: values were bound, which a generic error (a search's, say) may quote.
    init(sqlite database: OpaquePointer, _ code: CInt, _ text: String, hasValues: Bool = false) {
        let isDiscreet = !hasValues || code & 0xff != SQLITE_ERROR
        self.init(
            sqliteCode: sqlite3_extended_errcode(database), fallback: code,
            message: isDiscreet ? String(cString: sqlite3_errmsg(database)) : "no details", text)
    }

    init(_ error: DatabaseError) {
        self.init(
            sqliteCode: error.extendedResultCode.rawValue, fallback: error.resultCode.rawValue,
            message: error.message ?? "no message", error.sql ?? "opening")
    }

    private init(sqliteCode: CInt, fallback: CInt, message: String, _ text: String) {
        let extended = sqliteCode == SQLITE_OK ? fallback : sqliteCode
        let why = "\(message) (SQLite \(extended))"
        switch extended & 0xff {
        case SQLITE_FULL: self = .full(why)
        case SQLITE_CONSTRAINT: self = .constraint(why)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM,
            SQLITE_NOMEM, SQLITE_PROTOCOL, SQLITE_INTERRUPT, SQLITE_NOTADB, SQLITE_CORRUPT:
            self = .unavailable(why)
        default: self = .statement("\(why) in: \(text)")
        }
    }
}
