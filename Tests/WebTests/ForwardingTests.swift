// Whom the proxies' headers name, and when they are believed.
import Center
import Hummingbird
import Testing

@testable import Web

struct ForwardingTests {
    private let trusted: Networks = [Network("10.0.0.0/8")!, Network("2001:db8:1::/48")!]

    private func forwarding(_ peer: String, _ fields: [(String, String)]) -> String {
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(.init(name: .init(name)!, value: value)) }
        let found = Forwarding(peer: Address(peer), headers: headers, trusted: trusted)
        return "\(found.client?.description ?? "-") \(found.scheme)"
    }

    @Test func anUntrustedPeerIsTheClient() {
        #expect(
            forwarding("192.0.2.1", [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-Proto", "https")])
                == "192.0.2.1 http")
    }

    @Test func theWalkGoesFromTheRightAndStopsAtTheFirstStranger() {
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "6.6.6.6, 1.1.1.1, 10.0.0.2")]) == "1.1.1.1 http")
        #expect(
            forwarding("10.0.0.1", [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "1.1.1.1")])
                == "1.1.1.1 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "10.0.0.3, 10.0.0.2")]) == "10.0.0.3 http")
        #expect(forwarding("::ffff:10.0.0.1", [("X-Forwarded-For", "1.1.1.1")]) == "1.1.1.1 http")
    }

    @Test func nonsenseEndsTheWalk() {
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "1.1.1.1, what, 10.0.0.2")]) == "10.0.0.2 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "unknown")]) == "10.0.0.1 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", " , ")]) == "10.0.0.1 http")
    }

    @Test func portsAndBracketsAreTaken() {
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "1.1.1.1:4711")]) == "1.1.1.1 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "[2001:db8::7]:4711")]) == "2001:db8::7 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-For", "2001:db8::7")]) == "2001:db8::7 http")
    }

    @Test func theSchemeOfTheClientsHopCounts() {
        #expect(
            forwarding("10.0.0.1", [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-Proto", "HTTPS")])
                == "1.1.1.1 https")
        #expect(
            forwarding(
                "10.0.0.1", [("X-Forwarded-For", "1.1.1.1, 10.0.0.2"), ("X-Forwarded-Proto", "https, http")])
                == "1.1.1.1 https")
        #expect(
            forwarding("10.0.0.1", [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-Proto", "https, http")])
                == "1.1.1.1 http")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-Proto", "https")]) == "10.0.0.1 https")
        #expect(forwarding("10.0.0.1", [("X-Forwarded-Proto", "gopher")]) == "10.0.0.1 http")
    }

    @Test func theStandardHeaderIsTakenWhenItIsAlone() {
        #expect(
            forwarding(
                "2001:db8:1::1", [("Forwarded", "for=6.6.6.6, for=\"[2001:db8::7]:47\";proto=https;by=x")])
                == "2001:db8::7 https")
        #expect(forwarding("10.0.0.1", [("Forwarded", "for=_hidden;proto=https")]) == "10.0.0.1 https")
        #expect(
            forwarding("10.0.0.1", [("Forwarded", "for=6.6.6.6"), ("X-Forwarded-For", "1.1.1.1")])
                == "1.1.1.1 http")
    }
}
