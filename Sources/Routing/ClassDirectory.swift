// Where work with skills finds its class.

/// Sixteen classes of a queue by what their keys fold to, in two lines beside each other; more are found in the router's
/// dictionary. Open addressing, from the place that the fold names.
struct ClassDirectory: Sendable {
    static var placesMax: Int { 16 }

    private typealias Eight = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
    /// A tag and a handle in each.
    private var entries: (Eight, Eight) = (freeEight, freeEight)

    private static var freeEight: Eight { (free, free, free, free, free, free, free, free) }
    /// Nothing was here yet: what is looked for is not behind it.
    fileprivate static var free: UInt64 { .max }
    /// What was here is gone. No tag has all of these bits, nor those of `free`.
    private static var gone: UInt64 { .max - 1 }

    /// Notes a class, if there is room. One with the same tag gives its place.
    mutating func note(_ workClass: Handle<WorkClass>, at folded: Int64) {
        let tag = Self.tag(folded)
        withUnsafeMutableBytes(of: &entries) { bytes in
            let entries = bytes.bindMemory(to: UInt64.self)
            let places = (0..<Self.placesMax).map { Self.place(Int(truncatingIfNeeded: tag) + $0) }
            guard
                let place = places.first(where: { Self.tag(of: entries[$0]) == tag })
                    ?? places.first(where: { entries[$0] >= Self.gone })
            else { return }
            entries[place] = tag << 32 | UInt64(UInt32(bitPattern: workClass.raw))
        }
    }

    /// Forgets a class, if it was noted.
    mutating func forget(_ workClass: Handle<WorkClass>, at folded: Int64) {
        let entry = Self.tag(folded) << 32 | UInt64(UInt32(bitPattern: workClass.raw))
        withUnsafeMutableBytes(of: &entries) { bytes in
            let entries = bytes.bindMemory(to: UInt64.self)
            if let place = entries.firstIndex(of: entry) { entries[place] = Self.gone }
        }
    }

    /// Of 31 bits.
    @inline(__always)
    fileprivate static func tag(_ folded: Int64) -> UInt64 { UInt64(bitPattern: folded) >> 33 }

    @inline(__always)
    fileprivate static func tag(of entry: UInt64) -> UInt64 { entry >> 32 }

    @inline(__always)
    fileprivate static func place(_ number: Int) -> Int { number & (placesMax - 1) }
}

extension Shelf<ClassDirectory> {
    /// A class of the queue whose key may be the one with this fold.
    @inline(__always)
    func find(_ folded: Int64, of queue: Handle<QueueSlot>) -> Handle<WorkClass>? {
        let tag = ClassDirectory.tag(folded)
        // Read where it is.
        let entries = UnsafeRawPointer(address(of: Int(queue.raw)))
        for number in 0..<ClassDirectory.placesMax {
            let place = ClassDirectory.place(Int(truncatingIfNeeded: tag) + number)
            let entry = entries.load(fromByteOffset: place * 8, as: UInt64.self)
            if ClassDirectory.tag(of: entry) == tag { return Handle(raw: Int32(truncatingIfNeeded: entry)) }
            if entry == ClassDirectory.free { return nil }
        }
        return nil
    }
}
