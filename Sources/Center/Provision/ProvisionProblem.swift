// Why a provisioning file is refused, and where in it.

/// The first thing wrong with a provisioning file; never holds a password or a secret.
public struct ProvisionProblem: Error, Codable, Sendable, Hashable, CustomStringConvertible {
    /// As the operator named it; empty until the reader fills it in.
    public var file: String
    public var line: Int
    public var column: Int
    public var reason: String

    public init(file: String = "", at position: Position, _ reason: String) {
        self.file = file
        line = position.line
        column = position.column
        self.reason = reason
    }

    /// For example `demo.yaml:12:5: unknown key 'pasword'; did you mean 'password'?`
    public var description: String { "\(file):\(line):\(column): \(reason)" }
}

extension ProvisionProblem {
    /// A name that is not known, with the nearest known one if there is one.
    ///
    /// `noun` is what it should name, such as `key` or `area`.
    public static func unknown(
        _ noun: String, _ name: Located<String>, among known: some Sequence<String>, file: String = ""
    ) -> ProvisionProblem {
        let hint = nearestName(to: name.value, among: known).map { "; did you mean \(quoted($0))?" } ?? ""
        return ProvisionProblem(
            file: file, at: name.position, "unknown \(noun) \(quoted(name.value))\(hint)")
    }
}

/// How much of a value a message repeats.
let quotedCharactersMax = 40

/// A value as messages show it: short, on one line, in quotes.
func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(quotedCharactersMax) {
        // Control and format characters could forge a second line or turn the text round.
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: shown += "?"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return "'\(shown)\(text.unicodeScalars.count > quotedCharactersMax ? "…" : "")'"
}

/// Longer names are not compared: the cost grows with the square.
let comparedCharactersMax = 64

/// The known name that was probably meant: the fewest slips away, the first of equals; else one that
/// begins alike, as `mon` and `monday` do.
func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased())
    guard !wanted.isEmpty, wanted.count <= comparedCharactersMax else { return nil }
    let slipsMax = wanted.count <= 3 ? 1 : wanted.count <= 6 ? 2 : 3
    var best: (name: String, slips: Int)?
    for candidate in known {
        let other = Array(candidate.lowercased())
        guard abs(other.count - wanted.count) <= slipsMax else { continue }
        let found = slips(from: wanted, to: other)
        if found <= slipsMax, found < max(wanted.count, other.count), found < best?.slips ?? Int.max {
            best = (candidate, found)
        }
    }
    if let best { return best.name }
    let lower = name.lowercased()
    return known.first { candidate in
        let other = candidate.lowercased()
        return min(lower.count, other.count) >= 3 && (lower.hasPrefix(other) || other.hasPrefix(lower))
    }
}

/// Letters to add, drop, change or swap with a neighbour (optimal string alignment).
private func slips(from left: [Character], to right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                cost = min(cost, beforeLast[j - 1] + 1)
            }
            row.append(cost)
        }
        beforeLast = last
        last = row
    }
    return last[right.count]
}
