// The API's own description, as OpenAPI 3.1, built into the executable.
import Hummingbird
import Web

/// One operation as the document names it.
package struct Operation: Sendable, Hashable {
    /// `GET`
    package let method: String
    /// Below the server, with `{item}` for what varies.
    package let path: String
    package let summary: String
}

extension NeutralRoutes {
    package static let documentBytes = PackageResources.openapi_json

    static let document: Answering = { _, _ in
        answer(documentBytes)
    }

    /// In the document's order.
    package static let operations: [Operation] = {
        guard let root = try? JSONDocument(ByteBuffer(bytes: documentBytes)).root else {
            preconditionFailure("openapi.json is no JSON")
        }
        var found: [Operation] = []
        for (path, methods) in root["paths"]?.members ?? [] {
            for (method, operation) in methods.members where method != "parameters" {
                found.append(
                    Operation(
                        method: method.uppercased(), path: path,
                        summary: operation["summary"]?.string ?? ""))
            }
        }
        return found
    }()
}
