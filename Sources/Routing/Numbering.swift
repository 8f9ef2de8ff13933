// Numbers of our own for a few of many tenants, in the order in which they are met.

/// Each tenant that was met has a number, from 0.
struct Numbering<Slot: Tenant> {
    private var numbers = HashTable<Slot, NoHint>()
    private(set) var count = 0

    subscript(handle: Handle<Slot>) -> Int? { numbers[Int64(handle.raw)].map { Int($0.raw) } }

    /// - Returns: its number, and whether it was met for the first time.
    mutating func meet(_ handle: Handle<Slot>) -> (number: Int, isNew: Bool) {
        if let known = self[handle] { return (known, false) }
        numbers.insert(Int64(handle.raw), Handle(raw: Int32(count)))
        count += 1
        return (count - 1, true)
    }
}
