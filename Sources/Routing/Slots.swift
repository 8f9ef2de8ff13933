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
    private(set) var all: [Slot] = []
    private var free: [Int32] = []

    var count: Int { all.count - free.count }

    subscript(handle: Handle<Slot>) -> Slot {
        // Where the tenant lives, not a copy: tenants are hundreds of bytes, and reading one field of one is
        // what the router does most.
        unsafeAddress {
            precondition(all.indices.contains(Int(handle.raw)), "no place \(handle.raw)")
            return all.withUnsafeBufferPointer { $0.baseAddress! + Int(handle.raw) }
        }
        unsafeMutableAddress {
            precondition(all.indices.contains(Int(handle.raw)), "no place \(handle.raw)")
            return all.withUnsafeMutableBufferPointer { $0.baseAddress! + Int(handle.raw) }
        }
    }

    /// Puts a tenant in.
    mutating func insert(_ tenant: consuming Slot) -> Handle<Slot> {
        if let place = free.popLast() {
            tenant.succeed(self[Handle(raw: place)])
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
