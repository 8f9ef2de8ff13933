// A server of this target on a real port, its log captured.
import Center
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

@testable import Web

/// A running server; stopped by `withServer`, or earlier by `stop`.
struct TestServer {
    let port: Int
    let log: CapturedLog
    let stop: @Sendable () -> Void

    func connect() async throws -> RawClient {
        try await RawClient.connect(port: port)
    }

    /// One request on a connection of its own; the whole answer.
    func exchange(_ request: String) async throws -> String {
        let client = try await connect()
        try await client.send(request)
        return await client.readToEnd()
    }
}

/// Small numbers, so that a test need not wait.
func quick(_ change: (inout ServerLimits) -> Void = { _ in }) -> ServerLimits {
    var limits = ServerLimits()
    limits.lingerMaxMs = 200
    limits.shutdownMaxMs = 500
    change(&limits)
    return limits
}

extension Dialect {
    /// A route that answers with what can be made an answer.
    func get(
        _ path: String,
        use handler: @escaping @Sendable (Request, Context) async throws -> some ResponseGenerator
    ) {
        on(.get, path, quick: true) {
            try await handler($0, $1).response(from: $0, context: $1)
        }
    }
}

func withServer(
    limits: ServerLimits = quick(), budget: BodyBudget? = nil, trustedProxies: Networks = [],
    meter: RequestMeter? = nil, _ build: (Routes) -> Void = { _ in }, _ use: (TestServer) async throws -> Void
) async throws {
    let routes = Routes()
    routes.root.get("hello") { _, _ in "hello" }
    routes.root.post("echo") { request, context in
        let body = try await context.collectBody(request, upTo: context.limits.bodyMaxBytes)
        return Response(status: .ok, body: .init(byteBuffer: body.buffer))
    }
    build(routes)
    try await withServer(
        serving: routes, limits: limits, budget: budget, trustedProxies: trustedProxies, meter: meter, use)
}

/// A server with these routes and no others.
func withServer(
    serving routes: Routes, limits: ServerLimits = quick(), budget: BodyBudget? = nil,
    trustedProxies: Networks = [], meter: RequestMeter? = nil, _ use: (TestServer) async throws -> Void
) async throws {
    let log = CapturedLog()
    let (ports, portSource) = AsyncStream<Int>.makeStream()
    let server = WebServer(
        routes, listen: .tcp(host: "127.0.0.1", port: 0), limits: limits, budget: budget,
        trustedProxies: trustedProxies, meter: meter, logger: log.logger
    ) { bound in
        if case .tcp(_, let port) = bound { portSource.yield(port) }
    }
    let group = ServiceGroup(
        configuration: .init(
            services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { portSource.finish() }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        if let port = await iterator.next() {
            let running = TestServer(port: port, log: log) { Task { await group.triggerGracefulShutdown() } }
            do {
                try await use(running)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// The lines a server logged.
final class CapturedLog: Sendable {
    private let lines = Mutex<[String]>([])
    private let (stream, source) = AsyncStream<String>.makeStream()

    var logger: Logger {
        Logger(label: "captured") { _ in Handler(log: self) }
    }

    var all: [String] { lines.withLock { $0 } }

    /// Lines about requests: those with a request id.
    var requests: [String] { all.filter { $0.contains("request=") } }

    /// Waits for a line that contains the text.
    func line(containing text: String) async -> String {
        for await line in stream where line.contains(text) { return line }
        return ""
    }

    fileprivate func add(_ line: String) {
        lines.withLock { $0.append(line) }
        source.yield(line)
    }

    struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            log.add("\(event.level) \(event.message) " + pairs.joined(separator: " "))
        }
    }
}

/// A door tests open by hand.
final class Gate: Sendable {
    private let (stream, source) = AsyncStream<Void>.makeStream()

    func open() { source.finish() }

    func wait() async {
        for await _ in stream {}
    }
}
