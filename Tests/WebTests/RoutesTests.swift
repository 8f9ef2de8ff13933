// Paths as dialects see them, and what is said where no route fits.
import Center
import Hummingbird
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct RoutesTests {
    private func build(_ routes: Routes) {
        let dialect = routes.dialect(at: "/s/:workspace/capi/json") { _, context, miss in
            switch miss {
            case .path: "no path".response(.notFound)
            case .method(let allowed):
                "allowed \(allowed.map(\.rawValue).joined(separator: ","))".response(.methodNotAllowed)
            }
        }
        dialect.post("c3_new_errands") { request, context in
            "new \(context.segment("workspace") ?? "-") \(request.uri.path)".response(.created)
        }
        dialect.get("c3_response_attachments/:id") { request, context in
            let fields = try Fields(queryOf: request)
            return "file \(context.segment("id") ?? "-") \(fields["fields[c3_x]"] ?? "-")".response(.ok)
        }
        dialect.get("c3_lost/:id") { _, _ in throw Refusal.notFound("There is no such thing.") }
        _ = routes.dialect(at: "/s/:workspace") { _, _, _ in "outer".response(.notFound) }
    }

    private func ask(_ line: String, body: String = "") async throws -> (status: String, text: String) {
        var answer = ""
        try await withServer(limits: quick()) {
            build($0)
        } _: { server in
            answer = try await server.exchange(
                "\(line) HTTP/1.1\nHost: a\nConnection: close\nContent-Length: \(body.utf8.count)\n\n\(body)")
        }
        let status = answer.split(separator: " ").dropFirst().first ?? ""
        return (String(status), answer.components(after: "\n\n"))
    }

    @Test(arguments: [
        "/s/demo/capi/json/c3_new_errands", "/s/demo/capi/json/c3_new_errands/",
        "/s/demo//capi/json/c3_new_errands", "//s/demo/capi///json/c3_new_errands//",
    ]) func slashesDoNotMatter(path: String) async throws {
        let (status, text) = try await ask("POST \(path)")
        #expect(status == "201")
        #expect(text.hasPrefix("new demo /s/demo/capi/json/c3_new_errands"))
    }

    @Test func anAbsoluteTargetIsTaken() async throws {
        let (status, text) = try await ask("POST http://example.org/s/demo//capi/json/c3_new_errands")
        #expect(status == "201")
        #expect(text == "new demo /s/demo/capi/json/c3_new_errands")
    }

    @Test func segmentsAndBracketsAreDecoded() async throws {
        let (_, text) = try await ask(
            "GET /s/demo/capi/json/c3_response_attachments/a%2Fb%20c?fields%5Bc3_x%5D=sla//x")
        #expect(text == "file a/b c sla//x")
    }

    @Test func aBrokenSegmentIsNil() async throws {
        #expect(try await ask("GET /s/demo/capi/json/c3_response_attachments/%zz").text == "file - -")
        #expect(try await ask("GET /s/demo/capi/json/c3_response_attachments/%ff").text == "file - -")
    }

    @Test(arguments: [
        ("GET /s/demo/capi/json/c3_unknown", "404", "no path"),
        ("GET /s/demo/capi/json", "404", "no path"),
        ("GET /s/demo/capi/json/c3_response_attachments/1/2/3", "404", "no path"),
        ("GET /s/demo/capi/json/c3_new_errands", "405", "allowed POST"),
        ("PROPFIND /s/demo/capi/json/c3_new_errands/", "405", "allowed POST"),
        ("DELETE /s/demo/capi/json/c3_response_attachments/7", "405", "allowed GET"),
        ("GET /s/demo/elsewhere", "404", "outer"),
        ("GET /s/demo/capi/jsonx", "404", "outer"),
        ("GET /nowhere", "404", ""),
    ]) func missesAreAnsweredByTheirDialect(line: String, status: String, text: String) async throws {
        let answer = try await ask(line)
        #expect(answer.status == status)
        #expect(answer.text == text)
    }

    @Test func aRoutesOwnNotFoundIsNoMiss() async throws {
        let answer = try await ask("GET /s/demo/capi/json/c3_lost/1")
        #expect(answer.status == "404")
        #expect(answer.text == "There is no such thing.\n")
    }

    @Test func pagesGetSecurityHeaders() async throws {
        try await withServer { routes in
            let security = PageSecurity()
            routes.root.get("desk/page") { request, context in
                try await security.handle(request, context: context) { _, _ in "page".response(.ok) }
            }
            routes.root.get("desk/own") { request, context in
                try await security.handle(request, context: context) { _, _ in
                    Response(status: .ok, headers: [.contentSecurityPolicy: "sandbox"])
                }
            }
        } _: { server in
            let page = try await server.exchange("GET /desk/page HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(page.contains("default-src 'self'; "))
            #expect(page.contains("frame-ancestors 'none'"))
            #expect(page.contains("nosniff"))
            let own = try await server.exchange("GET /desk/own HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(own.contains("sandbox"))
            #expect(!own.contains("default-src"))
        }
    }
}

extension String {
    func response(_ status: HTTPResponse.Status) -> Response {
        Response(status: status, body: .init(byteBuffer: ByteBuffer(string: self)))
    }

    fileprivate func components(after marker: String) -> String {
        guard let range = firstRange(of: marker) else { return "" }
        return String(self[range.upperBound...])
    }
}
