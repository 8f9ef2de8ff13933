// SQLite's log as a file that can be flushed beside the connection that writes it.
import Foundation

/// A descriptor of its own: an error of the disk is told to each descriptor once, so it is kept open, and no lock of
/// SQLite's (those are on the database and the index) ends when it is closed.
final class LogFile: Sendable {
    private let descriptor: CInt

    /// Nil while there is no log.
    init?(of path: String) {
        descriptor = open(path + "-wal", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { _ = Foundation.close(descriptor) } }

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
