// What must happen now and then although nobody asks.

import Center
import Logging
import ServiceLifecycle

struct Housekeeping: Service {
    static let everyS = 30

    let floor: Floor
    let logger: Logger

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await floor.expireSessions()
                try await floor.forgetFailures()
                try await floor.expireUploads()
            } catch {
                logger.error("housekeeping failed: \(error)")
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(Self.everyS)) }
        }
    }
}
