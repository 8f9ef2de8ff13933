// The words of a scenario line, taken from the left.

struct Words {
    private(set) var rest: ArraySlice<String>

    init(_ words: [String]) { rest = words[...] }

    var peek: String? { rest.first }

    mutating func nextOrNil() -> String? { rest.popFirst() }

    mutating func next() throws -> String {
        guard let word = rest.popFirst() else { throw Scenario.Malformed(why: "a word is missing") }
        return word
    }

    /// The word after one that is known to come first.
    mutating func next(after known: String) throws -> String {
        _ = take(known)
        return try next()
    }

    mutating func number() throws -> Int64 {
        let word = try next()
        guard let number = Int64(word) else { throw Scenario.Malformed(why: "no number: \(word)") }
        return number
    }

    /// `20s`, as milliseconds.
    mutating func seconds() throws -> Int64 {
        let word = try next()
        guard word.hasSuffix("s"), let number = Int64(word.dropLast()) else {
            throw Scenario.Malformed(why: "no seconds: \(word)")
        }
        return number * 1000
    }

    mutating func take(_ word: String) -> Bool {
        guard rest.first == word else { return false }
        rest = rest.dropFirst()
        return true
    }
}
