// A connection between being accepted and being served, when the server may stop.
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

extension HTTPServerBuilder {
    static func plain(_ channel: HTTP1Channel.Configuration) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            AcceptedChannel(base: HTTP1Channel(responder: responder, configuration: channel))
        }
    }
}

/// Sees to it that a connection nobody serves any more is closed. Dropping it as it comes would end the process:
/// an asynchronous channel that was never run traps when it is released.
struct AcceptedChannel<Base: ServerChildChannel>: ServerChildChannel
where Base.Value == HTTP1Channel.Value {
    let base: Base

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Accepted> {
        base.setup(channel: channel, logger: logger).map { Accepted($0) }
    }

    func handle(value: Accepted, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value.take(), logger: logger)
        }
    }
}

/// A connection, closed when it is released without having been taken.
final class Accepted: ServerChildChannelValue {
    private let connection: HTTP1Channel.Value
    private let taken = Mutex(false)

    init(_ connection: HTTP1Channel.Value) {
        self.connection = connection
    }

    var channel: any Channel { connection.channel }

    func take() -> HTTP1Channel.Value {
        taken.withLock { $0 = true }
        return connection
    }

    deinit {
        guard !taken.withLock({ $0 }) else { return }
        Task { [connection] in
            try? await connection.executeThenClose { _, _ in }
        }
    }
}
