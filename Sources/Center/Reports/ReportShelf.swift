// Reports of errands that nobody changed since they were read: read once, told often.

import Routing
import Synchronization

/// Keeps reports until anything about their errand, or the workspace's settings, changes.
///
/// What changes an errand tells an event of it, and the writer empties its place here after the commit and before the
/// answer: whoever was answered reads what is so. A reader that began before then has a ticket that is not taken.
final class ReportShelf: Sendable {
    /// About so much memory for all reports together.
    static let bytesMax = 32 << 20
    /// A larger one is read each time.
    static let reportBytesMax = 128 << 10
    private static let places = 64

    private struct Key: Hashable {
        let workspace: WorkspaceID
        let errand: ErrandID
    }

    private struct Entry {
        let report: ErrandReport
        /// Of the settings that its words come from.
        let settings: Int64
        let bytes: Int
    }

    private struct Place {
        /// Grows with every change of an errand that would be here.
        var changes: UInt64 = 0
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var isClosed = false
    }

    /// Taken before a report is read, given back with it.
    struct Ticket: Sendable {
        fileprivate let changes: UInt64
    }

    private let shelf: [Mutexed]

    private final class Mutexed: Sendable {
        let place = Mutex(Place())
    }

    init() {
        shelf = (0..<Self.places).map { _ in Mutexed() }
    }

    private func place(_ key: Key) -> Mutexed {
        shelf[Int(truncatingIfNeeded: key.errand.raw) & (Self.places - 1)]
    }

    /// The report as it is now, or the ticket to bring it.
    func find(_ errand: ErrandID, _ directory: Directory) -> (report: ErrandReport?, ticket: Ticket) {
        let key = Key(workspace: directory.workspace, errand: errand)
        return place(key).place.withLock { place in
            let entry = place.entries[key]
            return (
                entry?.settings == directory.version ? entry?.report : nil, Ticket(changes: place.changes)
            )
        }
    }

    /// Puts a report that was read since the ticket was taken.
    func put(_ report: ErrandReport, _ directory: Directory, _ ticket: Ticket) {
        let bytes = report.weight
        guard bytes <= Self.reportBytesMax else { return }
        let key = Key(workspace: directory.workspace, errand: report.errand.id)
        place(key).place.withLock { place in
            guard place.changes == ticket.changes, !place.isClosed else { return }
            if place.bytes + bytes > Self.bytesMax / Self.places {
                place.entries = [:]
                place.bytes = 0
            }
            let old = place.entries.updateValue(
                Entry(report: report, settings: directory.version, bytes: bytes), forKey: key)
            place.bytes += bytes - (old?.bytes ?? 0)
        }
    }

    /// After a commit, before its answers.
    func forget(_ events: [Event]) {
        for event in events {
            if event.kind == .errandsMarked {
                // It does not say which.
                empty(isClosed: nil)
            } else if let errand = event.number("errand") {
                forget(ErrandID(errand), in: event.workspace)
            } else if event.noun == .errand {
                forget(ErrandID(event.nounID), in: event.workspace)
            }
        }
    }

    func forget(_ errand: ErrandID, in workspace: WorkspaceID) {
        let key = Key(workspace: workspace, errand: errand)
        place(key).place.withLock { place in
            place.changes += 1
            if let old = place.entries.removeValue(forKey: key) { place.bytes -= old.bytes }
        }
    }

    /// The database is away, or was: another server may change what is here.
    func close() { empty(isClosed: true) }
    func open() { empty(isClosed: false) }

    private func empty(isClosed: Bool?) {
        for place in shelf {
            place.place.withLock { place in
                place.changes += 1
                place.entries = [:]
                place.bytes = 0
                if let isClosed { place.isClosed = isClosed }
            }
        }
    }
}

extension ErrandReport {
    /// About how much memory it takes.
    fileprivate var weight: Int {
        2_048 + body.utf8.count + htmlBody.utf8.count + errand.subject.utf8.count
            + (answer.map { $0.subject.utf8.count + $0.body.utf8.count } ?? 0) + actions.count * 128
            + tags.count * 64
    }
}
