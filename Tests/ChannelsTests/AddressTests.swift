// Where a callback may go: the address that is connected to is the one that was checked.
@testable import Center
import Foundation
import Synchronization
import Testing

@testable import Channels

@Suite("Addresses of receivers", .serialized)
struct AddressTests {
    private static func target(_ endpoint: String, _ networks: [String] = []) -> DeliveryTarget {
        DeliveryTarget(endpoint: endpoint, allowedNetworks: networks)
    }

    private static func post(_ target: DeliveryTarget, _ resolver: Resolver = Resolver()) async
        -> CallbackSender.Outcome
    {
        let sender = CallbackSender(resolver: resolver)
        let outcome = await sender.post(Array("{}".utf8), to: target)
        await sender.shutdown()
        return outcome
    }

    @Test(
        "private ones are refused however they are written",
        arguments: [
            "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]",
            "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1",
            "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
            "224.0.0.1",
        ])
    func refused(_ host: String) async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let outcome = await Self.post(Self.target("http://\(host):\(receiver.port)/"))
        guard case .failed(nil, let problem, nil) = outcome else {
            Issue.record("\(host) was told: \(outcome)")
            return
        }
        #expect(
            problem.contains("callback_networks") || problem == "the receiver's name has no address",
            "\(problem)")
        #expect(receiver.connections == 0)
        try await receiver.stop()
    }

    @Test("a network opens its own addresses only")
    func named() async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let url = "http://127.0.0.1:\(receiver.port)/"
        let inside = await Self.post(Self.target(url, ["127.0.0.0/8"]))
        #expect(inside == .heard(status: 200))
        let mapped = await Self.post(
            Self.target("http://[::ffff:127.0.0.1]:\(receiver.port)/", ["127.0.0.0/8"]))
        #expect(mapped == .heard(status: 200))
        guard case .failed(nil, _, nil) = await Self.post(Self.target(url, ["10.0.0.0/8", "::1/128"])) else {
            Issue.record("another network opened 127.0.0.1")
            return
        }
        #expect(receiver.all.count == 2)
        try await receiver.stop()
    }

    @Test("a name is resolved once: what it says later changes nothing")
    func rebinding() async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let asked = Mutex(0)
        // The name exists nowhere else: asking anyone again would fail.
        let resolver = Resolver { host in
            let before = asked.withLock { asked in
                asked += 1
                return asked
            }
            guard host == "rebind.invalid", let own = Address("127.0.0.1"), let other = Address("127.0.0.2")
            else { throw Resolver.Unknown() }
            return before == 1 ? [own] : [other]
        }
        let outcome = await Self.post(
            Self.target("http://rebind.invalid:\(receiver.port)/", ["127.0.0.1/32"]), resolver)
        #expect(outcome == .heard(status: 200))
        #expect(asked.withLock { $0 } == 1)
        #expect(receiver.all[0].head.lowercased().contains("\r\nhost: rebind.invalid:\(receiver.port)"))
        try await receiver.stop()
    }

    @Test("of a name with both kinds of address, only the allowed ones are connected to")
    func both() async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let resolver = Resolver { _ in ["10.1.2.3", "::1", "127.0.0.1"].compactMap { Address($0) } }
        let outcome = await Self.post(
            Self.target("http://both.invalid:\(receiver.port)/", ["127.0.0.0/8"]), resolver)
        #expect(outcome == .heard(status: 200))
        guard
            case .failed(nil, let problem, nil) = await Self.post(
                Self.target("http://both.invalid:\(receiver.port)/"),
                Resolver { _ in [Address("10.1.2.3")].compactMap { $0 } })
        else {
            Issue.record("a private address was connected to")
            return
        }
        #expect(problem.hasPrefix("10.1.2.3 is not a public address"))
        #expect(receiver.all.count == 1)
        try await receiver.stop()
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let other = Receiver { _, _ in .fine }
        try await other.start()
        let receiver = Receiver { [other] _, _ in
            .status(307, "Location: http://127.0.0.1:\(other.port)/\r\n")
        }
        try await receiver.start()
        let outcome = await Self.post(Self.target("http://127.0.0.1:\(receiver.port)/", ["127.0.0.0/8"]))
        #expect(outcome == .failed(status: 307, problem: "the receiver answered 307"))
        #expect(other.connections == 0)
        try await receiver.stop()
        try await other.stop()
    }

    @Test("a name whose servers do not answer holds up only itself", .timeLimit(.minutes(1)))
    func slowNames() async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let gate = DispatchSemaphore(value: 0)
        let resolver = Resolver { host in
            if host == "slow.invalid" { gate.wait() }
            return [Address("127.0.0.1")].compactMap { $0 }
        }
        let sender = CallbackSender(resolver: resolver)
        let networks = ["127.0.0.0/8"]
        let port = receiver.port
        let stuck = Task {
            await withTaskGroup(of: CallbackSender.Outcome.self) { group in
                for _ in 0..<(Resolver.threads * 2) {
                    group.addTask {
                        await sender.post([], to: Self.target("http://slow.invalid:\(port)/", networks))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        let outcome = await sender.post([], to: Self.target("http://quick.invalid:\(port)/", networks))
        #expect(outcome == .heard(status: 200))
        stuck.cancel()
        let outcomes = await stuck.value
        #expect(outcomes.allSatisfy { $0 == .stopped })
        gate.signal()
        await sender.shutdown()
        try await receiver.stop()
    }
}
