// One listening server: the routes behind the front, the front behind the door.
public import Center
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOHTTP1
public import ServiceLifecycle

/// Serves routes on one address until it is told to stop; then it closes within `shutdownMaxMs`.
///
/// Two servers of one process (desk and control socket) may share a `BodyBudget`.
public struct WebServer: Service {
    /// What a handler may still do after its connection is cut, before its task is cancelled.
    static let cancelAfterCutMs = 500

    private let routes: RouteTree
    private let misses: Misses
    private let listen: Listen
    private let limits: ServerLimits
    private let budget: BodyBudget
    private let trustedProxies: Networks
    private let certificate: Certificate?
    private let strictTransport: Bool
    private let meter: RequestMeter?
    private let logger: Logger
    private let onRunning: @Sendable (Listen) async -> Void

    /// - Parameter certificate: serves https with it; nil serves plain http.
    /// - Parameter strictTransport: tells browsers to come by https only (HSTS), which holds for every port of
    ///   the host; counts with a certificate only.
    /// - Parameter meter: counts what is answered.
    /// - Parameter onRunning: called once with the bound address, with the real port when 0 was asked for.
    public init(
        _ routes: Routes, listen: Listen, limits: ServerLimits = .init(), budget: BodyBudget? = nil,
        trustedProxies: Networks = [], certificate: Certificate? = nil, strictTransport: Bool = false,
        meter: RequestMeter? = nil, logger: Logger,
        onRunning: @escaping @Sendable (Listen) async -> Void = { _ in }
    ) {
        self.routes = routes.tree
        self.misses = routes.misses
        self.listen = listen
        self.limits = limits
        self.budget = budget ?? BodyBudget(maxBytes: limits.bodiesInFlightMaxBytes)
        self.trustedProxies = trustedProxies
        self.certificate = certificate
        self.strictTransport = strictTransport && certificate != nil
        self.meter = meter
        self.logger = logger
        self.onRunning = onRunning
    }

    public func run() async throws {
        let application = application()
        let patienceMs = limits.shutdownMaxMs + WebServer.cancelAfterCutMs
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await application.run()
                return true
            }
            group.addTask {
                // Handlers that outlive their connections are cancelled, or one could hold up the stop.
                try? await gracefulShutdown()
                try? await Task.sleep(for: .milliseconds(patienceMs))
                return false
            }
            do {
                _ = try await group.next()
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            while let _ = try? await group.next() {}
        }
    }

    private func application() -> some ApplicationProtocol {
        let log = RequestLog(logger: logger)
        let front = Front(
            routes: routes, misses: misses, limits: limits, budget: budget, trustedProxies: trustedProxies,
            scheme: certificate == nil ? .http : .https, strictTransport: strictTransport, log: log,
            meter: meter)
        let limits = limits
        let meter = meter
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                DoorFrame(limits: limits) { head, status, peer in
                    log.refused(head, status: status, peer: peer)
                    meter?.refused(status: Int(status.code))
                }
            ],
            idleTimeout: .milliseconds(Int64(limits.idleMaxMs)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headFieldMaxBytes, maxHeaderListSize: limits.headMaxBytes,
                maxHeaderFieldCount: limits.headMaxFields))
        let configuration = ApplicationConfiguration(
            address: listen.bindAddress, backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax, logger: logger))
        let listen = listen
        let onRunning = onRunning
        let server: HTTPServerBuilder =
            if let certificate {
                .secure(channel, certificate, limits)
            } else {
                .plain(channel)
            }
        return Application(
            responder: front, server: server, configuration: configuration,
            onServerRunning: { channel in
                await onRunning(listen.bound(to: channel.localAddress?.port))
            },
            logger: logger)
    }
}

extension Listen {
    fileprivate func bound(to port: Int?) -> Listen {
        if case .tcp(let host, _) = self, let port { return .tcp(host: host, port: port) }
        return self
    }
}

extension RequestLog {
    /// The line of a request the door refused.
    func refused(_ head: HTTPRequestHead?, status: HTTPResponseStatus, peer: SocketAddress?) {
        let path = head.map { String($0.uri.prefix { $0 != "?" }) } ?? "-"
        write(
            method: head?.method.rawValue ?? "-", path: path, status: Int(status.code),
            metadata: [
                "request": "\(RequestID.next())",
                "client": "\(peer.flatMap { Address($0) }?.description ?? "local")",
            ])
    }
}
