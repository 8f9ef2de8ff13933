// The owner's sign of life for a standby, and how an owner learns that it is one no more.

import Foundation
import Logging
import Store
import Synchronization

/// Writes the sign of life on a connection of its own, as long as it exists; nothing on SQLite.
///
/// It shows that this process runs, not that a batch gets through: a long batch is no reason to take over.
final class Pulse: Sendable {
    static let everyMs = 1_000

    private let ending = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter epoch: the epoch that the writer owns; nil while it owns none.
    /// - Parameter deposed: called once, when another server owns the database.
    init(
        _ engine: any Engine, logger: Logger, epoch: @escaping @Sendable () -> Int64?,
        deposed: @escaping @Sendable () -> Void
    ) {
        let thread = Thread { [ending, ended] in
            var connection: (any Connection)?
            var isDeposed = false
            repeat {
                guard !isDeposed, let before = epoch() else { continue }
                do {
                    let current = try connection ?? engine.connect()
                    connection = current
                    let isOwner = try OwnerWatch.pulse(current, scope: Floor.scope, epoch: before)
                    // The writer may have claimed anew meanwhile.
                    if !isOwner, epoch() == before {
                        isDeposed = true
                        deposed()
                    }
                } catch {
                    logger.warning("no sign of life was given to standbys: \(error)")
                    connection?.close()
                    connection = nil
                }
            } while ending.wait(timeout: .now() + .milliseconds(Self.everyMs)) == .timedOut
            connection?.close()
            ended.signal()
        }
        thread.name = "pulse"
        thread.start()
    }

    func stop() {
        ending.signal()
        ended.wait()
    }
}
