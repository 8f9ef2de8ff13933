// The plain http address beside an https one: it only says where to go.

import Hummingbird
import Web

/// Sends browsers on to the same page under the public URL.
///
/// A request that changes something is refused rather than sent on: its sender has just shown its token to
/// the network, and should hear of it.
func redirectRoutes(_ publicURL: @escaping @Sendable () -> String) -> Routes {
    let routes = Routes()
    _ = routes.dialect(at: "/") { request, _, _ in
        guard request.method == .get || request.method == .head else {
            return Response(
                status: .forbidden, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(
                    byteBuffer: .init(string: "Use \(publicURL()); nothing is taken over plain http.\n"))
            )
        }
        return Response(
            status: .permanentRedirect, headers: [.location: publicURL() + request.uri.string])
    }
    return routes
}

extension ServerLimits {
    /// Nothing is read there but heads.
    static let redirect: ServerLimits = {
        var limits = ServerLimits()
        limits.bodyMaxBytes = 0
        limits.idleMaxMs = 10_000
        limits.connectionsMax = 1_024
        return limits
    }()
}
