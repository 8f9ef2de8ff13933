// Lists that are filled and emptied with every input.

/// A list of handles that keeps its room when it is emptied: only the count goes back, which costs nothing.
struct Pile<Element: BitwiseCopyable & Sendable>: Sendable {
    /// The first `count` are in the list, the others were once.
    private var room: [Element] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(place: Int) -> Element {
        precondition(place < count, "no place \(place)")
        return room[place]
    }

    mutating func append(_ element: Element) {
        if count < room.count { room[count] = element } else { room.append(element) }
        count += 1
    }

    mutating func clear() { count = 0 }

    /// Ascending. A few are the rule, and those need no more than to be pushed up.
    mutating func sort(by comesBefore: (Element, Element) -> Bool) {
        guard count <= fewMax else {
            room = room[..<count].sorted(by: comesBefore)
            return
        }
        var next = 1
        while next < count {
            let element = room[next]
            var place = next
            while place > 0, comesBefore(element, room[place - 1]) {
                room[place] = room[place - 1]
                place -= 1
            }
            room[place] = element
            next += 1
        }
    }

    /// The list, to be worked on and put back: nothing is left here, so that it is not copied.
    mutating func takeOut() -> Pile {
        let all = self
        self = Pile()
        return all
    }
}

/// Elements that are sorted by pushing.
private let fewMax = 8
