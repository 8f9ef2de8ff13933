// From ids that lie close together to handles.

/// Neighbouring ids whose handles share a cache line, beside the number of these neighbours.
private let neighbours: UInt64 = 14

/// Handles by id, fourteen neighbours in a cache line: one look at memory finds one.
///
/// Agents and queues are numbered one after the other, come and go seldom, and are asked for all the time: some ten bytes
/// each instead of the thirty-two of a hash table, so that all of them are near. Ids that lie far apart cost three times
/// as much as in a hash table. Open addressing by line, with a fixed hash that spreads numbers in a row.
struct BlockTable<Slot>: Sendable {
    private struct Block: Sendable {
        /// The ids' number by fourteens; `free` where nobody's are.
        var number = BlockTable.free
        /// Fourteen handles, two in each, none where nobody has the id.
        var handles: Seven = (-1, -1, -1, -1, -1, -1, -1)

        var isEmpty: Bool { withUnsafeBytes(of: handles) { $0.allSatisfy { $0 == .max } } }
    }

    private typealias Seven = (Int64, Int64, Int64, Int64, Int64, Int64, Int64)

    /// More than any fourteenth of an id.
    private static var free: UInt64 { .max }

    private var blocks = Shelf<Block>(repeating: Block(), count: 8)
    private var count = 0
    /// Shifts a hash down to a place.
    private var shift: UInt64 = 61

    subscript(id: Int64) -> Handle<Slot>? {
        let (number, offset) = Self.split(id)
        let place = place(of: number)
        guard blocks[place].number == number else { return nil }
        // By address, because the tuple would be copied to be asked for one of its elements.
        let raw = UnsafeRawPointer(blocks.address(of: place)).load(fromByteOffset: offset, as: Int32.self)
        return raw < 0 ? nil : Handle(raw: raw)
    }

    /// Begins to bring near where the id is looked for first.
    @inline(__always)
    func prefetch(_ id: Int64) { blocks.prefetch(home(of: Self.split(id).number), lines: 1) }

    /// Adds an id that is not there yet.
    mutating func insert(_ id: Int64, _ handle: Handle<Slot>) {
        precondition(self[id] == nil, "id taken: \(id)")
        blocks.own()
        let (number, offset) = Self.split(id)
        var place = place(of: number)
        if blocks[place].number != number {
            if (count + 1) * 3 > blocks.count * 2 {
                grow()
                place = self.place(of: number)
            }
            blocks[place].number = number
            count += 1
        }
        put(handle, at: offset, in: place)
    }

    /// Removes an id that is there.
    mutating func remove(_ id: Int64) {
        precondition(self[id] != nil, "no such id: \(id)")
        blocks.own()
        let (number, offset) = Self.split(id)
        let place = place(of: number)
        put(.none, at: offset, in: place)
        guard blocks[place].isEmpty else { return }
        let shift = shift
        let hole = blocks.closeUp(place) { $0.number == Self.free ? nil : Self.home(of: $0.number, shift) }
        blocks[hole] = Block()
        count -= 1
    }

    private mutating func grow() {
        let former = blocks
        blocks = Shelf(repeating: Block(), count: former.count * 2)
        shift -= 1
        for index in former.indices where former[index].number != Self.free {
            blocks[place(of: former[index].number)] = former[index]
        }
    }

    @inline(__always)
    private mutating func put(_ handle: Handle<Slot>, at offset: Int, in place: Int) {
        UnsafeMutableRawPointer(blocks.mutableAddress(of: place))
            .storeBytes(of: handle.raw, toByteOffset: offset, as: Int32.self)
    }

    /// Where the number is, or would go.
    @inline(__always)
    private func place(of number: UInt64) -> Int {
        let mask = blocks.count &- 1
        var place = home(of: number)
        while blocks[place].number != number, blocks[place].number != Self.free {
            place = (place &+ 1) & mask
        }
        return place
    }

    @inline(__always)
    private func home(of number: UInt64) -> Int { Self.home(of: number, shift) }

    @inline(__always)
    private static func home(of number: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    /// The number of an id's block, and where in it its handle is, in bytes.
    @inline(__always)
    private static func split(_ id: Int64) -> (number: UInt64, offset: Int) {
        let (number, place) = UInt64(bitPattern: id).quotientAndRemainder(dividingBy: neighbours)
        let field = MemoryLayout<UInt64>.size + Int(place) * MemoryLayout<Int32>.size
        return (number, field)
    }
}
