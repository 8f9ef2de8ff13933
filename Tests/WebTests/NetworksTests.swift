// Addresses and networks: parsing, containing, and which addresses are public.
import Center
import Testing

@testable import Web

struct NetworksTests {
    @Test(arguments: [
        "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2",
    ]) func addressesPrintAsTheyRead(text: String) {
        #expect(Address(text)?.description == text)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "0x7f.1", " 1.2.3.4", "1.2.3.4 ",
        "fe80::1%eth0",
        "[::1]", "::1::", "localhost", "1.2.3.4/8", "1.2.3.4\u{0}",
    ]) func otherTextIsNoAddress(text: String) {
        #expect(Address(text) == nil)
    }

    @Test func mappedAddressesAreTheIPv4OnesThemselves() {
        #expect(Address("::ffff:10.1.2.3") == Address("10.1.2.3"))
        #expect(Address("::ffff:10.1.2.3")?.description == "10.1.2.3")
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("192.168.1.77/24", "192.168.1.1", true), ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false),
        ("::/0", "2001:db8::1", true), ("2001:db8::/32", "2001:db8:ffff::", true),
        ("2001:db8::/32", "2001:db9::", false), ("2001:db8::/33", "2001:db8:8000::", false),
    ]) func networksContain(network: String, address: String, inside: Bool) throws {
        let network = try #require(Network(network))
        let address = try #require(Address(address))
        #expect(network.contains(address) == inside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "x/8",
    ])
    func otherTextIsNoNetwork(text: String) {
        #expect(Network(text) == nil)
    }

    @Test func listsAreRead() throws {
        let networks = try Networks(parsing: "127.0.0.0/8, ::1 10.0.0.0/8")
        #expect(networks.list.map(\.description) == ["127.0.0.0/8", "::1/128", "10.0.0.0/8"])
        #expect(try Networks(parsing: "").isEmpty)
        let error = #expect(throws: NotANetwork.self) { try Networks(parsing: "127.0.0.0/8,oops") }
        #expect(error?.description.contains("oops") == true)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
    ])
    func publicAddresses(text: String) throws {
        let address = try #require(Address(text))
        #expect(address.isPublic)
    }

    @Test(arguments: [
        ("0.0.0.0", AddressRange.unspecified), ("0.1.2.3", .unspecified), ("::", .unspecified),
        ("127.0.0.1", .loopback), ("127.9.9.9", .loopback), ("::1", .loopback),
        ("::ffff:127.0.0.1", .loopback),
        ("10.1.1.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private),
        ("192.168.0.1", .private),
        ("::ffff:192.168.0.1", .private), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
        ("100.64.0.1", .carrierNAT), ("100.127.255.255", .carrierNAT), ("fd00::1", .uniqueLocal),
        ("fc00::1", .uniqueLocal), ("224.0.0.1", .multicast), ("239.255.255.255", .multicast),
        ("ff02::1", .multicast), ("255.255.255.255", .broadcast), ("240.0.0.1", .reserved),
        ("192.0.2.1", .documentation), ("198.51.100.1", .documentation), ("203.0.113.1", .documentation),
        ("2001:db8::1", .documentation), ("198.18.0.1", .benchmarking), ("192.0.0.1", .protocolAssignment),
        ("64:ff9b::7f00:1", .translation), ("2002:7f00:1::", .translation), ("2001:0:1::1", .translation),
        ("::7f00:1", .translation), ("4000::1", .reserved),
    ]) func otherAddressesAreNot(text: String, range: AddressRange) throws {
        let address = try #require(Address(text))
        #expect(address.range == range)
        #expect(!address.isPublic)
    }
}
