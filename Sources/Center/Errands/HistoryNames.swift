// What a line of an errand's history names besides who did it: ids and figures.

/// Members that the kind of line has; a line that says none has none.
public struct HistoryNames: Sendable, Hashable {
    /// 0 for nobody.
    public private(set) var agent: Int64?
    public private(set) var area: Int64?
    public private(set) var tag: Int64?
    public private(set) var priority: Int64?
    public private(set) var level: Int64?

    /// - Parameter data: the line's flat JSON object, as `Event` writes it: names and words need no escapes.
    public init(data: String) {
        var data = data
        data.withUTF8 { bytes in
            var name = bytes[0..<0]
            var index = 0
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\""):
                    let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) ?? bytes.count
                    name = bytes[(index + 1)..<end]
                    index = end + 1
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    let end =
                        bytes[(index + 1)...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
                    set(
                        String(decoding: name, as: UTF8.self),
                        Int64(String(decoding: bytes[index..<end], as: UTF8.self)))
                    index = end
                default: index += 1
                }
            }
        }
    }

    private mutating func set(_ name: String, _ number: Int64?) {
        switch name {
        case "agent": agent = number
        case "area": area = number
        case "tag": tag = number
        case "priority": priority = number
        case "level": level = number
        default: break
        }
    }
}
