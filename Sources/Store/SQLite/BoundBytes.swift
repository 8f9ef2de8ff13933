// Where texts and blobs stand while a statement that binds them runs.

/// One copy of each, in memory that is used again: SQLite's own copies are an allocation each.
final class BoundBytes {
    /// Memory kept between statements; a larger one gives it back at its end.
    static let keptMaxBytes = 256 << 10

    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 10, alignment: 1)
    private var used = 0
    /// Whether some text of the statement holds U+0000.
    private var hasNul = false

    deinit { memory.deallocate() }

    /// Makes room for all values of a statement: what is added stays where it is until the statement's end.
    func begin(with values: [Value]) {
        var wanted = 1
        hasNul = false
        for value in values {
            switch value {
            case .text(let text):
                wanted += text.utf8.count
                if text.hasNul {
                    // What stands for it is longer than U+0000.
                    hasNul = true
                    wanted += 2 * text.utf8.count
                }
            case .blob(let blob): wanted += blob.count
            case .null, .integer, .real: break
            }
        }
        used = 0
        if wanted > memory.count { resize(to: max(wanted, 2 * memory.count)) }
    }

    /// Never null, which SQLite would bind as NULL.
    func add(_ text: String) -> UnsafeRawBufferPointer {
        var text = hasNul ? text.withoutNul : text
        return text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    func add(_ blob: [UInt8]) -> UnsafeRawBufferPointer {
        blob.withUnsafeBytes { add($0) }
    }

    func end() {
        if memory.count > Self.keptMaxBytes { resize(to: Self.keptMaxBytes) }
    }

    private func add(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let place = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
        place.copyMemory(from: bytes)
        used += bytes.count
        return UnsafeRawBufferPointer(place)
    }

    private func resize(to count: Int) {
        memory.deallocate()
        memory = .allocate(byteCount: count, alignment: 1)
    }
}
