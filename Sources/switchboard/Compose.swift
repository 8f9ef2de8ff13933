// The one place that joins everything: store, floor, dialects, desk, deliverer, control socket.

import Apio
import Center
import Cention
import Channels
import Desk
import Foundation
import Logging
import NIOCore
import NeutralAPI
import ServiceLifecycle
import Store
import Synchronization
import Tenios
import Web

struct ServeSettings: Sendable {
    var store: StoreSettings
    var listen: Listen
    var publicURL: String?
    var trustedProxies: Networks
    var certificate: Certificate?
    var redirect: Listen?
    var metrics: MetricsAddress
    var desks = DeskPatience()
}

/// Opens the data and serves it until a signal; returns when everything accepted is finished.
func serve(_ settings: ServeSettings) async throws {
    let logger = makeLogger()
    let folder = try DataFolder(settings.store.folder)
    let watched = Watched()
    guard let (floor, lock) = try await ownedFloor(settings, watched, logger) else {
        logger.notice("stopped")
        return
    }
    defer { withExtendedLifetime((folder, lock)) {} }
    let control = try ControlSocket(folder: folder.path)
    control.removeStale()
    let publicURL = PublicURL(settings)

    let routes = Routes()
    addHealth(to: routes, floor: floor)
    CentionRoutes(floor: floor, publicURL: { publicURL.text }).add(to: routes)
    TeniosRoutes(floor: floor).add(to: routes)
    ApioRoutes(floor: floor).add(to: routes)
    NeutralRoutes(floor: floor).add(to: routes)
    addFacebookHook(to: routes, floor: floor)
    let operations = NeutralRoutes.operations.map {
        DocumentedOperation(method: $0.method, path: $0.path, summary: $0.summary)
    }
    addDesk(
        to: routes, floor: floor,
        api: DocumentedAPI(document: "\(NeutralRoutes.root)/openapi.json", operations: operations),
        publicURL: { publicURL.text })
    let web = WebServer(
        routes, listen: settings.listen, trustedProxies: settings.trustedProxies,
        certificate: settings.certificate, strictTransport: publicURL.isStandardHTTPS,
        meter: watched.requests, logger: logger
    ) { bound in
        publicURL.bound(to: bound)
        logger.notice("Switchboard \(Switchboard.version) serves \(publicURL.text)")
        tellServiceManager("READY=1")
    }
    let controlServer = WebServer(
        controlRoutes(floor), listen: .unix(path: control.path), limits: .control, logger: logger
    ) { _ in control.protect() }
    let deliverer = Deliverer(floor: floor, logger: logger) { answered in
        CentionCallback.render(answered, publicURL: publicURL.text)
    }
    var services: [any Service] = [
        Housekeeping(floor: floor, logger: logger), deliverer,
        CertificateWatch(certificate: settings.certificate, logger: logger), StopNotice(),
        controlServer, web,
        MetricsListener(address: settings.metrics, logger: logger, floor: floor, watched: watched),
    ]
    if let redirect = settings.redirect {
        let routes = redirectRoutes { publicURL.text }
        services.append(WebServer(routes, listen: redirect, limits: .redirect, logger: logger))
    }
    floor.keepPulse()
    let group = ServiceGroup(
        configuration: .init(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger))
    do {
        try await group.run()
    } catch {
        await floor.close()
        throw Sentence(startProblem(error, settings))
    }
    await floor.close()
    control.removeStale()
    logger.notice("stopped")
}

/// The floor, once the database is this server's: at once, or after waiting beside its owner; nil when told to stop.
private func ownedFloor(
    _ settings: ServeSettings, _ watched: Watched, _ logger: Logger
) async throws -> (Floor, DatabaseLock?)? {
    while true {
        if case .postgres = settings.store.location {
            let standby = try standby(settings.store, logger)
            if let standby, try await !waitAsStandby(settings, standby, watched, logger: logger) {
                return nil
            }
        }
        do {
            return try openFloor(settings.store, desks: settings.desks, logger: logger) { why in
                logger.critical("\(why); this server stops")
                exit(75)
            }
        } catch let taken as InUse {
            // A third server was faster, or the owner came back in this moment.
            guard case .postgres = settings.store.location else { throw taken }
        }
    }
}

/// Nil when the database is free now; only looked at, so that nothing of a running owner is migrated.
private func standby(_ settings: StoreSettings, _ logger: Logger) throws -> Standby? {
    do {
        let store = try Store.open(settings.location, logger: logger)
        return try Standby.unlessFree(store, folder: settings.folder, logger: logger)
    } catch StoreError.unavailable(let why) {
        throw Sentence("The database (\(settings.location)) cannot be used: \(why)")
    } catch let problem as SecretProblem {
        throw Sentence(problem.description)
    }
}

/// Migrates and claims the database and restores every workspace; the lock must outlive the floor.
func openFloor(
    _ settings: StoreSettings, desks: DeskPatience = .init(), logger: Logger,
    lost: @escaping @Sendable (String) -> Void
) throws -> (Floor, DatabaseLock?) {
    let lock = try DatabaseLock(settings.location)
    do {
        let store = try Store.open(settings.location, logger: logger)
        return (
            try Floor(store: store, folder: settings.folder, desks: desks, logger: logger, lost: lost), lock
        )
    } catch StoreError.fenced {
        throw InUse(what: "database (\(settings.location))", holder: "")
    } catch StoreError.unavailable(let why) {
        throw Sentence("The database (\(settings.location)) cannot be used: \(why)")
    }
}

func makeLogger() -> Logger {
    Logger(label: "switchboard") { StreamLogHandler.standardError(label: $0) }
}

/// How others reach this server: as set, or as bound.
private final class PublicURL: Sendable {
    private let value: Mutex<String>
    private let given: Bool
    private let scheme: String

    init(_ settings: ServeSettings) {
        given = settings.publicURL != nil
        scheme = settings.certificate == nil ? "http" : "https"
        value = Mutex(settings.publicURL ?? "\(scheme)://\(settings.listen)")
    }

    var text: String { value.withLock { $0 } }

    /// Whether a promise of https for the whole host, every port of it, is ours to give.
    var isStandardHTTPS: Bool {
        guard let url = URL(string: text), url.scheme == "https" else { return false }
        return url.port == nil || url.port == 443
    }

    func bound(to listen: Listen) {
        guard !given else { return }
        value.withLock { $0 = "\(scheme)://\(listen)" }
    }
}

func startProblem(_ error: any Error, _ settings: ServeSettings) -> String {
    let addresses = [settings.listen, settings.redirect].compactMap { $0?.description }
        .joined(separator: " or ")
    if let sentence = error as? Sentence { return sentence.description }
    guard let problem = error as? IOError else { return "The server stopped: \(error)" }
    return switch problem.errnoCode {
    case EADDRINUSE:
        "Something else listens on \(addresses); stop it, or choose another address with --listen."
    case EACCES:
        "This user may not listen on \(addresses); ports below 1024 need CAP_NET_BIND_SERVICE."
    case EADDRNOTAVAIL: "This machine has no address \(addresses); choose another with --listen."
    default: "The server cannot listen on \(addresses): \(String(cString: strerror(problem.errnoCode)))."
    }
}
