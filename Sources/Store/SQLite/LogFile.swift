// SQLite's log as a file that can be flushed beside the connection that writes it.
import Foundation

/// A descriptor of its own: an error of the disk is told to each descriptor once, so it is kept open, and no lock of
/// SQLite's (those are on the database and the index) ends when it is closed.
final class LogFile: Sendable {
    /// Free pages behind the log's end below which it is lengthened.
    static let roomPagesMin = 32
    /// Pages that it is lengthened by at once, at most: a MiB, which one flush takes along.
    static let stepPagesMax = 256
    /// A page of SQLite's default size and what the log says of it. Source: SQLite's file format §4.1.
    static let pageBytes = 4_096 + 24
    static let headerBytes = 32

    private static let zeros = [UInt8](repeating: 0, count: pageBytes)

    private let descriptor: CInt

    /// Nil while there is no log.
    init?(of path: String) {
        descriptor = open(path + "-wal", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { _ = Foundation.close(descriptor) } }

    /// Lengthens the log before it is full: what is written over costs a flush half of what is appended, since the
    /// file's length need not be stored with it.
    ///
    /// Only at the beginning of a write transaction, whose lock keeps everybody else from appending or emptying it.
    /// SQLite takes zeros for the log's end. Where the disk has no room for them a commit may still have.
    /// - Parameter used: pages that the log holds.
    func makeRoom(behind used: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        let length = Int(status.st_size)
        let free = (length - Self.headerBytes) / Self.pageBytes - used
        // Nothing is known of a log that this connection has not written yet.
        guard used > 0, free < Self.roomPagesMin else { return }
        let step = min(max(used / 4, 2 * Self.roomPagesMin), Self.stepPagesMax)
        // Page by page: what is written in large pieces lies in large pieces in memory, and each is looked through as a
        // whole with every flush.
        Self.zeros.withUnsafeBytes { zeros in
            for page in 0..<step {
                let place = off_t(length + page * Self.pageBytes)
                guard pwrite(descriptor, zeros.baseAddress, zeros.count, place) == zeros.count else { return }
            }
        }
    }

    func flush() throws {
        while fdatasync(descriptor) != 0 {
            let code = errno
            guard code == EINTR else {
                throw StoreError.unavailable(
                    "the log could not be flushed: \(String(cString: strerror(code)))")
            }
        }
    }
}
