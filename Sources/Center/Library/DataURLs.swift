// A question's pictures put into its texts, as `data_url=true` asks. Source: seed 001, lines 1051-1053.

import Foundation

public struct DataURLs: Sendable {
    /// Bytes of pictures in one answer, each as often as it is shown.
    public static let bytesMax: Int64 = 16 << 20

    /// By archive.
    private let urls: [Int64: String]

    /// Checks first, so that nothing is read for an answer that would be too large.
    /// - Throws: `Refusal.invalid`.
    public init(
        for graph: LibraryGraph, from floor: Floor, by principal: Principal
    ) async throws {
        let sizes = Dictionary(uniqueKeysWithValues: graph.archives.map { ($0.id, $0.size) })
        var bytes: Int64 = 0
        for question in graph.questions where !graph.archives(in: question.id).isEmpty {
            for text in [question.question, question.answer] {
                for place in EmbeddedArchives.places(in: text) { bytes += sizes[place.archive] ?? 0 }
            }
        }
        guard bytes <= Self.bytesMax else {
            throw Refusal.invalid(
                "The pictures of this answer have more than \(Self.bytesMax >> 20) MiB together. Leave data_url "
                    + "out and fetch them one by one, or ask for one question.")
        }
        guard !sizes.isEmpty else {
            urls = [:]
            return
        }
        var urls: [Int64: String] = [:]
        for file in try await floor.embeddedArchives(sizes.keys.sorted(), by: principal) {
            var content: [UInt8] = []
            for n in 0..<file.pieces { content += try await floor.blobs.piece(n, of: file) }
            urls[file.id] =
                "data:\(Self.type(file.contentType));base64,\(Data(content).base64EncodedString())"
        }
        self.urls = urls
    }

    /// `type/subtype` in plain letters: anything else could end the attribute it stands in.
    private static func type(_ type: String) -> String {
        let isPlain = type.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "/+-.".utf8.contains($0)
        }
        return isPlain && !type.isEmpty ? type : "application/octet-stream"
    }

    /// The text with every picture in it that there is.
    public func put(into text: String) -> String {
        let places = urls.isEmpty ? [] : EmbeddedArchives.places(in: text)
        guard !places.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var end = 0
        for place in places {
            guard let url = urls[place.archive] else { continue }
            out += bytes[end..<place.range.lowerBound]
            out += url.utf8
            end = place.range.upperBound
        }
        out += bytes[end...]
        return String(decoding: out, as: UTF8.self)
    }
}
