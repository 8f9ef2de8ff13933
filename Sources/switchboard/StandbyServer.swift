// Waiting beside the server that owns the database, and taking its place when it is gone.

import Apio
import Center
import Cention
import Foundation
import Hummingbird
import Logging
import NIOCore
import NeutralAPI
import ServiceLifecycle
import Store
import Synchronization
import Tenios
import Web

/// Answers for itself that it waits, until the database is free.
/// - Returns: false when it was told to stop meanwhile.
func waitAsStandby(
    _ settings: ServeSettings, _ standby: Standby, _ watched: Watched, logger: Logger
) async throws -> Bool {
    let watch = OwnerGone(standby: standby)
    let web = WebServer(
        standbyRoutes(), listen: settings.listen, trustedProxies: settings.trustedProxies,
        certificate: settings.certificate, meter: watched.requests, logger: logger
    ) { bound in
        logger.notice(
            "Switchboard \(Switchboard.version) waits at \(bound): another server owns the database")
        tellServiceManager("READY=1\nSTATUS=standby")
    }
    let group = ServiceGroup(
        configuration: .init(
            services: [
                .init(service: watch, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: web),
                .init(
                    service: MetricsListener(
                        address: settings.metrics, logger: logger, floor: nil, watched: watched)),
                .init(service: CertificateWatch(certificate: settings.certificate, logger: logger)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
        try await group.run()
    } catch let problem as SecretProblem {
        throw Sentence(problem.description)
    } catch {
        throw Sentence(startProblem(error, settings))
    }
    if watch.isGone { logger.notice("the owner is gone: this server takes over") }
    return watch.isGone
}

/// Ends well once the database is free, or when the process is told to stop.
private final class OwnerGone: Service, Sendable {
    private let standby: Standby
    private let gone = Mutex(false)

    init(standby: Standby) { self.standby = standby }

    var isGone: Bool { gone.withLock { $0 } }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            // The database may take its time to answer, which no cooperative thread should wait for.
            let isNeeded = try await withCheckedThrowingContinuation {
                (answer: CheckedContinuation<Bool, any Error>) in
                Thread.detachNewThread { [self] in
                    answer.resume(with: Result { try standby.isNeeded() })
                }
            }
            if isNeeded {
                gone.withLock { $0 = true }
                return
            }
            try? await cancelWhenGracefulShutdown {
                try await Task.sleep(for: .milliseconds(Standby.everyMs))
            }
        }
    }
}

/// Alive, not ready, and 503 for everything else, in each dialect's own shape.
private func standbyRoutes() -> Routes {
    let routes = Routes()
    let refusal = Refusal.unavailable(
        "This server is a standby: another one owns the database. Ask that one.", retryAfterS: 2)
    let dialect = routes.dialect(at: "/") { _, _, _ in throw refusal }
    dialect.get("healthz") { _, _ in plain(.ok, "ok") }
    dialect.get("readyz") { _, _ in
        plain(.serviceUnavailable, "not ready: standby, another server owns the database")
    }
    CentionRoutes.refuseAll(refusal, on: routes)
    TeniosRoutes.refuseAll(refusal, on: routes)
    ApioRoutes.refuseAll(refusal, on: routes)
    NeutralRoutes.refuseAll(refusal, on: routes)
    return routes
}
