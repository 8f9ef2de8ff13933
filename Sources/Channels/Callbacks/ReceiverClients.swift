// Connections to receivers: a client for each name and the address it was checked at.

import AsyncHTTPClient
import Center
import Foundation
import NIOCore
import Synchronization
import Web

/// Clients that connect to one address each, whatever the name resolves to by then.
final class ReceiverClients: Sendable {
    /// Addresses with a client; those that nothing uses make room.
    static let clientsMax = 256
    /// To connect, TLS included.
    static let connectMaxMs: Int64 = 10_000

    struct Pin: Hashable, Sendable {
        /// As the endpoint writes it.
        var host: String
        var address: Address
    }
    private struct Entry {
        var client: HTTPClient
        var uses = 0
        var turn: UInt64
    }
    private struct State {
        var entries: [Pin: Entry] = [:]
        var turn: UInt64 = 0
        var isClosed = false
    }
    private let state = Mutex(State())

    /// Lends the client for the address to `body`.
    func with<T: Sendable>(_ pin: Pin, _ body: (HTTPClient) async throws -> T) async throws -> T {
        let (client, old) = try take(pin)
        if let old { Task.detached { try? await old.shutdown() } }
        defer { state.withLock { $0.entries[pin]?.uses -= 1 } }
        return try await body(client)
    }

    /// Ends all connections; does not wait longer than `withinMs`.
    func shutdown(withinMs: Int64) async {
        let all = state.withLock { state in
            defer { state.entries = [:] }
            state.isClosed = true
            return state.entries.values.map(\.client)
        }
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        Task.detached {
            await withDiscardingTaskGroup { group in
                for client in all { group.addTask { try? await client.shutdown() } }
            }
            end.finish()
        }
        // A receiver that does not say goodbye is left to the operating system.
        Task.detached {
            try? await Task.sleep(for: .milliseconds(withinMs))
            end.finish()
        }
        for await _ in ended {}
    }

    private func take(_ pin: Pin) throws -> (HTTPClient, HTTPClient?) {
        try state.withLock { state in
            guard !state.isClosed else { throw CancellationError() }
            state.turn += 1
            var old: HTTPClient?
            if state.entries[pin] == nil {
                if state.entries.count >= Self.clientsMax {
                    guard
                        let idle = state.entries.filter({ $0.value.uses == 0 }).min(by: {
                            $0.value.turn < $1.value.turn
                        })
                    else { throw AddressGuard.Refused("too many receivers are being told at once") }
                    old = idle.value.client
                    state.entries[idle.key] = nil
                }
                state.entries[pin] = Entry(client: Self.client(pin), turn: state.turn)
            }
            state.entries[pin]?.uses += 1
            state.entries[pin]?.turn = state.turn
            guard let client = state.entries[pin]?.client else { preconditionFailure("\(pin) has no client") }
            return (client, old)
        }
    }

    private static func client(_ pin: Pin) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(connectMaxMs)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Lane.atOnceMax
        configuration.dnsOverride = [pin.host: pin.address.description]
        // Holds whatever the client makes of the name.
        let wanted = pin.address
        configuration.http1_1ConnectionDebugInitializer = { channel in
            if let socket = channel.remoteAddress, Address(socket) == wanted {
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(
                AddressGuard.Refused("the connection led to another address than \(wanted)"))
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
