// Numbers of our own for some of the tenants of slots.

/// A number for some of the tenants of a place: found at once, whatever there are.
struct Numbering<Slot: Tenant> {
    private var numbers: [Int32]

    init(_ slots: borrowing Slots<Slot>) { numbers = Array(repeating: -1, count: slots.all.count) }

    subscript(handle: Handle<Slot>) -> Int? {
        get {
            let number = numbers[Int(handle.raw)]
            return number < 0 ? nil : Int(number)
        }
        set { numbers[Int(handle.raw)] = newValue.map(Int32.init) ?? -1 }
    }
}
