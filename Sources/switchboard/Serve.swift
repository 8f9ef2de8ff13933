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
        name: .customLong("public-url"),
        help: "How others reach this server. Default: http:// or https:// and listen")
    var publicURL: String?

    @Option(help: "Networks of proxies whose X-Forwarded-… headers count, such as 10.0.0.0/8,127.0.0.1")
    var trustedProxies: String?

    @Option(help: "A PEM file with the certificate and those that lead to its root: serves https.")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's private key.")
    var tlsKey: String?

    @Option(help: "A second address, plain http, that only sends browsers on to the public URL.")
    var redirectListen: String?

    @Option(help: "Where GET /metrics answers Prometheus, or off. Default: 127.0.0.1:9464, if that is free")
    var metricsListen: String?

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let source = try SettingsSource(config: store.config)
        let address = source.given("listen", listen)
        let redirect = source.given("redirect_listen", redirectListen)
        let publicURL = source.given("public_url", publicURL)
        var settings = ServeSettings(
            store: try StoreSettings(store, source),
            listen: try address.map(Self.listen) ?? .tcp(host: "127.0.0.1", port: 8080),
            publicURL: try publicURL.map(Self.url),
            trustedProxies: try source.given("trusted_proxies", trustedProxies).map(Self.networks) ?? [],
            certificate: try Self.certificate(
                source.given("tls_certificate", tlsCertificate), source.given("tls_key", tlsKey)),
            redirect: try redirect.map(Self.listen),
            metrics: try MetricsAddress(source.given("metrics_listen", metricsListen)))
        if let redirect {
            guard let url = settings.publicURL, url.hasPrefix("https://") else {
                throw redirect.problem("browsers are sent on to public_url; set it to an https:// address.")
            }
        }
        // For tests in a browser, which would have to wait a minute.
        if let ms = ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_DESK_AWAY_MS"].flatMap({ Int64($0) }
        ) {
            settings.desks.awayMs = ms
        }
        try await serve(settings)
    }

    private static func listen(_ given: GivenSetting) throws -> Listen {
        guard let listen = Listen(given.text) else {
            throw given.problem(
                "'\(given.text)' is no address to listen on; write it like 127.0.0.1:8080.")
        }
        return listen
    }

    private static func networks(_ given: GivenSetting) throws -> Networks {
        do { return try Networks(parsing: given.text) } catch { throw given.problem("\(error)") }
    }

    private static func url(_ given: GivenSetting) throws -> String {
        let text = given.text
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, url.user == nil, url.query == nil, url.fragment == nil
        else {
            throw given.problem("'\(text)' is no public URL; write it like https://cc.example.com.")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func certificate(_ file: GivenSetting?, _ key: GivenSetting?) throws -> Certificate? {
        switch (file, key) {
        case (nil, nil): return nil
        case (let file?, nil):
            throw file.problem("a certificate needs its private key; set tls_key too.")
        case (nil, let key?):
            throw key.problem("a private key needs its certificate; set tls_certificate too.")
        case (let file?, let key?):
            let files = CertificateFiles(certificate: file.text, key: key.text)
            do {
                return try Certificate(files, nowS: Int64(Date().timeIntervalSince1970))
            } catch let problem as CertificateProblem {
                throw Sentence(problem.description)
            }
        }
    }
}
