// What is asked for together with an item in hand.

/// Who has an item in hand and whose work it is: beside the item's number, so that all of it can be asked for at once.
/// Only a hint, which may be wrong one day.
struct Companions: HashHint {
    var profile = Handle<Profile>.none
    var agent = Handle<AgentSlot>.none
    var queue = Handle<QueueSlot>.none
    /// So that two entries of the table fill a cache line.
    private let space: Int32 = 0

    /// Nobody has had it in hand yet.
    static let none = Companions()
}
