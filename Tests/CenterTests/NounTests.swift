// Counters are kept by a noun's place.
import Testing

@testable import Center

@Suite struct NounTests {
    @Test func `each noun's place is where it is listed`() {
        for (place, noun) in Noun.allCases.enumerated() { #expect(noun.place == place, "\(noun)") }
    }
}
