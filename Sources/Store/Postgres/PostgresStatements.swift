// The prepared statements of one PostgreSQL connection.
import CPostgres

/// A statement the server has prepared, or is about to, for one combination of parameter types.
final class PostgresStatement {
    let name: String
    /// Type ids; 0 where the first use bound NULL and the server chose the type.
    let types: [Oid]
    /// Known once rows have come.
    var shape: PostgresShape?

    init(name: String, types: [Oid]) {
        self.name = name
        self.types = types
    }

    /// Whether these parameters can be bound: a NULL goes anywhere.
    func accepts(_ types: [Oid]) -> Bool {
        for (mine, theirs) in zip(self.types, types) where theirs != 0 && mine != theirs { return false }
        return true
    }
}

/// Finds or names statements by shape and parameter types.
struct PostgresStatements {
    private var cache = StatementCache<[PostgresStatement]>()
    private var named = 0
    /// Names that have left the cache and are to be deallocated.
    var leaving: [String] = []

    mutating func find(_ sql: SQLShape, _ types: [Oid]) -> PostgresStatement? {
        cache.find(sql)?.first { $0.accepts(types) }
    }

    /// A new statement; NULLs take the type that an earlier use of the same statement bound there, so that
    /// variants stay few.
    mutating func add(_ sql: SQLShape, _ types: [Oid]) -> PostgresStatement {
        var types = types
        let variants = cache.find(sql) ?? []
        for index in types.indices where types[index] == 0 {
            types[index] = variants.lazy.map { $0.types[index] }.first { $0 != 0 } ?? 0
        }
        named += 1
        let statement = PostgresStatement(name: "s\(named)", types: types)
        if let oldest = cache.insert(variants + [statement], for: sql) {
            leaving.append(contentsOf: oldest.map(\.name))
        }
        return statement
    }

    /// Forgets a statement the server could not prepare.
    mutating func forget(_ statement: PostgresStatement, _ sql: SQLShape) {
        guard let variants = cache.find(sql) else { return }
        _ = cache.insert(variants.filter { $0 !== statement }, for: sql)
    }

    mutating func removeAll() {
        cache.removeAll()
        leaving = []
    }
}
