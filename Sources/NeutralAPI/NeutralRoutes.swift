// Our own API on one screen: which path is served by which function.
package import Center
import Hummingbird
package import Web

/// The neutral API, for telephony systems without a dialect of their own: docs/api.md.
///
/// `openapi.json` beside this file describes it; a test holds the two against each other.
package struct NeutralRoutes: Sendable {
    package static let root = "/switchboard/v1"

    let floor: Floor

    package init(floor: Floor) { self.floor = floor }

    package func add(to routes: Routes) {
        let api = routes.dialect(at: Self.root, name: .api, fallback: Self.miss)
        api.get("openapi.json", use: Self.answering(Self.document))

        let work = routes.dialect(
            at: Self.root + "/workspaces/:workspace", name: .api, fallback: Self.miss)
        work.post("work-items", quick: true, use: calling(openItem))
        work.get("work-items", use: calling(items))
        work.get("work-items/:item", use: calling(item))
        work.post("work-items/:item/abandon", quick: true, use: calling(abandonItem))
        work.post("work-items/:item/end", quick: true, use: calling(endItem))
        work.post("work-items/:item/transfer", quick: true, use: calling(transferItem))
        work.post("offers/:offer/accept", quick: true, use: calling(acceptOffer))
        work.post("offers/:offer/decline", quick: true, use: calling(declineOffer))
        work.post("offers/:offer/fail", quick: true, use: calling(failOffer))
        work.get("queues", use: calling(queues))
        work.get("queues/:queue", use: calling(queue))
        work.get("queues/:queue/statistics", use: calling(queueStatistics))
        work.get("agents", use: calling(agents))
        work.get("agents/:agent", use: calling(agent))
        work.put("agents/:agent/presence", use: calling(setPresence))
        work.post("agents/:agent/wrap-up/end", use: calling(endWrapUp))
        work.post("agents/:agent/signals", use: calling(signal))
        work.get("events", use: calling(events))
    }

    /// Answers every path with one refusal, as a server does that cannot serve now.
    package static func refuseAll(_ refusal: Refusal, on routes: Routes) {
        _ = routes.dialect(at: root, name: .api) { _, context, _ in Problem(refusal).response(context) }
    }
}
