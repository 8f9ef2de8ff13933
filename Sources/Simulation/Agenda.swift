// What happens next: a heap of events by time.

/// Something that is going to happen.
struct Event {
    enum Kind: UInt8 {
        /// `subject` is the place of the arrivals in the model.
        case arrival
        /// `subject` is the customer, `mark` the customer's mark then: an older one means nothing any more.
        case handled
        case givenUp
        /// `subject` is the customer, `agent` who accepts the offer of epoch `mark`.
        case accept
        /// `agent` is available again.
        case back
    }

    var at: Double
    /// Events of the same moment keep the order they were made in.
    var order: UInt64 = 0
    var subject: Int64 = 0
    var mark: UInt32 = 0
    var agent: Int32 = 0
    var kind: Kind

    @inline(__always)
    static func < (a: Event, b: Event) -> Bool { a.at != b.at ? a.at < b.at : a.order < b.order }
}

/// The events to come; adding one and taking the first cost the logarithm of their number.
struct Agenda {
    /// Children of a place in the heap: four are in two cache lines.
    private static let fan = 4

    private var events: [Event] = []
    private var drawn: UInt64 = 0

    var first: Event? { events.first }
    var count: Int { events.count }

    mutating func add(_ event: Event) {
        var event = event
        event.order = drawn
        drawn += 1
        events.append(event)
        rise(from: events.count - 1)
    }

    mutating func takeFirst() -> Event {
        let first = events[0]
        let last = events.removeLast()
        if !events.isEmpty { sink(last) }
        return first
    }

    private mutating func rise(from place: Int) {
        var place = place
        let event = events[place]
        while place > 0 {
            let parent = (place - 1) / Self.fan
            guard event < events[parent] else { break }
            events[place] = events[parent]
            place = parent
        }
        events[place] = event
    }

    /// Puts an event in the first place and moves it down to where it belongs.
    private mutating func sink(_ event: Event) {
        var place = 0
        let count = events.count
        while true {
            let start = place * Self.fan + 1
            guard start < count else { break }
            var least = start
            for child in (start + 1)..<max(start + 1, min(start + Self.fan, count))
            where events[child] < events[least] {
                least = child
            }
            guard events[least] < event else { break }
            events[place] = events[least]
            place = least
        }
        events[place] = event
    }
}
