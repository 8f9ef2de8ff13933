// What tests of the errand page do again and again: take, read a form's fields, upload, look at rows.
import Center
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import Testing

@testable import Desk

extension DeskStage {
    func page(_ errand: ErrandID, as browser: Browser) async throws -> String {
        try await get("\(browser.base)/errands/\(errand)", as: browser).text
    }

    /// Posts a form of the errand's page as it stands now.
    @discardableResult
    func act(
        _ verb: String, _ errand: ErrandID, _ fields: [(String, String)] = [], as browser: Browser,
        on page: String? = nil, fetched: Bool = false
    ) async throws -> TestResponse {
        let shown: String
        if let page { shown = page } else { shown = try await self.page(errand, as: browser) }
        let all =
            [
                ("version", between("name=\"version\" value=\"", "\"", in: shown)),
                ("seen", between("name=\"seen\" value=\"", "\"", in: shown)),
            ] + fields
        return try await postAll(
            "\(browser.base)/errands/\(errand)/\(verb)", all, as: browser, fetched: fetched)
    }

    func upload(
        _ bytes: [UInt8], _ name: String, type: String, inline: Bool = false, to errand: ErrandID,
        as browser: Browser, csrf: String? = nil
    ) async throws -> TestResponse {
        var headers = browser.headers
        headers[.contentType] = type
        headers[.requestedWith] = "desk"
        headers[.csrfToken] = csrf ?? browser.csrf
        return try await desk.execute(
            uri: "\(browser.base)/errands/\(errand)/uploads?name=\(name)\(inline ? "&inline=yes" : "")",
            method: .post, headers: headers, body: ByteBuffer(bytes: bytes))
    }

    func person(_ login: String) throws -> Agent {
        try #require(floor.roster.workspace(named: "north")?.agent(login: login))
    }

    func area(_ name: String) throws -> Area {
        try #require(floor.roster.workspace(named: "north")?.areas.first { $0.name == name })
    }

    func around(_ errand: ErrandID, of login: String) async throws -> ErrandSurroundings {
        let view = try await view(errand, of: login)
        let workspace = try #require(floor.roster.workspace(named: "north")).workspace
        return try await floor.surroundings(of: view.errand, for: try person(login).id, in: workspace)
    }
}

/// The least of a PNG that has its signature, and as many bytes as asked for.
func picture(_ count: Int) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<max(0, count - 8)).map { UInt8($0 % 251) }
}
