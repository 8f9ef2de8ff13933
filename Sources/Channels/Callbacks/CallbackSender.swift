// Posts one callback: no redirects, ten seconds, public addresses only unless the workspace allows more.

import AsyncHTTPClient
import Center
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Web

/// Sends payloads; a client is kept for each set of allowed networks.
final class CallbackSender: Sendable {
    /// From start to the end of the answer.
    static let timeoutMs: Int64 = 10_000
    /// Bytes of an answer that are read; the rest is not waited for.
    static let answerMaxBytes = 64 << 10
    /// Sets of allowed networks with a client of their own.
    static let clientsMax = 64

    enum Outcome: Sendable {
        case heard(status: Int)
        case failed(status: Int?, problem: String)
    }

    private let clients = Mutex<[[String]: HTTPClient]>([:])

    /// 2xx is success; anything else is a failure that says why.
    func post(_ payload: [UInt8], to target: DeliveryTarget) async -> Outcome {
        guard let url = URL(string: target.endpoint), let host = url.host,
            url.scheme == "http" || url.scheme == "https"
        else { return .failed(status: nil, problem: "the endpoint is no http or https address") }
        do {
            let guardian = AddressGuard(allowed: target.allowedNetworks)
            try await guardian.check(host: host, port: url.port ?? (url.scheme == "https" ? 443 : 80))
            return try await exchange(payload, target.endpoint, try client(guardian))
        } catch let refused as AddressGuard.Refused {
            return .failed(status: nil, problem: refused.description)
        } catch {
            return .failed(status: nil, problem: Self.words(error))
        }
    }

    private func exchange(_ payload: [UInt8], _ endpoint: String, _ client: HTTPClient) async throws
        -> Outcome
    {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/vnd.api+json")
        request.headers.add(name: "User-Agent", value: "Switchboard")
        request.body = .bytes(payload)
        let sent = request
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                let response = try await client.execute(sent, timeout: .milliseconds(Self.timeoutMs))
                let status = Int(response.status.code)
                var read = 0
                for try await part in response.body {
                    read += part.readableBytes
                    if read > Self.answerMaxBytes { break }
                }
                guard (200..<300).contains(status) else {
                    return .failed(status: status, problem: "the receiver answered \(status)")
                }
                return .heard(status: status)
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(Self.timeoutMs))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let outcome = first else {
                return .failed(
                    status: nil, problem: "the receiver did not answer within \(Self.timeoutMs / 1_000) s")
            }
            return outcome
        }
    }

    private func client(_ guardian: AddressGuard) throws -> HTTPClient {
        try clients.withLock { clients in
            if let client = clients[guardian.allowed] { return client }
            guard clients.count < Self.clientsMax else {
                throw AddressGuard.Refused("too many callback networks")
            }
            var configuration = HTTPClient.Configuration()
            configuration.redirectConfiguration = .disallow
            configuration.httpVersion = .http1Only
            configuration.timeout.connect = .milliseconds(Self.timeoutMs)
            configuration.timeout.read = .milliseconds(Self.timeoutMs)
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
                Deliverer.atOnceForEachMax
            // The name may have been resolved anew: what counts is the address that was connected to.
            configuration.http1_1ConnectionDebugInitializer = { channel in
                do {
                    try guardian.check(channel.remoteAddress)
                    return channel.eventLoop.makeSucceededVoidFuture()
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[guardian.allowed] = client
            return client
        }
    }

    func shutdown() async throws {
        let all = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in all { try await client.shutdown() }
    }

    /// The error in words that say nothing of our inside.
    private static func words(_ error: any Error) -> String {
        if let refused = error as? AddressGuard.Refused { return refused.description }
        if let client = error as? HTTPClientError { return client.shortDescription }
        if error is CancellationError { return "the server stopped" }
        return "the receiver could not be reached (\(type(of: error)))"
    }
}

/// Keeps callbacks out of private networks, for the name and for the address that is connected to.
struct AddressGuard: Sendable {
    struct Refused: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    let allowed: [String]
    private let networks: [Network]

    init(allowed: [String]) {
        self.allowed = allowed.sorted()
        networks = self.allowed.compactMap { Network($0) }
    }

    /// Resolves the name and refuses it if any of its addresses is out of bounds.
    func check(host: String, port: Int) async throws {
        let addresses = try await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(
                host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: port)
        }
        try check(addresses)
    }

    func check(_ socket: SocketAddress?) throws {
        guard let socket, let address = Address(socket) else {
            throw Refused("the receiver has no IP address")
        }
        guard address.isPublic || networks.contains(where: { $0.contains(address) }) else {
            throw Refused(
                "\(address) is not a public address; name its network in callback_networks to allow it")
        }
    }
}
