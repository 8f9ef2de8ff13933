// A client that sends any bytes it likes over a real socket, and reads what comes back as text.
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

final class RawClient {
    struct EndedEarly: Error, CustomStringConvertible {
        let marker: String
        let received: String
        var description: String { "the connection ended before “\(marker)” came; received: \(received)" }
    }

    private let channel: any Channel
    private var incoming: AsyncStream<[UInt8]>.Iterator
    /// Received and not yet read.
    private var rest: [UInt8] = []

    private init(channel: any Channel, incoming: AsyncStream<[UInt8]>) {
        self.channel = channel
        self.incoming = incoming.makeAsyncIterator()
    }

    deinit {
        channel.close(promise: nil)
    }

    static func connect(port: Int) async throws -> RawClient {
        try await connect { try await $0.connect(host: "127.0.0.1", port: port).get() }
    }

    static func connect(path: String) async throws -> RawClient {
        try await connect { try await $0.connect(unixDomainSocketPath: path).get() }
    }

    private static func connect(_ dial: (ClientBootstrap) async throws -> any Channel) async throws
        -> RawClient
    {
        let (stream, source) = AsyncStream<[UInt8]>.makeStream()
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(source))
                }
            }
        return RawClient(channel: try await dial(bootstrap), incoming: stream)
    }

    /// Sends text; line ends in it are made CRLF.
    func send(_ text: String) async throws {
        var bytes: [UInt8] = []
        for byte in text.utf8 { bytes += byte == 10 ? [13, 10] : [byte] }
        try await send(bytes)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Reads up to and including the marker.
    func read(until marker: String) async throws -> String {
        let wanted = Array(marker.utf8)
        while true {
            if let end = RawClient.end(of: wanted, in: rest) {
                defer { rest.removeFirst(end) }
                return RawClient.text(rest[..<end])
            }
            guard let more = await incoming.next() else {
                throw EndedEarly(marker: marker, received: RawClient.text(rest[...]))
            }
            rest += more
        }
    }

    /// Reads until the other side has closed.
    func readToEnd() async -> String {
        while let more = await incoming.next() { rest += more }
        defer { rest = [] }
        return RawClient.text(rest[...])
    }

    func setAutoRead(_ on: Bool) async throws {
        try await channel.setOption(.autoRead, value: on).get()
    }

    /// Ends our half: the other side reads an end.
    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        try? await channel.close()
    }

    /// Drops the connection with a reset.
    func reset() async throws {
        let provider = channel as! any SocketOptionProvider
        try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close()
    }

    /// With CRLF shown as a plain line end.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { $0 != 13 }, as: UTF8.self)
    }

    private static func end(of marker: [UInt8], in bytes: [UInt8]) -> Int? {
        // Markers are given with plain line ends.
        var matched = 0
        for (index, byte) in bytes.enumerated() where byte != 13 {
            matched = byte == marker[matched] ? matched + 1 : (byte == marker[0] ? 1 : 0)
            if matched == marker.count { return index + 1 }
        }
        return nil
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let source: AsyncStream<[UInt8]>.Continuation

        init(_ source: AsyncStream<[UInt8]>.Continuation) {
            self.source = source
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            source.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { source.finish() }
        }

        func channelInactive(context: ChannelHandlerContext) {
            source.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            source.finish()
            context.close(promise: nil)
        }
    }
}
