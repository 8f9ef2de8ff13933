// A connection on which a test says what it likes, when it likes; its calls block.
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

final class RawTalk: Sendable {
    private let socket: Int32

    init(_ port: Int) throws {
        socket = try PlainHTTP.connected(port)
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) { PlainHTTP.send(bytes, on: socket) }

    /// Our half of the connection ends.
    func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// What comes up to and with `mark`.
    func receive(until mark: String) throws -> String {
        var text: [UInt8] = []
        let mark = Array(mark.utf8)
        var byte: UInt8 = 0
        while !text.suffix(mark.count).elementsEqual(mark) {
            guard recv(socket, &byte, 1, 0) == 1 else {
                throw PlainHTTP.Problem(
                    description: "it ended after '\(String(decoding: text, as: UTF8.self))'")
            }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What comes until the other end closes.
    func receiveAll() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }
}
