// Columns are found by their names.
import SeededRandom
import Testing

@testable import Store

@Suite struct RowTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a column is the first of its name`(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        // Few letters and lengths: names meet, and some stand for nothing. Long ones often differ in the middle only.
        func name() -> String {
            let middle = short()
            return random.below(3) == 0 ? "begins_alike_" + middle + "_and_ends_alike" : middle
        }
        func short() -> String {
            String(
                (0..<random.below(6)).map { _ in
                    "abcé_1"["abcé_1".index("abcé_1".startIndex, offsetBy: random.below(6))]
                })
        }
        for count in [0, 1, 2, 7, 40, 300] {
            let names = (0..<count).map { _ in name() }
            let columns = Columns(names)
            for asked in names + (0..<100).map({ _ in name() }) {
                #expect(columns.index(of: asked) == names.firstIndex(of: asked), "\(asked), seed \(seed)")
            }
        }
    }

    @Test func `null is nil, and nothing else is`() {
        let row = Row(columns: Columns(["none", "number", "text"]), values: [.null, .integer(0), .text("")])
        #expect(row.intOrNil("none") == nil)
        #expect(row.textOrNil("none") == nil)
        #expect(row.intOrNil("number") == 0)
        #expect(row.textOrNil("text") == "")
    }
}
