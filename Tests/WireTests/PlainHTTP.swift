// A client that sends one request as it is told to, byte by byte, and reads the whole answer.
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

struct PlainAnswer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

enum PlainHTTP {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Chunks of a chunked body: few enough for large bodies, small enough for others to split words.
    static let chunksMax = 400
    static let chunkMinBytes = 100

    /// Sends the request on a connection of its own; chunked when a header says so.
    static func send(
        _ method: String, _ target: String, _ headers: [(name: String, value: String)], _ body: [UInt8],
        port: Int
    ) async throws -> PlainAnswer {
        let chunked = headers.contains { $0.name.lowercased() == "transfer-encoding" }
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !chunked, !body.isEmpty || method != "GET" { head += "Content-Length: \(body.count)\r\n" }
        var message = Array((head + "\r\n").utf8)
        if chunked {
            let chunkBytes = max(chunkMinBytes, (body.count + chunksMax - 1) / chunksMax)
            for start in stride(from: 0, to: body.count, by: chunkBytes) {
                let chunk = body[start..<min(start + chunkBytes, body.count)]
                message += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
            }
            message += Array("0\r\n\r\n".utf8)
        } else {
            message += body
        }
        let bytes = message
        let answer = try await offPool { try exchange(bytes, port: port) }
        return try read(answer)
    }

    /// Sockets block, so they stay off the threads that the server itself needs.
    static func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func exchange(_ message: [UInt8], port: Int) throws -> [UInt8] {
        let socket = try connected(port)
        defer { close(socket) }
        send(message, on: socket)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 { break }
            answer += buffer[..<count]
        }
        return answer
    }

    /// Sends as much as the other end takes.
    static func send(_ message: [UInt8], on socket: Int32) {
        message.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                // A refused body need not be read; the answer is there all the same.
                if count <= 0 { break }
                sent += count
            }
        }
    }

    /// A socket that is connected to the port of this machine.
    static func connected(_ port: Int) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            let problem = errno
            close(socket)
            throw Problem(description: "cannot connect: errno \(problem)")
        }
        return socket
    }

    private static func read(_ bytes: [UInt8]) throws -> PlainAnswer {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Problem(
                description: "no answer, but \(bytes.count) bytes: \(String(decoding: bytes, as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else {
            throw Problem(description: "'\(lines[0])' is no status line")
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
        var body = Array(bytes[end.upperBound...])
        let isChunked = headers.contains {
            $0.name.lowercased() == "transfer-encoding" && $0.value.lowercased() == "chunked"
        }
        if isChunked {
            body = try joined(body)
            return PlainAnswer(status: status, headers: headers, body: body)
        }
        let answer = PlainAnswer(status: status, headers: headers, body: body)
        guard let length = answer.header("content-length"), Int(length) == body.count else {
            throw Problem(
                description:
                    "\(body.count) bytes of body, announced \(answer.header("content-length") ?? "none")")
        }
        return answer
    }

    /// The content of a chunked body, which must have its last chunk.
    private static func joined(_ chunks: [UInt8]) throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = chunks[...]
        while let line = rest.firstRange(of: Array("\r\n".utf8)),
            let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16),
            line.upperBound + size + 2 <= rest.endIndex
        {
            body += rest[line.upperBound..<line.upperBound + size]
            rest = rest[(line.upperBound + size + 2)...]
            if size == 0 { return body }
        }
        throw Problem(description: "a chunked body of \(chunks.count) bytes that broke off")
    }
}
