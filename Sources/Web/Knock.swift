// What sits before the parser: the first byte of a request, and bytes nobody wants any more.
import NIOCore
import NIOHTTP1

/// Tells the door of bytes before they are parsed, and throws them away once the door is shut.
final class Knock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let door: Door

    init(_ door: Door) {
        self.door = door
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !door.isShut else { return }
        door.knocked()
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind a shut door asks for more, but the end of the input must still be seen.
        if door.isShut { context.read() }
    }
}

/// Hangs the door into Hummingbird's channel: around the parser, where version and raw fields are known.
final class DoorFrame: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let limits: ServerLimits
    private let onRefused: Door.Refused

    init(limits: ServerLimits, onRefused: @escaping Door.Refused) {
        self.limits = limits
        self.onRefused = onRefused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let door = Door(limits: limits, onRefused: onRefused)
            try pipeline.addHandler(Knock(door), position: .before(parser))
            try pipeline.addHandler(door, position: .after(parser))
        } catch {
            // Without its door the connection must not serve.
            context.close(promise: nil)
        }
    }
}
