// One connection's door: what a client may do to it, how long, and how it is closed.
import NIOCore
import NIOHTTP1

/// Guards one HTTP/1 connection between the parser and Hummingbird.
///
/// It answers `Expect: 100-continue`, refuses what is no proper request, times heads and bodies, drops
/// clients that read nothing, and closes with the answer still readable when a request was not read whole.
///
/// Inbound: quiet → head → body → quiet …; each may become shut, which is final.
final class Door: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Told of a request refused here: its head, if there was one, the status, and the peer.
    typealias Refused = @Sendable (HTTPRequestHead?, HTTPResponseStatus, SocketAddress?) -> Void

    enum Inbound { case quiet, head, body, shut }
    private struct Asked { let keepAlive: Bool, version: HTTPVersion }

    let limits: ServerLimits
    private let onRefused: Refused
    var inbound = Inbound.quiet
    /// Requests handed on whose answers are not written yet, oldest first; bounded by its back-pressure.
    private var asked = CircularBuffer<Asked>()
    /// The newest request's body will never be complete.
    var cut = false
    /// Input was refused unread.
    private var unread = false
    private var wantsContinue = false
    private var answering = false
    /// Nothing is read after the answer under way.
    private var closing = false
    /// The last answer is out; only the client's end is waited for.
    private var lingering = false
    private var inputEnded = false
    private var stopping = false
    private var refusal: (status: HTTPResponseStatus, head: HTTPRequestHead?)?
    var bodyStart = NIODeadline.uptimeNanoseconds(0)
    var lastProgress = NIODeadline.uptimeNanoseconds(0)
    var inboundTimer: Scheduled<Void>?
    var closeTimer: Scheduled<Void>?
    var stallTimer: Scheduled<Void>?

    init(limits: ServerLimits, onRefused: @escaping Refused) {
        self.limits = limits
        self.onRefused = onRefused
    }

    /// Whether bytes that still arrive are thrown away.
    var isShut: Bool { inbound == .shut }

    /// Bytes arrived, not parsed yet.
    func knocked() {
        if inbound == .quiet { inbound = .head }
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard inbound != .shut else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            stopInboundTimer()
            if let status = HeadCheck.refusal(of: head) {
                refuse(status, head: head, context: context)
                return
            }
            inbound = .body
            bodyStart = context.eventLoop.now
            lastProgress = bodyStart
            let plain = head.version == .http1_1 && !head.headers.contains(name: "upgrade")
            asked.append(Asked(keepAlive: plain && head.isKeepAlive, version: head.version))
            wantsContinue = HeadCheck.wantsContinue(head, upTo: limits.bodyMaxBytes)
            if asked.count == 1 { sendContinue(context: context) }
        case .body:
            lastProgress = context.eventLoop.now
        case .end:
            stopInboundTimer()
            wantsContinue = false
            // After a request that ends the connection nothing more is a request.
            inbound = asked.last?.keepAlive == false ? .shut : .quiet
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if inboundTimer == nil {
            switch inbound {
            case .head: startHeadTimer(context: context)
            case .body: startBodyTimer(context: context)
            case .quiet, .shut: break
            }
        }
        context.fireChannelReadComplete()
    }

    private func sendContinue(context: ChannelHandlerContext) {
        guard wantsContinue, !answering else { return }
        wantsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: - Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            answering = true
            let unfinished = asked.count <= 1 && (inbound == .body || cut)
            let announced = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
            if unfinished || stopping || announced || asked.first?.keepAlive != true {
                closing = true
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            if let version = asked.first?.version { head.version = version }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            _ = asked.popFirst()
            answering = false
            if closing {
                finish(with: data, context: context, promise: promise)
                return
            }
            context.write(data, promise: promise)
            if asked.isEmpty, refusal != nil {
                writeRefusal(context: context)
            } else if asked.count == 1 {
                sendContinue(context: context)
            }
        }
    }

    /// Answers without the application, once earlier requests on this connection have their answers.
    func refuse(_ status: HTTPResponseStatus, head: HTTPRequestHead?, context: ChannelHandlerContext) {
        stopInboundTimer()
        inbound = .shut
        unread = true
        refusal = (status, head)
        if asked.isEmpty { writeRefusal(context: context) }
    }

    private func writeRefusal(context: ChannelHandlerContext) {
        guard let (status, request) = refusal else { return }
        refusal = nil
        closing = true
        onRefused(request, status, context.remoteAddress)
        let headers: HTTPHeaders = ["connection": "close", "content-length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        finish(with: wrapOutboundOut(.end(nil)), context: context, promise: nil)
    }

    /// Writes the last part and closes; while the client still sends, only our half: a reset would eat the answer.
    private func finish(with end: NIOAny, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let linger = inbound == .body || cut || unread
        stopInboundTimer()
        inbound = .shut
        let flushed = promise ?? context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { _ in
            self.lingering = true
            guard linger, !self.stopping, !self.inputEnded else {
                context.close(promise: nil)
                return
            }
            context.close(mode: .output, promise: nil)
            self.closeLater(inMs: self.limits.lingerMaxMs, context: context)
            context.read()
        }
        context.writeAndFlush(end, promise: flushed)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watchStall(context: context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: - Ends

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let parserError = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        switch inbound {
        case .body:
            stopInboundTimer()
            inbound = .shut
            cut = true
            context.fireErrorCaught(error)
        case .quiet, .head:
            if parserError == .invalidEOFState {
                // Half a head and then the end: nobody waits for an answer to it.
                stopInboundTimer()
                inbound = .shut
                if asked.isEmpty { context.close(promise: nil) }
            } else {
                refuse(HeadCheck.status(of: parserError), head: nil, context: context)
            }
        case .shut:
            break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            if inbound == .body { cutBody(.truncated, context: context) }
            inputEnded = true
            if lingering { context.close(promise: nil) }
        case is ChannelShouldQuiesceEvent:
            stopping = true
            if inbound == .body { cutBody(.stopping, context: context) }
            if lingering { context.close(promise: nil) }
            closeTimer?.cancel()
            closeTimer = nil
            closeLater(inMs: limits.shutdownMaxMs, context: context)
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if inbound == .body { cutBody(.truncated, context: context) }
        stopTimers()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimers()
    }
}
