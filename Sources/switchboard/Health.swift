// Is it alive, can it serve.

import Center
import Hummingbird
import Web

func addHealth(to routes: Routes, floor: Floor) {
    let dialect = routes.dialect(at: "/") { _, _, miss in
        switch miss {
        case .path: plain(.notFound, "There is nothing here.")
        case .method: plain(.methodNotAllowed, "This address is for another method.")
        }
    }
    dialect.get("healthz") { _, _ in plain(.ok, "ok") }
    dialect.get("readyz") { _, _ in
        if let why = floor.notReady { return plain(.serviceUnavailable, "not ready: \(why)") }
        return plain(.ok, "ready")
    }
}

func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
        status: status, headers: [.contentType: "text/plain; charset=utf-8"],
        body: .init(byteBuffer: .init(string: text + "\n")))
}
