// TLS before HTTP: each new connection gets the certificate of its moment.
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import NIOTLS

extension HTTPServerBuilder {
    static func secure(
        _ channel: HTTP1Channel.Configuration, _ certificate: Certificate, _ limits: ServerLimits
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let inside = HTTP1Channel(responder: responder, configuration: channel)
            return AcceptedChannel(
                base: SecureChannel(
                    base: inside, certificate: certificate, handshakeMaxMs: limits.headMaxMs))
        }
    }
}

/// Hummingbird's channel inside TLS. Its own TLS channel would hold one certificate for ever.
struct SecureChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificate: Certificate
    let handshakeMaxMs: Int

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                NIOSSLServerHandler(context: certificate.context), SecureEdge(handshakeMaxMs: handshakeMaxMs),
            ])
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Bounds the handshake, and keeps TLS's own errors from what follows, which sees a plain end instead.
final class SecureEdge: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let handshakeMaxMs: Int
    private var timer: Scheduled<Void>?

    init(handshakeMaxMs: Int) {
        self.handshakeMaxMs = handshakeMaxMs
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(handshakeMaxMs))) {
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            timer?.cancel()
            timer = nil
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard
            error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError
                || error is NIOSSLCloseTimedOutError
        else {
            context.fireErrorCaught(error)
            return
        }
        // A client that leaves without TLS's goodbye, or never got as far: HTTP's framing tells what was lost.
        context.close(promise: nil)
    }
}
