// The metrics listener's one address.
public import Center
import Hummingbird

/// Answers `GET /metrics`, and nothing else.
public func metricsRoutes(_ gather: @escaping @Sendable () -> [Metric]) -> Routes {
    let routes = Routes()
    let dialect = routes.dialect(at: "/") { _, _, miss in
        switch miss {
        case .path: text(.notFound, "There is nothing here but /metrics.\n")
        case .method: text(.methodNotAllowed, "Metrics are only read.\n", [.allow: "GET"])
        }
    }
    dialect.get("metrics") { _, _ in
        text(.ok, PrometheusText.write(gather()), [.contentType: PrometheusText.contentType])
    }
    return routes
}

private func text(_ status: HTTPResponse.Status, _ text: String, _ headers: HTTPFields = [:]) -> Response {
    var headers = headers
    if headers[.contentType] == nil { headers[.contentType] = "text/plain; charset=utf-8" }
    return Response(status: status, headers: headers, body: .init(byteBuffer: .init(string: text)))
}

extension ServerLimits {
    /// A few scrapers that send heads and nothing else.
    public static let metrics: ServerLimits = {
        var limits = ServerLimits()
        limits.bodyMaxBytes = 0
        limits.connectionsMax = 32
        return limits
    }()
}
