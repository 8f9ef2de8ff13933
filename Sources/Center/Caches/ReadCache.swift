// What was read once and not changed since, told again without asking the database.

import Routing
import Synchronization

/// Taken before a thing is read, given back with it.
package struct CacheTicket: Sendable {
    fileprivate let changes: UInt64
}

/// Keeps what was read of numbered things until they, or the workspace's settings, change.
///
/// What changes a thing tells an event of it, and the writer empties its place here after the commit and before the
/// answer: whoever was answered reads what is so. A reader that began before then has a ticket that is not taken.
final class ReadCache<Thing: Sendable>: Sendable {
    private struct Key: Hashable {
        let workspace: WorkspaceID
        let id: Int64
    }

    private struct Entry {
        let thing: Thing
        /// Of the settings that its words come from.
        let settings: Int64
        let bytes: Int
    }

    private struct Board {
        /// Grows with every change of a thing that would be here.
        var changes: UInt64 = 0
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var isClosed = false
        /// Keys as they were put, the oldest from `oldest` on; some are gone, or were put again.
        var order: [Key] = []
        var oldest = 0

        mutating func remove(_ key: Key) {
            if let old = entries.removeValue(forKey: key) { bytes -= old.bytes }
        }

        mutating func makeRoom(for wanted: Int, within max: Int) {
            while bytes + wanted > max, oldest < order.count {
                remove(order[oldest])
                oldest += 1
            }
            if oldest > order.count / 2 {
                order.removeFirst(oldest)
                oldest = 0
            }
            // What came and went again and again.
            if order.count > 4 * entries.count + ReadCache.orderSlack {
                order = order[oldest...].filter { entries[$0] != nil }
                oldest = 0
            }
        }

        mutating func empty() {
            entries = [:]
            order = []
            oldest = 0
            bytes = 0
        }
    }

    /// A lock of its own for each board, so that readers seldom wait for each other.
    private final class Place: Sendable {
        let board = Mutex(Board())
    }

    private static var placesMax: Int { 64 }
    private static var orderSlack: Int { 64 }
    private let bytesMax: Int
    private let thingBytesMax: Int
    private let places: [Place]

    /// - Parameters:
    ///   - bytesMax: about so much memory for all things together.
    ///   - thingBytesMax: a larger one is read each time.
    init(bytesMax: Int, thingBytesMax: Int) {
        self.bytesMax = bytesMax
        self.thingBytesMax = thingBytesMax
        places = (0..<Self.placesMax).map { _ in Place() }
    }

    private func place(_ id: Int64) -> Place { places[Int(truncatingIfNeeded: id) & (Self.placesMax - 1)] }

    /// The thing as it is now, and the ticket to bring it where it is not here.
    func find(_ id: Int64, _ directory: Directory) -> (thing: Thing?, ticket: CacheTicket) {
        let key = Key(workspace: directory.workspace, id: id)
        return place(id).board.withLock { board in
            let entry = board.entries[key]
            return (
                entry?.settings == directory.version ? entry?.thing : nil, CacheTicket(changes: board.changes)
            )
        }
    }

    /// Puts a thing that was read since the ticket was taken.
    /// - Parameter bytes: about how much memory it takes.
    func put(_ thing: Thing, _ id: Int64, bytes: Int, _ directory: Directory, _ ticket: CacheTicket) {
        guard bytes <= thingBytesMax else { return }
        let key = Key(workspace: directory.workspace, id: id)
        place(id).board.withLock { board in
            guard board.changes == ticket.changes, !board.isClosed else { return }
            board.remove(key)
            board.makeRoom(for: bytes, within: bytesMax / Self.placesMax)
            board.entries[key] = Entry(thing: thing, settings: directory.version, bytes: bytes)
            board.order.append(key)
            board.bytes += bytes
        }
    }

    func forget(_ id: Int64, in workspace: WorkspaceID) {
        let key = Key(workspace: workspace, id: id)
        place(id).board.withLock { board in
            board.changes += 1
            board.remove(key)
        }
    }

    /// - Parameter isClosed: nothing is taken from then on; nil leaves that as it is.
    func empty(isClosed: Bool? = nil) {
        for place in places {
            place.board.withLock { board in
                board.changes += 1
                board.empty()
                if let isClosed { board.isClosed = isClosed }
            }
        }
    }
}
