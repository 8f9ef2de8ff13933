// The IP address behind a socket's address.
import Center
package import NIOCore

extension Address {
    /// Nil for a unix socket.
    package init?(_ socket: SocketAddress) {
        switch socket {
        case .v4(let v4):
            self.init(bits: Address.mappedPrefix | UInt128(UInt32(bigEndian: v4.address.sin_addr.s_addr)))
        case .v6(let v6):
            self.init(v6.address.sin6_addr)
        case .unixDomainSocket:
            return nil
        }
    }
}
