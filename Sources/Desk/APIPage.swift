// The neutral API's operations for people: what the server's document says, with this workspace's paths.
import Center
import Hummingbird
import Web

/// An operation that other systems may ask for, as its document describes it.
public struct DocumentedOperation: Sendable, Hashable {
    let method: String
    /// With `{workspace}` where the workspace's name belongs.
    let path: String
    let summary: String

    public init(method: String, path: String, summary: String) {
        self.method = method
        self.path = path
        self.summary = summary
    }
}

/// What other systems can be told of this server.
public struct DocumentedAPI: Sendable {
    /// Where the document for programs is.
    let document: String
    let operations: [DocumentedOperation]

    public init(document: String = "", operations: [DocumentedOperation] = []) {
        self.document = document
        self.operations = operations
    }
}

struct APIPage {
    struct Operation {
        let apiMethod: String
        let apiPath: String
        let apiSummary: String
    }

    let apiDocument: String
    let apiBase: String
    let operations: [Operation]
}

extension AgentDesk {
    func neutralPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        var page = try await apiPage(.neutral, seat)
        let base = "/switchboard/v1/workspaces/\(seat.directory.name)"
        func own(_ path: String) -> String {
            path.replacing("{workspace}", with: seat.directory.name).replacing(base + "/", with: "")
        }
        page.api = APIPage(
            apiDocument: api.document, apiBase: base,
            operations: api.operations.map {
                APIPage.Operation(apiMethod: $0.method, apiPath: own($0.path), apiSummary: $0.summary)
            })
        return show(page, request)
    }
}
