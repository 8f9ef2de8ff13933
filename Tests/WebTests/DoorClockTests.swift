// The door's times, to the millisecond, on a clock the test moves.
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Web

struct DoorClockTests {
    private let channel = EmbeddedChannel()
    private let errors = Errors()

    private final class Errors: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        var seen: [String] = []

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            seen.append("\(error)")
        }
    }

    init() throws {
        var limits = ServerLimits()
        limits.bodyGapMaxMs = 30_000
        limits.bodyMaxMs = 120_000
        limits.headMaxMs = 10_000
        let door = Door(limits: limits) { _, _, _ in }
        try channel.pipeline.syncOperations.addHandlers([Knock(door), door, errors])
    }

    private func receive(_ part: HTTPServerRequestPart) throws {
        // Past Knock, which reads bytes: parts come from the parser.
        try channel.pipeline.syncOperations.context(handlerType: Knock.self).fireChannelRead(NIOAny(part))
        channel.pipeline.fireChannelReadComplete()
    }

    private func pass(_ ms: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(ms))
    }

    private func begin() throws {
        try receive(.head(.init(version: .http1_1, method: .POST, uri: "/", headers: ["host": "a"])))
    }

    @Test func aGapIsCutWhenItIsTooLong() throws {
        try begin()
        pass(29_990)
        try receive(.body(ByteBuffer(string: "x")))
        pass(29_990)
        #expect(errors.seen == [])
        pass(20)
        #expect(errors.seen == ["slow"])
    }

    @Test func pausesDoNotAddUpButTheWholeBodyHasItsTime() throws {
        try begin()
        for _ in 0..<5 {
            pass(20_000)
            try receive(.body(ByteBuffer(string: "x")))
        }
        #expect(errors.seen == [])
        pass(19_990)
        #expect(errors.seen == [])
        pass(20)
        #expect(errors.seen == ["slow"])
    }

    @Test func aBodyThatEndedIsLeftAlone() throws {
        try begin()
        try receive(.end(nil))
        pass(1_000_000)
        #expect(errors.seen == [])
    }

    @Test func aHeadHasItsTimeFromItsFirstByte() throws {
        let door = try channel.pipeline.syncOperations.handler(type: Door.self)
        pass(50_000)
        door.knocked()
        channel.pipeline.fireChannelReadComplete()
        pass(9_990)
        #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
        channel.pipeline.fireChannelReadComplete()
        pass(20)
        guard case .head(let head) = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
            Issue.record("no answer")
            return
        }
        #expect(head.status == .requestTimeout)
    }
}
