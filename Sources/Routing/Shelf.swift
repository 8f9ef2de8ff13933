// Memory of our own for arrays of structs: each begins a cache line, and many lie in large pages.

import CMemory

#if canImport(Glibc)
    import Glibc
#endif

/// Bytes of a cache line.
private let lineBytes = 64
/// What a list begins with, in bytes: its first element comes after it.
let listHeaderBytes = 32
/// Bytes of a large page: one look at the page table for as much as 512 small ones.
private let largePageBytes = 2 << 20

/// An array of structs that an assignment reaches by number, in any order.
///
/// A change asks only in debug builds whether somebody else has a copy: whoever changes elements calls `own` first,
/// once for all of them.
struct Shelf<Element: Sendable>: Sendable {
    private var room: Room<Element>
    /// The room's, at hand.
    nonisolated(unsafe) private var base: UnsafeMutableRawPointer
    private(set) var count = 0

    init() {
        room = Room(capacity: 8)
        base = room.base
    }

    init(repeating element: Element, count: Int) {
        room = Room(capacity: count)
        base = room.base
        for _ in 0..<count { append(element) }
    }

    /// From one element to the next: structs that are longer than half a line begin one.
    @inline(__always)
    fileprivate static var stride: Int {
        let own = MemoryLayout<Element>.stride
        return own <= lineBytes / 2 ? own : (own + lineBytes - 1) & ~(lineBytes - 1)
    }

    // Where the element lives, not a copy: elements are hundreds of bytes, and reading one field of one is what the
    // router does most.
    subscript(place: Int) -> Element {
        @inline(__always)
        unsafeAddress { address(of: place) }
        @inline(__always)
        unsafeMutableAddress { mutableAddress(of: place) }
    }

    @inline(__always)
    func address(of place: Int) -> UnsafePointer<Element> {
        precondition(UInt(bitPattern: place) < UInt(bitPattern: count), "no such place")
        return UnsafePointer((base + place &* Self.stride).assumingMemoryBound(to: Element.self))
    }

    @inline(__always)
    mutating func mutableAddress(of place: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: place) < UInt(bitPattern: count), "no such place")
        #if DEBUG
            precondition(isKnownUniquelyReferenced(&room), "changed without being owned")
        #endif
        return (base + place &* Self.stride).assumingMemoryBound(to: Element.self)
    }

    /// Begins to bring the lines near that an element begins with; one that does not exist is no harm.
    /// - Parameter lines: at most so many.
    @inline(__always)
    func prefetch(_ place: Int, lines: Int = 4) {
        let first = base + place &* Self.stride
        let size = MemoryLayout<Element>.size
        prefetch_line(first)
        if lines > 1, size > lineBytes { prefetch_line(first + lineBytes) }
        if lines > 2, size > 2 * lineBytes { prefetch_line(first + 2 * lineBytes) }
        if lines > 3, size > 3 * lineBytes { prefetch_line(first + 3 * lineBytes) }
    }

    /// Begins to bring near the line in which a field of an element begins.
    /// - Parameter field: where in the element it is, in bytes.
    @inline(__always)
    func prefetch(_ place: Int, field: Int) { prefetch_line(base + place &* Self.stride + field) }

    /// Begins to bring near what a list begins with that is a field of an element. Asking the list itself would count
    /// a reference, which lies in the line that is not here yet.
    /// - Parameters:
    ///   - field: where in the element the list is, in bytes.
    ///   - lines: so many of it.
    @inline(__always)
    func prefetchList(_ place: Int, field: Int, lines: Int = 1) {
        let list = (UnsafeRawPointer(address(of: place)) + field).load(as: UnsafeRawPointer.self)
        for line in 0..<lines { prefetch_line(list + listHeaderBytes + line * lineBytes) }
    }

    var indices: Range<Int> { 0..<count }

    /// Makes sure that nobody else sees what is changed from now on.
    @inline(__always)
    mutating func own() {
        if !isKnownUniquelyReferenced(&room) { move(to: room.copied(capacity: room.capacity)) }
    }

    /// Makes room for so many at once, so that none of them is moved.
    mutating func reserve(_ wanted: Int) {
        own()
        if wanted > room.capacity { move(to: room.emptied(capacity: wanted)) }
    }

    mutating func append(_ element: consuming Element) {
        own()
        if count == room.capacity { move(to: room.emptied(capacity: 2 * count)) }
        (base + count &* Self.stride).assumingMemoryBound(to: Element.self).initialize(to: element)
        count += 1
        room.count = count
    }

    private mutating func move(to other: Room<Element>) {
        room = other
        base = other.base
    }
}

/// The memory of a shelf, which its copies share until one is changed.
private final class Room<Element: Sendable>: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        let bytes = max(1, capacity * Shelf<Element>.stride)
        let isLarge = bytes >= largePageBytes
        base = .allocate(byteCount: bytes, alignment: isLarge ? largePageBytes : lineBytes)
        #if canImport(Glibc)
            // Advice: without large pages it is slower, no more.
            if isLarge { _ = madvise(base, bytes, MADV_HUGEPAGE) }
        #endif
    }

    deinit {
        for place in 0..<count { at(place).deinitialize(count: 1) }
        base.deallocate()
    }

    private func at(_ place: Int) -> UnsafeMutablePointer<Element> {
        (base + place * Shelf<Element>.stride).assumingMemoryBound(to: Element.self)
    }

    func copied(capacity: Int) -> Room {
        let other = Room(capacity: capacity)
        for place in 0..<count { other.at(place).initialize(to: at(place).pointee) }
        other.count = count
        return other
    }

    /// Another room with everything that was here.
    func emptied(capacity: Int) -> Room {
        let other = Room(capacity: max(8, capacity))
        for place in 0..<count { other.at(place).moveInitialize(from: at(place), count: 1) }
        other.count = count
        count = 0
        return other
    }
}
