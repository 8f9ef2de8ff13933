// TENIOS's wire on one screen: which path is served by which function.
package import Center
import Hummingbird
package import Web

/// TENIOS's ACD, wrap-up and Cloud PBX calls, in the vendor's order.
///
/// docs/vendors/tenios.md lists every documented path; one that is not here is answered 404.
package struct TeniosRoutes: Sendable {
    private static let prefixes = ["/acd", "/wrap-up", "/cloud-pbx"] + unserved
    /// The vendor's other calls, which are refused in its own form.
    private static let unserved = [
        "/cdrs", "/callback", "/makecall", "/record-call", "/call", "/refer-call", "/transfer-call",
    ]

    let floor: Floor

    package init(floor: Floor) { self.floor = floor }

    package func add(to routes: Routes) {
        let miss: Fallback = { request, _, miss in self.miss(request, miss).response }
        let dialects = Self.prefixes.map { routes.dialect(at: $0, name: .tenios, fallback: miss) }
        let (acd, wrapUp, pbx) = (dialects[0], dialects[1], dialects[2])
        acd.post("agent-state/retrieve", quick: true, use: answering(retrieveState))
        acd.get("agent-state/retrieve", use: answering(retrieveStateByQuery))
        acd.post("agent-state/change", quick: true, use: answering(changeState))
        acd.post("details/user/retrieve", use: answering(retrieveDetails))
        acd.post("details/user/change", use: answering(changeDetails))
        wrapUp.post("extend", quick: true, use: answering(extendWrapUp))
        wrapUp.post("cancel", quick: true, use: answering(cancelWrapUp))
        pbx.post("list", use: answering(listUsers))
    }

    /// Answers every path with one refusal, as a server does that cannot serve now.
    package static func refuseAll(_ refusal: Refusal, on routes: Routes) {
        for prefix in prefixes {
            _ = routes.dialect(at: prefix, name: .tenios) { _, _, _ in TeniosError(refusal).response }
        }
    }
}
