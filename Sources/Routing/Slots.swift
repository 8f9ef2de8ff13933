// Where the router keeps its agents, items, queues: arrays of structs, reached by integer handles.

/// A place in `Slots`; valid until its tenant is removed.
struct Handle<Slot>: Sendable, Hashable, BitwiseCopyable {
    let raw: Int32

    static var none: Handle { Handle(raw: -1) }
    var isNone: Bool { raw < 0 }
}

/// What can live in `Slots`: it knows whether its place is still taken.
protocol Tenant: Sendable {
    var isAlive: Bool { get set }
    /// Carries on the counters of the last tenant of the same place.
    mutating func succeed(_ former: borrowing Self)
}

extension Tenant {
    mutating func succeed(_ former: borrowing Self) {}
}

/// An array whose places are used again after a removal.
struct Slots<Slot: Tenant>: Sendable {
    private(set) var all = Shelf<Slot>()
    private var free: [Int32] = []

    var count: Int { all.count - free.count }

    subscript(handle: Handle<Slot>) -> Slot {
        @inline(__always)
        unsafeAddress { all.address(of: Int(handle.raw)) }
        @inline(__always)
        unsafeMutableAddress { all.mutableAddress(of: Int(handle.raw)) }
    }

    /// Begins to bring near what a tenant begins with, which will be needed soon; none is no harm.
    @inline(__always)
    func prefetch(_ handle: Handle<Slot>, lines: Int = 4) { all.prefetch(Int(handle.raw), lines: lines) }

    /// Begins to bring near the line in which a field of a tenant begins.
    /// - Parameter field: where in the tenant it is, in bytes.
    @inline(__always)
    func prefetch(_ handle: Handle<Slot>, field: Int) { all.prefetch(Int(handle.raw), field: field) }

    /// Begins to bring near a list of a tenant that is near itself.
    /// - Parameters:
    ///   - field: where in the tenant the list is, in bytes.
    ///   - lines: so many of it.
    @inline(__always)
    func prefetchList(_ handle: Handle<Slot>, field: Int, lines: Int = 1) {
        all.prefetchList(Int(handle.raw), field: field, lines: lines)
    }

    /// Makes sure that nobody else sees what is changed from now on.
    @inline(__always)
    mutating func own() { all.own() }

    /// Makes room for so many at once, so that none of them is moved.
    mutating func reserve(_ wanted: Int) { all.reserve(wanted) }

    /// Puts a tenant in.
    mutating func insert(_ tenant: consuming Slot) -> Handle<Slot> {
        if let place = free.popLast() {
            tenant.succeed(all[Int(place)])
            all[Int(place)] = tenant
            return Handle(raw: place)
        }
        all.append(tenant)
        return Handle(raw: Int32(all.count - 1))
    }

    mutating func remove(_ handle: Handle<Slot>) {
        precondition(self[handle].isAlive, "removed twice: \(Slot.self) \(handle.raw)")
        self[handle].isAlive = false
        free.append(handle.raw)
    }

    /// Every place that is taken.
    var handles: [Handle<Slot>] {
        var taken: [Handle<Slot>] = []
        taken.reserveCapacity(count)
        for place in all.indices where all[place].isAlive { taken.append(Handle(raw: Int32(place))) }
        return taken
    }
}
