// What receivers say of when to come back.
import Foundation
import Testing

@testable import Channels

@Suite("Retry-After")
struct RetryAfterTests {
    @Test(
        "is seconds or a date",
        arguments: [
            ("120", 120_000), (" 0 ", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 10_000),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("99999999999999999999", Int64.max), ("-5", nil),
            ("1.5", nil), ("", nil), ("soon", nil), ("١٢", nil),
        ] as [(String, Int64?)])
    func read(_ value: String, _ expected: Int64?) {
        // 1994-11-06 08:49:27 UTC
        let result = RetryAfter.ms(value, now: Date(timeIntervalSince1970: 784_111_767))
        #expect(result == expected)
    }
}
