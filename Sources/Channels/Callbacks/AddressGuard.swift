// Keeps callbacks out of private networks.

import Center
import Foundation
import NIOCore
import Web

/// Which addresses a workspace's callbacks may reach: public ones, and those of its callback networks.
struct AddressGuard: Sendable {
    struct Refused: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let networks: Networks

    init(allowed: [String]) { networks = Networks(allowed.compactMap { Network($0) }) }

    func allows(_ address: Address) -> Bool { address.isPublic || networks.contains(address) }

    /// The addresses of a name that may be reached, in the resolver's order.
    func allowed(_ addresses: [Address], of host: String) throws -> [Address] {
        guard let first = addresses.first else { throw Refused("\(host) has no address") }
        let allowed = addresses.filter(allows)
        guard !allowed.isEmpty else { throw Self.refusal(first) }
        return allowed
    }

    static func refusal(_ address: Address) -> Refused {
        Refused("\(address) is not a public address; name its network in callback_networks to allow it")
    }
}
