// From ids that lie close together to handles.

/// Handles by id, sixteen neighbours in a cache line.
///
/// Agents and queues are numbered one after the other, come and go seldom, and are asked for all the time: four bytes
/// each instead of the thirty-two of a hash table, which leads to the line, so that all of them are near. Ids that lie
/// far apart cost three times as much as in a hash table alone.
struct BlockTable<Slot>: Sendable {
    /// Sixteen handles, none where nobody has the id.
    private struct Block: Sendable {
        var handles = SIMD16<Int32>(repeating: -1)
    }

    private static var blockBits: Int64 { 4 }
    private static var blockMask: Int64 { 1 << blockBits - 1 }

    private var blocks = Shelf<Block>()
    private var blockByNumber = HashTable<Block>()
    /// Places of blocks that are used again.
    private var free: [Int32] = []

    subscript(id: Int64) -> Handle<Slot>? {
        guard let block = blockByNumber[id >> Self.blockBits] else { return nil }
        // By address, because a vector would be copied to be asked for one of its elements.
        let raw = UnsafeRawPointer(blocks.address(of: Int(block.raw)))
            .load(fromByteOffset: Self.offset(of: id), as: Int32.self)
        return raw < 0 ? nil : Handle(raw: raw)
    }

    /// Begins to bring near where the id is looked for first.
    @inline(__always)
    func prefetch(_ id: Int64) { blockByNumber.prefetch(id >> Self.blockBits) }

    /// Adds an id that is not there yet.
    mutating func insert(_ id: Int64, _ handle: Handle<Slot>) {
        precondition(self[id] == nil, "id taken: \(id)")
        blocks.own()
        let number = id >> Self.blockBits
        put(handle, id, in: blockByNumber[number] ?? addBlock(number))
    }

    /// Removes an id that is there.
    mutating func remove(_ id: Int64) {
        let number = id >> Self.blockBits
        guard let block = blockByNumber[number], self[id] != nil else {
            preconditionFailure("no such id: \(id)")
        }
        blocks.own()
        put(.none, id, in: block)
        guard blocks[Int(block.raw)].handles == SIMD16(repeating: -1) else { return }
        blockByNumber.remove(number)
        free.append(block.raw)
    }

    private mutating func addBlock(_ number: Int64) -> Handle<Block> {
        let place = free.popLast() ?? Int32(blocks.count)
        if Int(place) == blocks.count { blocks.append(Block()) }
        blockByNumber.insert(number, Handle(raw: place))
        return Handle(raw: place)
    }

    @inline(__always)
    private mutating func put(_ handle: Handle<Slot>, _ id: Int64, in block: Handle<Block>) {
        UnsafeMutableRawPointer(blocks.mutableAddress(of: Int(block.raw)))
            .storeBytes(of: handle.raw, toByteOffset: Self.offset(of: id), as: Int32.self)
    }

    @inline(__always)
    private static func offset(of id: Int64) -> Int { Int(id & blockMask) * MemoryLayout<Int32>.size }
}
