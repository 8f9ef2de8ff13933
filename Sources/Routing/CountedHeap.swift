// A heap that tells without a look elsewhere that it is empty.

import HeapModule

/// A heap whose count lies beside it: its elements lie in memory of their own, which most look at only to learn that
/// there are none.
struct CountedHeap<Element: Comparable & Sendable>: Sendable {
    private var heap: Heap<Element>
    private var held: Int32

    init() {
        heap = Heap()
        held = 0
    }

    init(_ elements: [Element]) {
        heap = Heap(elements)
        held = Int32(elements.count)
    }

    var count: Int { Int(held) }

    var isEmpty: Bool {
        @inline(__always) get { held == 0 }
    }

    var min: Element? {
        @inline(__always) get { held == 0 ? nil : heap.min }
    }

    /// In no particular order.
    var unordered: [Element] { heap.unordered }

    mutating func insert(_ element: Element) {
        heap.insert(element)
        held += 1
    }

    mutating func popMin() -> Element? {
        if held == 0 { return nil }
        held -= 1
        return heap.removeMin()
    }
}
