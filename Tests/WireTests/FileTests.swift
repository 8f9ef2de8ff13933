// Files that are fetched come back byte for byte, whatever their size, and without being held whole.
import Foundation
import SeededRandom
import Store
import Testing
import TestStores

@testable import Cention
@testable import Center
import Web

@Suite("Fetched files", .serialized)
struct FileTests {
    /// Around the limit of a row, of a group of three letters, and of a piece.
    private static let sizes = [
        0, 1, 2, 3, 4, Blobs.inRowMax - 1, Blobs.inRowMax, Blobs.inRowMax + 1, Blobs.chunkBytes - 1,
        Blobs.chunkBytes, Blobs.chunkBytes + 1, Blobs.chunkBytes + 2, 3 * Blobs.chunkBytes, 5_000_011,
    ]

    private static func content(_ size: Int) -> [UInt8] {
        var random = Seeded(seed: UInt64(size))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 8)
        while bytes.count < size { withUnsafeBytes(of: random.next()) { bytes += $0 } }
        return Array(bytes.prefix(size))
    }

    @Test("of every size", arguments: EngineKind.tested)
    func sizes(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let tokens = try await server.provision("center.yaml").accessTokens
            let files = Self.sizes.map {
                NewAttachment(name: "\($0) bytes ☃\"\\", contentType: "image/png", bytes: Self.content($0))
            }
            let ids = try await StoredFiles.answered(
                on: server, token: try #require(tokens["form"]), files: files)
            let reports = try #require(tokens["reports"])
            for file in files {
                let id = try #require(ids[file.name])
                let answer = try await server.get(
                    "/s/demo/capi/json/c3_response_attachments/\(id)", token: reports)
                #expect(answer.status == 200)
                let data = try #require(
                    try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: [String: Any]])
                let attributes = data["data"]?["attributes"] as? [String: [String: Any]]
                let attachment = try #require(attributes?["attachment"])
                #expect(attachment["name"] as? String == file.name)
                let text = try #require(attachment["content"] as? String)
                let bytes = try #require(Data(base64Encoded: text))
                #expect([UInt8](bytes) == file.bytes, "\(file.name)")
            }
        }
    }

    @Test("a content that is gone is a fault before the answer begins", arguments: EngineKind.tested)
    func gone(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let tokens = try await server.provision("center.yaml").accessTokens
            let file = NewAttachment(name: "a", contentType: "b", bytes: Self.content(40_000))
            let ids = try await StoredFiles.answered(
                on: server, token: try #require(tokens["form"]), files: [file])
            try await server.script("UPDATE attachment SET digest = 'x' WHERE digest IS NOT NULL")
            let path = "/s/demo/capi/json/c3_response_attachments/\(try #require(ids["a"]))"
            let answer = try await server.get(path, token: try #require(tokens["reports"]))
            #expect(answer.status == 500)
            #expect(answer.header("Content-Type") == "application/vnd.api+json")
        }
    }

    @Test("a file that ends too early breaks the answer off, and the client can tell")
    func cut() async throws {
        try await WireServer.run(on: .sqlite) { server in
            let tokens = try await server.provision("center.yaml").accessTokens
            let file = NewAttachment(name: "a", contentType: "b", bytes: Self.content(2_500_000))
            let ids = try await StoredFiles.answered(
                on: server, token: try #require(tokens["form"]), files: [file])
            let digest = sha256Hex(file.bytes)
            let path = server.floor.blobs.path(digest, WorkspaceID(1))
            #expect(truncate(path, 2_000_000) == 0)
            let id = try #require(ids["a"])
            await #expect(throws: PlainHTTP.Problem.self) {
                try await server.get(
                    "/s/demo/capi/json/c3_response_attachments/\(id)", token: try #require(tokens["reports"]))
            }
            #expect(try await server.post("c3_new_errands", [], token: tokens["form"] ?? "").status == 400)
        }
    }

    @Test("slow readers take their places only: the next large file waits, small ones do not")
    func gate() async throws {
        try await WireServer.run(on: .sqlite, filesOutMax: 2) { server in
            let tokens = try await server.provision("center.yaml").accessTokens
            let reports = try #require(tokens["reports"])
            // More than the machine buffers between two sockets.
            let files = [("large", 24 << 20), ("small", 100)].map { name, size in
                NewAttachment(name: name, contentType: "b", bytes: Self.content(size))
            }
            let ids = try await StoredFiles.answered(
                on: server, token: try #require(tokens["form"]), files: files)
            let large = "/s/demo/capi/json/c3_response_attachments/\(try #require(ids["large"]))"
            let small = "/s/demo/capi/json/c3_response_attachments/\(try #require(ids["small"]))"
            let request = Array(
                "GET \(large) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(reports)\r\nConnection: close\r\n\r\n"
                    .utf8)
            let port = server.port
            let slow = try await PlainHTTP.offPool {
                try (0..<2).map { _ in
                    let talk = try RawTalk(port)
                    talk.send(request)
                    _ = try talk.receive(until: "\"content\":\"")
                    return talk
                }
            }
            let full = try await server.get(large, token: reports)
            #expect(full.status == 503)
            #expect(full.header("Retry-After") == "5")
            #expect(full.header("Content-Type") == "application/vnd.api+json")
            #expect(try await server.get(small, token: reports).status == 200)
            let lengths = try await PlainHTTP.offPool { slow.map { $0.receiveAll().utf8.count } }
            let tail = "\"}}}}".utf8.count
            #expect(lengths == Array(repeating: Base64.length(of: 24 << 20) + tail, count: 2))
            // A place is given back a moment after the last byte.
            var status = 503
            while status == 503 { status = try await server.get(large, token: reports).status }
            #expect(status == 200)
        }
    }

    @Test("the encoder's pieces are the whole's base64")
    func pieces() {
        for size in 0..<40 {
            let bytes = Self.content(size)
            for length in 1...7 where size > 0 {
                var encoder = Base64.Encoder()
                var text: [UInt8] = []
                let starts = Array(stride(from: 0, to: size, by: length))
                for start in starts {
                    text += encoder.encode(
                        Array(bytes[start..<min(start + length, size)]), isLast: start == starts.last)
                }
                #expect(text == [UInt8](Data(bytes).base64EncodedData()))
                #expect(text.count == Base64.length(of: size))
            }
        }
    }
}
