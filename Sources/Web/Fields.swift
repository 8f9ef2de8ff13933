// The fields of a query or a posted form: names may repeat, order is kept.
import Center
public import Hummingbird

/// Decoded fields in the order they came.
public struct Fields: Sendable {
    /// Most fields taken from one query or form.
    public static let maxFields = 1_000

    public let list: [(name: String, value: String)]

    /// Decodes `a=1&b=2`; `+` is a space, brackets may be percent-encoded.
    ///
    /// Errors: `Refusal.invalid` for a broken `%`, bytes that are no UTF-8, or too many fields.
    public init(encoded: some Collection<UInt8>) throws {
        var list: [(name: String, value: String)] = []
        for pair in encoded.split(separator: UInt8(ascii: "&")) {
            guard list.count < Fields.maxFields else {
                throw Refusal.invalid(
                    "More than \(Fields.maxFields) fields were sent; send fewer.", pointer: nil)
            }
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(bytes: parts[0], plusIsSpace: true),
                let value = parts.count == 1 ? "" : percentDecoded(bytes: parts[1], plusIsSpace: true)
            else {
                throw Refusal.invalid("A field is not correctly percent-encoded UTF-8.", pointer: nil)
            }
            list.append((name, value))
        }
        self.list = list
    }

    /// The fields of the request's query.
    public init(queryOf request: Request) throws {
        try self.init(encoded: Array((request.uri.query ?? "").utf8))
    }

    /// The fields of an `application/x-www-form-urlencoded` body.
    public init(form body: Body) throws {
        try self.init(encoded: body.buffer.readableBytesView)
    }

    /// The first value of that name.
    public subscript(name: String) -> String? {
        list.first { $0.name == name }?.value
    }

    /// All values of that name, in order.
    public func all(_ name: String) -> [String] {
        list.filter { $0.name == name }.map(\.value)
    }
}
