// Ascending lists as sets: skills and queues, a few each.

/// Both of two ascending lists as one, each element once, without a list being made of it.
struct Merged<Element: Comparable>: Sequence, IteratorProtocol {
    private let a: [Element]
    private let b: [Element]
    private var i = 0
    private var j = 0

    init(_ a: [Element], _ b: [Element]) {
        self.a = a
        self.b = b
    }

    @inline(__always)
    mutating func next() -> Element? {
        guard i < a.count else {
            guard j < b.count else { return nil }
            j += 1
            return b[j - 1]
        }
        if j < b.count {
            if b[j] < a[i] {
                j += 1
                return b[j - 1]
            }
            if b[j] == a[i] { j += 1 }
        }
        i += 1
        return a[i - 1]
    }
}

extension Array where Element: Comparable {
    /// Whether this ascending array has all of another ascending one.
    func containsAll(_ other: [Element]) -> Bool {
        var i = 0
        for wanted in other {
            while i < count, self[i] < wanted { i += 1 }
            guard i < count, self[i] == wanted else { return false }
            i += 1
        }
        return true
    }

    /// Whether this is both of two ascending arrays as one, each element once.
    func isUnion(of a: [Element], _ b: [Element]) -> Bool {
        var (i, j) = (0, 0)
        for element in self {
            let isOfA = i < a.count && a[i] == element
            let isOfB = j < b.count && b[j] == element
            guard isOfA || isOfB else { return false }
            if isOfA { i += 1 }
            if isOfB { j += 1 }
        }
        return i == a.count && j == b.count
    }

    /// Ascending, each once.
    func ascending() -> [Element] {
        if count < 2 { return self }
        var result: [Element] = []
        result.reserveCapacity(count)
        for element in sorted() where result.last != element { result.append(element) }
        return result
    }

    /// Both ascending arrays as one.
    func union(_ other: [Element]) -> [Element] {
        if other.isEmpty { return self }
        if isEmpty { return other }
        var result: [Element] = []
        result.reserveCapacity(count + other.count)
        result.append(contentsOf: Merged(self, other))
        return result
    }
}
