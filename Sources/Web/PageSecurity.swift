// Headers that keep the desk's pages from running or being framed by anyone else's.
public import Hummingbird

/// Adds security headers to every page below it; a header the handler set itself stays.
public struct PageSecurity: RouterMiddleware {
    private let headers: HTTPFields

    /// - Parameter frameAncestors: origins that may frame the pages, in CSP form; none by default.
    public init(frameAncestors: [String] = []) {
        let ancestors = frameAncestors.isEmpty ? "'none'" : frameAncestors.joined(separator: " ")
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] =
            "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
            + "frame-ancestors \(ancestors)"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.init("Referrer-Policy")!] = "same-origin"
        headers[.init("Cross-Origin-Opener-Policy")!] = "same-origin"
        headers[.init("Permissions-Policy")!] = "camera=(), geolocation=(), payment=(), usb=()"
        if frameAncestors.isEmpty { headers[.init("X-Frame-Options")!] = "DENY" }
        self.headers = headers
    }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in headers where !response.headers.contains(field.name) {
            response.headers.append(field)
        }
        return response
    }
}
