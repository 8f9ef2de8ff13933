// The listener that tells how the server is: an address of its own, so that nobody meets it by accident.

import Center
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Web

/// Where metrics are told, if anywhere.
enum MetricsAddress: Sendable {
    case off
    /// Nobody asked for it: when something else is there, the server goes on without.
    case standard
    case asked(Listen)

    static let standardListen = Listen.tcp(host: "127.0.0.1", port: 9_464)
    static let standardName = "127.0.0.1:9464"

    init(_ given: GivenSetting?) throws {
        guard let given else {
            self = .standard
            return
        }
        guard given.text != "off" else {
            self = .off
            return
        }
        guard let listen = Listen(given.text) else {
            throw given.problem(
                "'\(given.text)' is no address to listen on; write it like \(Self.standardName), or off.")
        }
        guard !given.text.hasPrefix(":") else {
            throw given.problem(
                "'\(given.text)' would show the metrics to every network; write 0.0.0.0\(given.text) if that is "
                    + "meant, or 127.0.0.1\(given.text).")
        }
        self = .asked(listen)
    }

    var listen: Listen? {
        switch self {
        case .off: nil
        case .standard: Self.standardListen
        case .asked(let listen): listen
        }
    }
}

/// Tells the metrics until the server stops; without a listener it only waits for that.
struct MetricsListener: Service {
    /// How often waiting callbacks are counted.
    static let backlogEveryMs = 5_000

    let address: MetricsAddress
    let logger: Logger
    /// Of the owner; a standby has none.
    let floor: Floor?
    let watched: Watched

    func run() async throws {
        guard let listen = address.listen else {
            try? await gracefulShutdown()
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let floor { group.addTask { await countCallbacks(floor) } }
            group.addTask { try await serve(on: listen) }
            // Not `waitForAll`, which lets the others go on when one has failed.
            while try await group.next() != nil {}
        }
    }

    private func serve(on listen: Listen) async throws {
        // A line for each scrape would say nothing.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let floor = floor
        let watched = watched
        let routes = metricsRoutes { watched.metrics(of: floor) }
        let server = WebServer(routes, listen: listen, limits: .metrics, logger: quiet) { bound in
            logger.notice("metrics at \(bound.metricsURL)")
            if !bound.isLoopback {
                logger.warning("whoever reaches \(bound) can read the metrics")
            }
        }
        do {
            try await server.run()
        } catch let problem as IOError {
            guard case .standard = address else { throw Sentence(sentence(problem, listen)) }
            logger.warning("there are no metrics: \(sentence(problem, listen))")
            try? await gracefulShutdown()
        }
    }

    private func sentence(_ problem: IOError, _ listen: Listen) -> String {
        switch problem.errnoCode {
        case EADDRINUSE:
            "Something else listens on \(listen); choose another address with --metrics-listen, or off."
        default:
            "The metrics cannot be told on \(listen): \(String(cString: strerror(problem.errnoCode)))."
        }
    }

    private func countCallbacks(_ floor: Floor) async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await floor.readCallbackBacklog()
            } catch {
                logger.debug("waiting callbacks cannot be counted: \(error)")
            }
            try? await cancelWhenGracefulShutdown {
                try await Task.sleep(for: .milliseconds(Self.backlogEveryMs))
            }
        }
    }
}

/// What is counted as long as the process lives, whatever its role.
struct Watched: Sendable {
    let process = ProcessMetrics()
    let requests = RequestMeter()

    func metrics(of floor: Floor?) -> [Metric] {
        let role = [("owner", floor == nil ? 0 : 1), ("standby", floor == nil ? 1 : 0)]
        return (floor?.metrics() ?? []) + requests.metrics + process.metrics + [
            Metric(.gauge, "switchboard_role", "1 for what this server is.", by: "role", role),
            Metric(
                .gauge, "switchboard_build_info", "1; the label says which version runs.", by: "version",
                [(Switchboard.version, 1)]),
        ]
    }
}

extension Listen {
    fileprivate var isLoopback: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _): host == "localhost" || Address(host)?.range == .loopback
        }
    }

    fileprivate var metricsURL: String {
        switch self {
        case .unix: "\(self), GET /metrics"
        case .tcp: "http://\(self)/metrics"
        }
    }
}
