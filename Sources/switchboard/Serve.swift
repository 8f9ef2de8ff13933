// switchboard serve: the server.

import ArgumentParser
import Center
import Foundation
import Logging
import ServiceLifecycle
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the server until SIGTERM.")

    @Option(help: "Where to listen. Default: 127.0.0.1:8080")
    var listen: String?

    @Option(
        name: .customLong("public-url"), help: "How others reach this server. Default: http:// and listen")
    var publicURL: String?

    @Option(help: "Networks of proxies whose X-Forwarded-… headers count, such as 10.0.0.0/8,127.0.0.1")
    var trustedProxies: String?

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let source = try SettingsSource(config: store.config)
        let address = source.value("listen", listen) ?? "127.0.0.1:8080"
        guard let listen = Listen(address) else {
            throw Sentence("'\(address)' is no address to listen on; write it like 127.0.0.1:8080.")
        }
        var desks = DeskPatience()
        // For tests in a browser, which would have to wait a minute.
        if let text = source.value("test_desk_away_ms", nil), let ms = Int64(text) { desks.awayMs = ms }
        let settings = ServeSettings(
            store: try StoreSettings(store, source), listen: listen,
            publicURL: try source.value("public_url", publicURL).map(Self.checked),
            trustedProxies: try Networks(parsing: source.value("trusted_proxies", trustedProxies) ?? ""),
            desks: desks)
        try await serve(settings)
    }

    private static func checked(_ text: String) throws -> String {
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host != nil,
            url.query == nil, url.fragment == nil
        else { throw Sentence("'\(text)' is no public URL; write it like https://cc.example.com.") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
