// Queues as they are now, and their figures by quarter hour.
import Center
import Foundation
import Hummingbird
import Routing
import Web

extension NeutralRoutes {
    /// Queues of one page: how many wait is asked of the router, one by one.
    private static let pageMax = 200

    func queues(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let place = try ListPlace(request, defaultLimit: Self.pageMax, limitMax: Self.pageMax)
        let all = caller.directory.queues.map(\.id).filter { $0.raw > place.after ?? 0 }.sorted()
        let page = Array(all.prefix(place.limit))
        let now = try await floor.queuesNow(page, in: caller.workspace)
        return answer(
            JSONWriter.object { list in
                list.array("items") { items in
                    for queue in page {
                        items.object { $0.members(ofQueue: queue, caller.directory, now[queue], floor) }
                    }
                }
                list.member("next", orNull: page.count < all.count ? page.last?.raw : nil)
            })
    }

    func queue(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let queue = try known(caller, context)
        let now = try await floor.queuesNow([queue], in: caller.workspace)
        return answer(
            JSONWriter.object { $0.members(ofQueue: queue, caller.directory, now[queue], floor) })
    }

    /// The figures of all quarter hours that begin before `to`, from the one that `from` is in.
    func queueStatistics(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let queue = try known(caller, context)
        let fields = try Fields(queryOf: request)
        for field in fields.list where !["from", "to", "channel"].contains(field.name) {
            throw Problem.parameter(
                String(field.name.prefix(60)), "These statistics take from, to and channel.")
        }
        let to = try Self.instant("to", fields["to"]) ?? Instant(ms: floor.now.ms + 1)
        let from = try Self.instant("from", fields["from"]) ?? to - 24 * 3_600_000
        guard from < to else { throw Problem.parameter("to", "to is later than from.") }
        guard to - from <= StatisticsLimits.rangeMaxMs else {
            throw Problem.parameter(
                "from", "At most \(StatisticsLimits.rangeMaxMs / 86_400_000) days are told at once.")
        }
        var channel: Channel?
        if let word = fields["channel"] {
            channel = channelWords.first { $0.key == word }?.value
            if channel == nil { throw Problem.parameter("channel", "channel is call, chat or errand.") }
        }
        let counts = try await floor.statistics(
            queue: queue, channel: channel, from: from, to: to, in: caller.workspace)
        var intervals: [QueueIntervalCounts] = []
        if channel == nil, to - from <= StatisticsLimits.listMaxMs {
            intervals =
                try await floor.intervals(of: [queue], from: from, to: to, in: caller.workspace)[queue] ?? []
        }
        let levelS = floor.serviceLevelS(of: queue, in: caller.workspace)
        let words = fields["channel"]
        return answer(
            JSONWriter.object { report in
                report.member("queue", queue.raw)
                report.member("from", at: from.ms)
                report.member("to", at: to.ms)
                report.member("channel", orNull: words)
                report.object("counts") { $0.members(of: counts) }
                report.object("measures") { $0.measures(of: counts) }
                report.array("service_levels") { levels in
                    for level in ServiceLevel.allCases {
                        levels.object {
                            $0.member("formula", level.formula)
                            $0.member("within_s", levelS)
                            $0.member("share", decimalOrNull: level.of(counts))
                        }
                    }
                }
                report.array("intervals") { list in
                    for interval in intervals {
                        list.object {
                            $0.member("starts_at", at: interval.start.ms)
                            $0.object("counts") { $0.members(of: interval.counts) }
                        }
                    }
                }
            })
    }

    private func known(_ caller: Caller, _ context: Context) throws -> QueueID {
        let queue = QueueID(try number("queue", context, "queue"))
        guard caller.directory.settings(of: queue) != nil else {
            throw Refusal.notFound("There is no such queue here.")
        }
        return queue
    }

    private static func instant(_ name: String, _ text: String?) throws -> Instant? {
        guard let text else { return nil }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard text.utf8.count <= 40, let date = try? style.parse(text) else {
            throw Problem.parameter(
                name, "\(name) is an instant such as 2026-11-21T15:00:00Z.")
        }
        let ms = (date.timeIntervalSince1970 * 1_000).rounded()
        guard abs(ms) < 1e15 else { throw Problem.parameter(name, "\(name) is out of all time.") }
        return Instant(ms: Int64(ms))
    }
}

extension JSONWriter {
    fileprivate mutating func members(
        ofQueue queue: QueueID, _ directory: Directory, _ now: QueueNow?, _ floor: Floor
    ) {
        member("id", queue.raw)
        member("name", directory.queueName(queue))
        let center = directory.callCenter(of: queue)
        member("kind", center == nil ? "area" : "call_center")
        member("service_user_id", orNull: center?.serviceUserID)
        member("phone_number", orNull: center?.phoneNumber)
        member("service_level_s", floor.serviceLevelS(of: queue, in: directory.workspace))
        member("waiting", now?.waiting ?? 0)
        member("waiting_since", at: now?.waitingSince?.ms)
        member("estimated_wait_s", orNull: now?.estimatedWaitMs.map(wholeS))
        member("agents_available", now?.agents ?? 0)
    }

    /// Every figure by its column's name.
    fileprivate mutating func members(of counts: QueueCounts) {
        for figure in QueueFigure.allCases { member(named: figure.word, counts[figure]) }
        member("waiting", counts.waiting)
    }

    fileprivate mutating func measures(of counts: QueueCounts) {
        member("mean_wait_ms", decimalOrNull: counts.meanWaitMs)
        member("mean_handling_ms", decimalOrNull: counts.meanHandlingMs)
        member("abandonment", decimalOrNull: counts.abandonment)
        member("estimate_bias_ms", decimalOrNull: counts.estimateBiasMs)
        member("estimate_miss_ms", decimalOrNull: counts.estimateMissMs)
        member("estimate_in_median", decimalOrNull: counts.estimateInMedian)
        member("estimate_in_ninety", decimalOrNull: counts.estimateInNinety)
    }

    fileprivate mutating func member(_ name: StaticString, decimalOrNull number: Double?) {
        if let number { member(name, decimal: number) } else { null(name) }
    }
}
