// The certificate a server shows: read from files, checked, replaced while it serves.
import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// Where a certificate and its private key stand, both in PEM form.
public struct CertificateFiles: Sendable, Hashable {
    /// The server's certificate first, then those that lead to the root.
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Whether every user of the machine may read the private key.
    public var isKeyOpen: Bool {
        var info = stat()
        return stat(key, &info) == 0 && info.st_mode & 0o004 != 0
    }

    /// What changes when either file does; links are followed.
    public var stamp: [Int64] {
        [certificate, key].flatMap { path -> [Int64] in
            var info = stat()
            guard stat(path, &info) == 0 else { return [-1, 0, 0, 0, 0] }
            return [
                Int64(info.st_dev), Int64(truncatingIfNeeded: info.st_ino), Int64(info.st_size),
                Int64(info.st_mtim.tv_sec), Int64(info.st_mtim.tv_nsec),
            ]
        }
    }
}

/// Why a certificate cannot be used: a sentence that names the file.
public struct CertificateProblem: Error, CustomStringConvertible {
    public let description: String
}

/// A certificate in use; connections that are open keep the one they began with.
public final class Certificate: Sendable {
    static let fileMaxBytes = 1 << 20
    /// How long a closing connection waits for the client's own goodbye.
    static let goodbyeMaxMs: Int64 = 400

    private struct Loaded {
        let context: NIOSSLContext
        let endsAtS: Int64
    }

    public let files: CertificateFiles
    private let loaded: Mutex<Loaded>

    /// - Throws: `CertificateProblem` when a file cannot be read, does not fit the other, or is out of date.
    public init(_ files: CertificateFiles, nowS: Int64) throws {
        self.files = files
        loaded = Mutex(try Self.load(files, nowS: nowS))
    }

    /// Shows what the files hold now to connections from now on; when they hold nothing usable, all stays.
    public func reload(nowS: Int64) throws {
        let fresh = try Self.load(files, nowS: nowS)
        loaded.withLock { $0 = fresh }
    }

    /// When the server's own certificate ends, in seconds since 1970.
    public var endsAtS: Int64 { loaded.withLock { $0.endsAtS } }

    var context: NIOSSLContext { loaded.withLock { $0.context } }

    private static func load(_ files: CertificateFiles, nowS: Int64) throws -> Loaded {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(read(files.certificate, "certificate"))
        } catch let problem as CertificateProblem {
            throw problem
        } catch {
            throw CertificateProblem(
                description:
                    "\(files.certificate) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")
        }
        guard let leaf = chain.first else {
            throw CertificateProblem(description: "\(files.certificate) holds no certificate.")
        }
        // Only the server's own: chains carry old cross-signatures that browsers pass by.
        let endsAtS = Int64(leaf.notValidAfter)
        guard endsAtS > nowS else {
            throw CertificateProblem(
                description: "The certificate in \(files.certificate) expired on \(day(endsAtS)); renew it.")
        }
        guard Int64(leaf.notValidBefore) <= nowS else {
            throw CertificateProblem(
                description: "The certificate in \(files.certificate) is valid only from "
                    + "\(day(Int64(leaf.notValidBefore))) on; check this machine's clock.")
        }
        let key = try readKey(files.key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .milliseconds(goodbyeMaxMs)
        do {
            return Loaded(context: try NIOSSLContext(configuration: configuration), endsAtS: endsAtS)
        } catch {
            // The one thing left that can be wrong with two files that could be read.
            throw CertificateProblem(
                description: "The private key in \(files.key) does not belong to the certificate in "
                    + "\(files.certificate).")
        }
    }

    private static func readKey(_ path: String) throws -> NIOSSLPrivateKey {
        let bytes = try read(path, "private key")
        if String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") {
            throw CertificateProblem(
                description: "The private key in \(path) is locked with a passphrase; store it without one.")
        }
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        } catch {
            throw CertificateProblem(
                description: "\(path) holds no private key in PEM form (-----BEGIN PRIVATE KEY-----).")
        }
    }

    private static func read(_ path: String, _ what: String) throws -> [UInt8] {
        func unreadable(_ why: String) -> CertificateProblem {
            CertificateProblem(description: "The \(what) file \(path) cannot be read: \(why).")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("it is no file")
        }
        guard info.st_size <= fileMaxBytes else { throw unreadable("it has more than \(fileMaxBytes) bytes") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        guard let data = try? handle.readToEnd() else { throw unreadable("it is empty") }
        return [UInt8](data)
    }

    private static func day(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
