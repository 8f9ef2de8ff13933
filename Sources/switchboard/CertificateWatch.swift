// New certificates without a restart: on SIGHUP, and when the files change.

import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import Web

/// Reloads the certificate; connections that are open keep theirs. A file that is no good changes nothing.
struct CertificateWatch: Service {
    /// How often the files are looked at. A change counts once it has stood for one more look, since the
    /// certificate and its key are rarely replaced in the same moment.
    static let lookEveryMs = 3_000
    /// From here on the log says once a day that the certificate ends.
    static let warnBeforeS: Int64 = 14 * 86_400

    /// Nil where the server speaks plain http: SIGHUP then does nothing, as it should to a server.
    let certificate: Certificate?
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals.cancelOnGracefulShutdown() {
                    if certificate == nil { logger.notice("SIGHUP: there is no certificate to reload") }
                    reload("SIGHUP")
                }
            }
            if let certificate { group.addTask { await watch(certificate) } }
        }
    }

    private func watch(_ certificate: Certificate) async {
        if certificate.files.isKeyOpen {
            logger.warning("every user of this machine may read \(certificate.files.key); chmod it to 600")
        }
        var used = certificate.files.stamp
        var seen = used
        var warnedAtS: Int64 = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            if certificate.endsAtS - nowS < Self.warnBeforeS, nowS - warnedAtS >= 86_400 {
                warnedAtS = nowS
                let hours = max(0, (certificate.endsAtS - nowS) / 3_600)
                logger.warning("the certificate in \(certificate.files.certificate) ends in \(hours) hours")
            }
            try? await cancelWhenGracefulShutdown {
                try await Task.sleep(for: .milliseconds(Self.lookEveryMs))
            }
            let stamp = certificate.files.stamp
            if stamp != used, stamp == seen {
                used = stamp
                reload("its files changed")
            }
            seen = stamp
        }
    }

    private func reload(_ why: String) {
        guard let certificate else { return }
        do {
            try certificate.reload(nowS: nowS)
            logger.notice("certificate reloaded: \(why)")
        } catch {
            logger.error("certificate not reloaded (\(why)), the old one stays: \(error)")
        }
    }

    private var nowS: Int64 { Int64(Date().timeIntervalSince1970) }
}
