// The one place that joins everything: store, floor, dialects, desk, deliverer, control socket.

import Center
import Cention
import Channels
import Desk
import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization
import Web

struct ServeSettings: Sendable {
    var store: StoreSettings
    var listen: Listen
    var publicURL: String?
    var trustedProxies: Networks
    var desks = DeskPatience()
}

/// Opens the data and serves it until a signal; returns when everything accepted is finished.
func serve(_ settings: ServeSettings) async throws {
    let logger = makeLogger()
    let folder = try DataFolder(settings.store.folder)
    let floor = try openFloor(settings.store, desks: settings.desks, logger: logger) { why in
        logger.critical("\(why); this server stops")
        exit(75)
    }
    let control = try ControlSocket(folder: folder.path)
    control.removeStale()
    let publicURL = PublicURL(settings.publicURL)

    let routes = Routes()
    addHealth(to: routes, floor: floor)
    CentionRoutes(floor: floor, publicURL: { publicURL.text }).add(to: routes)
    addDesk(to: routes, floor: floor)
    let web = WebServer(
        routes, listen: settings.listen, trustedProxies: settings.trustedProxies, logger: logger
    ) { bound in
        publicURL.bound(to: bound)
        logger.notice("Switchboard \(Switchboard.version) serves \(publicURL.text)")
    }
    let controlServer = WebServer(
        controlRoutes(floor), listen: .unix(path: control.path), limits: .control, logger: logger
    ) { _ in control.protect() }
    let deliverer = Deliverer(floor: floor, logger: logger) { answered in
        CentionCallback.render(answered, publicURL: publicURL.text)
    }
    let group = ServiceGroup(
        configuration: .init(
            services: [
                .init(service: Housekeeping(floor: floor, logger: logger)), .init(service: deliverer),
                .init(service: controlServer), .init(service: web),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
        try await group.run()
    } catch {
        await floor.close()
        throw Sentence(startProblem(error, settings.listen))
    }
    await floor.close()
    control.removeStale()
    logger.notice("stopped")
}

/// Migrates and claims the database and restores every workspace.
func openFloor(
    _ settings: StoreSettings, desks: DeskPatience = .init(), logger: Logger,
    lost: @escaping @Sendable (String) -> Void
) throws -> Floor {
    let store = try Store.open(settings.location, logger: logger)
    return try Floor(store: store, folder: settings.folder, desks: desks, logger: logger, lost: lost)
}

func makeLogger() -> Logger {
    Logger(label: "switchboard") { StreamLogHandler.standardError(label: $0) }
}

/// How others reach this server: as set, or as bound.
private final class PublicURL: Sendable {
    private let value: Mutex<String>
    private let given: Bool

    init(_ given: String?) {
        self.given = given != nil
        value = Mutex(given ?? "")
    }

    var text: String { value.withLock { $0 } }

    func bound(to listen: Listen) {
        guard !given else { return }
        value.withLock { $0 = "http://\(listen)" }
    }
}

private func startProblem(_ error: any Error, _ listen: Listen) -> String {
    let text = "\(error)"
    if text.contains("EADDRINUSE") || text.contains("Address already in use") {
        return "Something else listens on \(listen); stop it, or choose another address with --listen."
    }
    return "The server stopped: \(text)"
}
