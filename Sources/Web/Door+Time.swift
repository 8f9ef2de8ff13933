// The door's clock: what takes too long, and what then happens.
import NIOCore

extension Door {
    func startHeadTimer(context: ChannelHandlerContext) {
        inboundTimer = schedule(inMs: limits.headMaxMs, context: context) {
            self.inboundTimer = nil
            if self.inbound == .head { self.refuse(.requestTimeout, head: nil, context: context) }
        }
    }

    func startBodyTimer(context: ChannelHandlerContext) {
        let waitNs = max(0, (bodyDue - context.eventLoop.now).nanoseconds)
        inboundTimer = schedule(inMs: Int(waitNs / 1_000_000) + 1, context: context) {
            self.inboundTimer = nil
            guard self.inbound == .body else { return }
            // Since the timer was set more may have come.
            if context.eventLoop.now >= self.bodyDue {
                self.cutBody(.slow, context: context)
            } else {
                self.startBodyTimer(context: context)
            }
        }
    }

    private var bodyDue: NIODeadline {
        min(
            bodyStart + .milliseconds(Int64(limits.bodyMaxMs)),
            lastProgress + .milliseconds(Int64(limits.bodyGapMaxMs)))
    }

    /// Ends the body under way with an error, which its reader sees; the connection closes after the answer.
    func cutBody(_ fault: WireFault, context: ChannelHandlerContext) {
        stopInboundTimer()
        inbound = .shut
        cut = true
        context.fireErrorCaught(fault)
    }

    func closeLater(inMs waitMs: Int, context: ChannelHandlerContext) {
        guard closeTimer == nil else { return }
        closeTimer = schedule(inMs: waitMs, context: context) { context.close(promise: nil) }
    }

    /// Starts or stops the wait for a client to read.
    func watchStall(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        stallTimer = nil
        guard !context.channel.isWritable else { return }
        stallTimer = schedule(inMs: limits.writeStallMaxMs, context: context) { context.close(promise: nil) }
    }

    private func schedule(
        inMs waitMs: Int, context: ChannelHandlerContext, _ task: @escaping () -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(waitMs)), task)
    }

    func stopInboundTimer() {
        inboundTimer?.cancel()
        inboundTimer = nil
    }

    func stopTimers() {
        stopInboundTimer()
        closeTimer?.cancel()
        stallTimer?.cancel()
        closeTimer = nil
        stallTimer = nil
    }
}
