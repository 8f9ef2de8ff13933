// Files by name that are written as base64 where a plan travels as JSON.

import Foundation

@propertyWrapper
public struct FileContents: Sendable, Hashable {
    public var wrappedValue: [String: [UInt8]]

    public init(wrappedValue: [String: [UInt8]]) { self.wrappedValue = wrappedValue }
}

extension FileContents: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = try container.decode([String: String].self).mapValues { text in
            guard let data = Data(base64Encoded: text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64")
            }
            return Array(data)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.mapValues { Data($0).base64EncodedString() })
    }
}
