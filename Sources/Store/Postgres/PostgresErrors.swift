// SQLSTATE codes as store errors.
import CPostgres

extension StoreError {
    /// - Parameter isFence: the statement is the batch's fence, which divides by zero on purpose.
    init(sqlState: String, message: String, isFence: Bool) {
        let why = "\(Self.isDiscreet(sqlState) ? message : "no details") (SQLSTATE \(sqlState))"
        switch sqlState {
        case "22012" where isFence: self = .fenced("another server has taken over")
        case "53100": self = .full(why)
        case "25006", "40001", "40P01", "55P03": self = .unavailable(why)
        default:
            switch sqlState.prefix(2) {
            case "08", "53", "57", "58": self = .unavailable(why)
            case "23": self = .constraint(why)
            default: self = .statement(why)
            }
        }
    }

    init(_ result: OpaquePointer, isFence: Bool) {
        self.init(
            sqlState: Self.field(CInt(UInt8(ascii: "C")), of: result) ?? "?????",
            message: Self.field(CInt(UInt8(ascii: "M")), of: result) ?? "no message",
            isFence: isFence)
    }

    /// Whether a class's primary message is about names and states only; data exceptions (22) and what a
    /// function raises (P0) quote values.
    private static func isDiscreet(_ sqlState: String) -> Bool {
        !["22", "P0"].contains(sqlState.prefix(2))
    }

    private static func field(_ code: CInt, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, code).map { String(cString: $0) }
    }
}
