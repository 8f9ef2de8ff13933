// A customer's system on a real socket that answers as it is told, byte by byte.
import Foundation
import NIOCore
import NIOPosix
import Synchronization

final class Receiver: Sendable {
    /// What it does with a request.
    enum Manner: Sendable {
        case answer(String)
        /// Answers, and keeps sending without an end.
        case endless
        /// Takes the request and says nothing.
        case silent
        /// Breaks the connection.
        case reset

        static let fine = Manner.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        static func status(_ status: Int, _ headers: String = "") -> Manner {
            .answer("HTTP/1.1 \(status) Word\r\n\(headers)Content-Length: 0\r\n\r\n")
        }
    }

    struct Request: Sendable {
        var head: String
        var body: String
        /// `data.id`, the event's.
        var event: String { part("data", "id") }
        var errand: String {
            let document = json
            let included = (document["included"] as? [[String: Any]])?.first
            return included?["id"] as? String ?? ""
        }
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
        }
        private func part(_ names: String...) -> String {
            (json[names[0]] as? [String: Any])?[names[1]] as? String ?? ""
        }
    }

    private let behave: @Sendable (Request, Int) -> Manner
    fileprivate let greeting: String
    private let requests = Mutex<[Request]>([])
    private let opened = Mutex(0)
    private let arrivals: AsyncStream<Request>
    private let arrived: AsyncStream<Request>.Continuation
    private let channel = Mutex<(any Channel)?>(nil)

    /// - Parameter behave: how to treat a request, given how many came before it.
    /// - Parameter greeting: what it says before it is asked.
    init(greeting: String = "", _ behave: @escaping @Sendable (Request, Int) -> Manner) {
        self.behave = behave
        self.greeting = greeting
        (arrivals, arrived) = AsyncStream.makeStream(of: Request.self)
    }

    func start() async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { [self] channel in
                opened.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel.withLock { $0 = channel }
    }

    func stop() async throws { try await channel.withLock { $0 }?.close() }

    var port: Int { channel.withLock { $0 }?.localAddress?.port ?? 0 }
    var connections: Int { opened.withLock { $0 } }
    var all: [Request] { requests.withLock { $0 } }

    /// Waits until so many requests have come.
    func wait(for count: Int) async -> [Request] {
        if all.count >= count { return all }
        for await _ in arrivals where all.count >= count { break }
        return all
    }

    fileprivate func took(_ request: Request) -> Manner {
        let before = requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        arrived.yield(request)
        return behave(request, before)
    }
}

private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let receiver: Receiver
    private var bytes: [UInt8] = []

    init(_ receiver: Receiver) { self.receiver = receiver }

    func channelActive(context: ChannelHandlerContext) {
        guard !receiver.greeting.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: receiver.greeting)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        while let request = next() {
            switch receiver.took(request) {
            case .answer(let text):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .endless:
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
            case .silent: break
            case .reset: context.close(promise: nil)
            }
        }
    }

    private func next() -> Receiver.Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lengths = head.split(separator: "\r\n").compactMap { line in
            line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(15).filter(\.isNumber)) : nil
        }
        let length = lengths.first ?? 0
        guard bytes.count >= end.upperBound + length else { return nil }
        let body = String(decoding: bytes[end.upperBound..<end.upperBound + length], as: UTF8.self)
        bytes.removeFirst(end.upperBound + length)
        return Receiver.Request(head: head, body: body)
    }
}
