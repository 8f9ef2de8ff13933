// Every setting by name: what the settings file, the environment and the options may say.

/// One setting. `docs/operations.md` has a row for each; a test holds the two together.
struct Setting {
    /// In the settings file; upper case after `SWITCHBOARD_` in the environment; with hyphens as an option.
    let name: String
    let unset: String
    let purpose: String

    static let all = [
        Setting(
            name: "listen", unset: "127.0.0.1:8080",
            purpose: "Where to listen: host:port, :port for every IPv4 address, or unix:/path."),
        Setting(
            name: "public_url", unset: "as it listens",
            purpose: "How others reach this server; it stands in callbacks and links."),
        Setting(
            name: "trusted_proxies", unset: "none",
            purpose: "Networks of proxies whose X-Forwarded-… headers count, such as 10.0.0.0/8,127.0.0.1."),
        Setting(
            name: "tls_certificate", unset: "plain http",
            purpose: "A PEM file with the certificate and those that lead to its root; serves https."),
        Setting(
            name: "tls_key", unset: "plain http", purpose: "A PEM file with the certificate's private key."),
        Setting(
            name: "redirect_listen", unset: "none",
            purpose: "A second address, plain http, that only sends browsers on to public_url."),
        Setting(
            name: "metrics_listen", unset: MetricsAddress.standardName,
            purpose:
                "Where GET /metrics answers Prometheus, or off. Unset, it is left out where something else listens."
        ),
        Setting(name: "data", unset: "./data", purpose: "The data folder."),
        Setting(
            name: "database", unset: "switchboard.sqlite in the data folder",
            purpose: "A file's path, or postgres://user:password@host:port/database."),
    ]

    static func isKnown(_ name: String) -> Bool { all.contains { $0.name == name } }

    /// What was probably meant, as the end of a sentence; the whole list when nothing is near.
    static func suggestion(for name: String, written: (String) -> String) -> String {
        let near = all.map { (name: $0.name, distance: editDistance($0.name, name.lowercased())) }
            .min { $0.distance < $1.distance }
        if let near, near.distance <= max(1, near.name.count / 3) {
            return "did you mean \(written(near.name))?"
        }
        return "there are \(all.map { written($0.name) }.joined(separator: ", "))."
    }
}

/// The least number of letters put in, taken out, changed or swapped with their neighbour.
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars.prefix(64))
    let b = Array(b.unicodeScalars.prefix(64))
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var line = [i + 1]
        for j in b.indices {
            var best = min(line[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
            line.append(best)
        }
        before = last
        last = line
    }
    return last[b.count]
}
