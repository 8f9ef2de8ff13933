// Posts one callback: no redirects, ten seconds, public addresses only unless the workspace allows more.

import AsyncHTTPClient
import Center
import Foundation
import NIOCore
import NIOHTTP1

/// Sends payloads to endpoints.
final class CallbackSender: Sendable {
    /// From start to the head of the answer.
    static let timeoutMs: Int64 = 10_000
    /// For the rest of an answer, which says nothing more but lets the connection be used again.
    static let restMaxMs: Int64 = 1_000
    /// Bytes of an answer that are read.
    static let restMaxBytes = 64 << 10
    static let shutdownMaxMs: Int64 = 1_000

    enum Outcome: Sendable, Equatable {
        case heard(status: Int)
        case failed(status: Int?, problem: String, retryAfterMs: Int64? = nil)
        /// The server stops; whether the receiver heard it is not known.
        case stopped
    }

    private let resolver: Resolver
    private let clients = ReceiverClients()

    init(resolver: Resolver = Resolver()) { self.resolver = resolver }

    /// 2xx is success; anything else is a failure that says why.
    /// - Parameter attempt: tries before this one; each takes the name's next address.
    func post(_ payload: [UInt8], to target: DeliveryTarget, attempt: Int64 = 0) async -> Outcome {
        guard let url = URL(string: target.endpoint), let host = url.host, !host.isEmpty,
            url.scheme == "http" || url.scheme == "https"
        else { return .failed(status: nil, problem: "the endpoint is no http or https address") }
        do {
            let outcome = try await within(Self.timeoutMs) { [self] in
                let addresses = try AddressGuard(allowed: target.allowedNetworks).allowed(
                    try await resolver.addresses(of: host.trimmingCharacters(in: ["[", "]"])), of: host)
                let address = addresses[Int(attempt % Int64(addresses.count))]
                return try await clients.with(.init(host: host, address: address)) { client in
                    try await exchange(payload, target.endpoint, client)
                }
            }
            if let outcome { return outcome }
            return .failed(
                status: nil, problem: "the receiver did not answer within \(Self.timeoutMs / 1_000) s")
        } catch {
            if Task.isCancelled || error is CancellationError { return .stopped }
            return .failed(status: nil, problem: Self.words(error))
        }
    }

    func shutdown() async {
        resolver.shutdown()
        await clients.shutdown(withinMs: Self.shutdownMaxMs)
    }

    private func exchange(_ payload: [UInt8], _ endpoint: String, _ client: HTTPClient) async throws
        -> Outcome
    {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/vnd.api+json")
        request.headers.add(name: "User-Agent", value: "Switchboard")
        request.body = .bytes(payload)
        let response = try await client.execute(request, timeout: .milliseconds(Self.timeoutMs))
        let body = response.body
        // The head decides: what follows can neither take success back nor make it late.
        _ = try? await within(Self.restMaxMs) {
            var read = 0
            for try await part in body {
                read += part.readableBytes
                if read > Self.restMaxBytes { break }
            }
        }
        let status = Int(response.status.code)
        guard !(200..<300).contains(status) else { return .heard(status: status) }
        return .failed(
            status: status, problem: "the receiver answered \(status)",
            retryAfterMs: response.headers.first(name: "Retry-After").flatMap {
                RetryAfter.ms($0, now: Date())
            })
    }

    /// Nil when the time is over; what `body` does is cancelled then.
    private func within<T: Sendable>(
        _ ms: Int64, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T? {
        try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(ms))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// The error in words that say nothing of our inside.
    private static func words(_ error: any Error) -> String {
        switch error {
        case let refused as AddressGuard.Refused: refused.description
        case is Resolver.Unknown: "the receiver's name has no address"
        case let client as HTTPClientError: client.shortDescription
        case let io as IOError where io.errnoCode == ECONNREFUSED: "the receiver refused the connection"
        case let io as IOError where io.errnoCode == ECONNRESET: "the receiver broke the connection"
        default:
            "\(type(of: error))".contains("SSL")
                ? "the receiver's TLS or certificate is not accepted"
                : "the receiver could not be reached (\(type(of: error)))"
        }
    }
}
