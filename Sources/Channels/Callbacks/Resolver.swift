// Looks names up without holding up what does not wait for that name.

import Center
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Web

/// Names and their addresses; one lookup of a name at a time, kept for a moment.
final class Resolver: Sendable {
    /// How long an answer is used again.
    static let keptMs: Int64 = 5_000
    static let keptMax = 1_000
    /// Lookups at once: each blocks a thread for as long as the name's servers like.
    static let threads = 16

    struct Unknown: Error {}
    typealias Lookup = @Sendable (_ host: String) throws -> [Address]

    private enum Entry {
        case asked([UInt64: CheckedContinuation<[Address], any Error>])
        case known([Address], until: ContinuousClock.Instant)
    }
    private struct State {
        var entries: [String: Entry] = [:]
        var next: UInt64 = 0
    }
    private let state = Mutex(State())
    private let pool = NIOThreadPool(numberOfThreads: Resolver.threads)
    private let lookup: Lookup

    init(lookup: @escaping Lookup = Resolver.system) {
        self.lookup = lookup
        pool.start()
    }

    /// The addresses, in the order in which they should be tried. Ends early when the task is cancelled.
    func addresses(of host: String) async throws -> [Address] {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in wait(for: host, id, continuation) }
        } onCancel: {
            let waiting: CheckedContinuation<[Address], any Error>? = state.withLock { state in
                guard case .asked(var waiting)? = state.entries[host] else { return nil }
                defer { state.entries[host] = .asked(waiting) }
                return waiting.removeValue(forKey: id)
            }
            waiting?.resume(throwing: CancellationError())
        }
    }

    /// Does not wait for lookups under way.
    func shutdown() { pool.shutdownGracefully { _ in } }

    private func wait(
        for host: String, _ id: UInt64, _ continuation: CheckedContinuation<[Address], any Error>
    ) {
        enum Step {
            case answer([Address])
            case ask, wait, cancelled
        }
        let step: Step = state.withLock { state in
            // Cancelled before this, the handler found nothing to end.
            if Task.isCancelled { return .cancelled }
            switch state.entries[host] {
            case .known(let addresses, let until) where until > .now: return .answer(addresses)
            case .asked(var waiting):
                waiting[id] = continuation
                state.entries[host] = .asked(waiting)
                return .wait
            default:
                state.entries[host] = .asked([id: continuation])
                return .ask
            }
        }
        switch step {
        case .answer(let addresses): continuation.resume(returning: addresses)
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .wait: break
        case .ask:
            pool.submit { [self] active in
                let result = Result {
                    guard case .active = active else { throw CancellationError() }
                    return try lookup(host)
                }
                answer(host, result)
            }
        }
    }

    private func answer(_ host: String, _ result: Result<[Address], any Error>) {
        let waiting: [CheckedContinuation<[Address], any Error>] = state.withLock { state in
            guard case .asked(let waiting)? = state.entries[host] else { return [] }
            state.entries[host] = nil
            if case .success(let addresses) = result {
                if state.entries.count >= Self.keptMax {
                    state.entries = state.entries.filter {
                        if case .asked = $0.value { true } else { false }
                    }
                }
                state.entries[host] = .known(addresses, until: .now + .milliseconds(Self.keptMs))
            }
            return Array(waiting.values)
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// The system's own; blocks.
    static func system(_ host: String) throws -> [Address] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw Unknown() }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var entry = list
        while let current = entry {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                current.pointee.ai_addr, current.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST) == 0
            {
                // A link-local address comes with its zone, which is no part of it.
                let number = String(
                    decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                if let address = Address(number.prefix { $0 != "%" }), !found.contains(address) {
                    found.append(address)
                }
            }
            entry = current.pointee.ai_next
        }
        return found
    }
}
