// Where the classes of work are that an agent may take.

/// A profile's first classes by their place, in two lines: the profile's own list would be one look at memory more,
/// because where it lies must be looked up first.
struct Reach: Sendable {
    /// Classes that are here; the others are in the profile alone.
    static var heldMax: Int { 32 }

    private typealias Eight = (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64)
    /// Two handles in each.
    private var held: (Eight, Eight) = (noneOfEight, noneOfEight)

    private static var noneOfEight: Eight { (-1, -1, -1, -1, -1, -1, -1, -1) }

    /// Notes which class has a place.
    mutating func note(_ workClass: Handle<WorkClass>, at place: Int32) {
        guard place < Self.heldMax else { return }
        withUnsafeMutableBytes(of: &held) { bytes in
            bytes.storeBytes(of: workClass.raw, toByteOffset: Self.offset(of: Int(place)), as: Int32.self)
        }
    }

    @inline(__always)
    fileprivate static func offset(of place: Int) -> Int { place * MemoryLayout<Int32>.size }
}

extension Shelf<Reach> {
    /// The class at one of a profile's first places, read where it is.
    @inline(__always)
    func held(_ profile: Int, at place: Int) -> Handle<WorkClass> {
        let raw = UnsafeRawPointer(address(of: profile))
        return Handle(raw: raw.load(fromByteOffset: Reach.offset(of: place), as: Int32.self))
    }
}
