// Reading a request's body whole, within limits; half a body never comes out.
import Center
public import Hummingbird
import NIOCore
import NIOHTTP1

/// A complete request body; its share of the budget lasts as long as this value does.
public struct Body: Sendable {
    public let buffer: ByteBuffer
    private let share: BodyShare

    init(buffer: ByteBuffer, share: BodyShare) {
        self.buffer = buffer
        self.share = share
    }

    public var count: Int { buffer.readableBytes }
    public var bytes: [UInt8] { Array(buffer.readableBytesView) }
}

extension Context {
    /// Space set aside at once for a body whose length is announced; the rest is added as it arrives.
    private static let firstReserveMaxBytes = 1 << 20

    /// Reads the whole body, chunked or not. A request's body can be read once.
    ///
    /// Errors: `Refusal.tooLarge` above `maxBytes`, `Refusal.unavailable` when too much is in flight,
    /// `WireFault` when the body stays incomplete.
    public func collectBody(_ request: Request, upTo maxBytes: Int) async throws -> Body {
        let announced = request.headers.text(.contentLength).flatMap { Int($0) }
        if let announced, announced > maxBytes { throw Context.tooLarge(maxBytes) }
        let share = BodyShare(budget)
        var whole = ByteBuffer()
        do {
            for try await part in request.body {
                let total = whole.readableBytes + part.readableBytes
                if total > maxBytes { throw Context.tooLarge(maxBytes) }
                try share.grow(by: part.readableBytes, retryAfterS: limits.retryAfterS)
                if whole.readableBytes == 0 {
                    whole = part
                    let rest = (announced ?? 0) - part.readableBytes
                    if rest > 0 {
                        whole.reserveCapacity(minimumWritableBytes: min(rest, Self.firstReserveMaxBytes))
                    }
                } else {
                    whole.writeImmutableBuffer(part)
                }
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch let fault as WireFault {
            throw fault
        } catch let error as HTTPParserError where error != .invalidEOFState {
            throw WireFault.malformed
        } catch {
            throw WireFault.truncated
        }
        // A cancelled task reads an early end, which looks like a whole body.
        if Task.isCancelled { throw WireFault.stopping }
        if let announced, announced != whole.readableBytes { throw WireFault.truncated }
        return Body(buffer: whole, share: share)
    }

    private static func tooLarge(_ maxBytes: Int) -> Refusal {
        .tooLarge("The body is larger than the \(maxBytes) bytes allowed here; send less.")
    }
}
