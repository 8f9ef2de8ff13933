// Where a list of all libraries begins. Source: cention.md §7.

/// Roots: nodes that nothing else holds. Of a ring that nothing outside of it holds, the one with the lowest id is one,
/// so that no part of the library is out of reach.
enum LibraryRoots {
    /// - Parameters:
    ///   - nodes: every node of the kind.
    ///   - links: parent and child of every link between libraries and categories.
    /// - Returns: ascending by id.
    static func roots(
        of kind: LibraryKind, among nodes: [LibraryNode], links: [(LibraryNode, LibraryNode)]
    ) -> [LibraryNode] {
        var shelf = Shelf(nodes)
        for (parent, child) in links { shelf.link(parent, child) }
        return shelf.sources().compactMap { ring in
            ring.filter { $0.kind == kind }.min { $0.id < $1.id }
        }.sorted { $0.id < $1.id }
    }

    private struct Shelf {
        var nodes: [LibraryNode]
        var places: [LibraryNode: Int] = [:]
        var below: [[Int]]
        var above: [[Int]]

        init(_ nodes: [LibraryNode]) {
            self.nodes = nodes
            below = Array(repeating: [], count: nodes.count)
            above = below
            for (place, node) in nodes.enumerated() { places[node] = place }
        }

        mutating func link(_ parent: LibraryNode, _ child: LibraryNode) {
            let (parent, child) = (place(of: parent), place(of: child))
            below[parent].append(child)
            above[child].append(parent)
        }

        private mutating func place(of node: LibraryNode) -> Int {
            if let place = places[node] { return place }
            let place = nodes.count
            nodes.append(node)
            below.append([])
            above.append([])
            places[node] = place
            return place
        }

        /// The rings (most of them one node) that nothing outside holds.
        ///
        /// In the opposite order of finishing, the first node that no earlier one reaches is in such a ring: whatever
        /// held it would have finished later and reached it.
        func sources() -> [[LibraryNode]] {
            var covered = Array(repeating: false, count: nodes.count)
            var rings: [[LibraryNode]] = []
            for start in finished().reversed() where !covered[start] {
                cover(start, &covered)
                rings.append(ring(around: start).map { nodes[$0] })
            }
            return rings
        }

        /// Marks what is reached from here. Without recursion, like all of this: shelves may be deep.
        private func cover(_ start: Int, _ marks: inout [Bool]) {
            marks[start] = true
            var open = [start]
            while let node = open.popLast() {
                for other in below[node] where !marks[other] {
                    marks[other] = true
                    open.append(other)
                }
            }
        }

        /// Everything that holds the node, itself included.
        private func ring(around start: Int) -> Set<Int> {
            var ring: Set = [start]
            var open = [start]
            while let node = open.popLast() {
                for other in above[node] where ring.insert(other).inserted { open.append(other) }
            }
            return ring
        }

        /// Every node, those first from which everything else was seen already.
        private func finished() -> [Int] {
            var seen = Array(repeating: false, count: nodes.count)
            var order: [Int] = []
            order.reserveCapacity(nodes.count)
            for start in nodes.indices where !seen[start] {
                seen[start] = true
                var path = [(node: start, next: 0)]
                while let top = path.last {
                    let edges = below[top.node]
                    if top.next < edges.count {
                        path[path.count - 1].next += 1
                        let other = edges[top.next]
                        if !seen[other] {
                            seen[other] = true
                            path.append((other, 0))
                        }
                    } else {
                        order.append(top.node)
                        path.removeLast()
                    }
                }
            }
            return order
        }
    }
}
