// `fields[<type>]=a,b`: which attributes a client wants. Source: JSON:API 1.0, sparse fieldsets; cention.md §2.3.
import Center
import Hummingbird
import Web

struct SparseFields {
    /// Nil when all are wanted.
    private let wanted: Set<String>?

    /// - Throws: 400 for an attribute that the type does not have.
    init(_ request: Request, _ type: StaticString, of known: @autoclosure () -> Set<String>) throws {
        // Most requests ask for nothing in particular.
        guard request.uri.query != nil else {
            wanted = nil
            return
        }
        let lists = try Fields(queryOf: request).all("fields[\(type)]")
        guard !lists.isEmpty else {
            wanted = nil
            return
        }
        let known = known()
        let names = lists.flatMap { $0.split(separator: ",").map(String.init) }
        if let strange = names.first(where: { !known.contains($0) }) {
            throw WireError(
                .badRequest,
                "Field \"\(strange.prefix(WireError.quotedMax))\" does not exist for type \"\(type)\"; ask for "
                    + "\(known.sorted().joined(separator: ", ")).", parameter: "fields[\(type)]")
        }
        wanted = Set(names)
    }

    var isEverything: Bool { wanted == nil }

    func has(_ name: String) -> Bool { wanted?.contains(name) ?? true }
}
