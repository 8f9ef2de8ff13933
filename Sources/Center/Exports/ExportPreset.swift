// What an export takes: a preset that has a name here and a number on the wire.

import Routing
import Store

public enum ExportNoun {}
public enum ExportPresetNoun {}
public typealias ExportID = Numbered<ExportNoun>
public typealias ExportPresetID = Numbered<ExportPresetNoun>

/// Which errands an export takes. An empty list takes all.
public struct ExportPreset: Sendable, Hashable {
    public let id: ExportPresetID
    public let name: String
    public let areas: [AreaID]
    public let channels: [ErrandChannel]
    /// An errand with any of them is taken.
    public let tags: [Int64]

    init(_ row: Row) {
        id = ExportPresetID(row.int("id"))
        name = row.text("name")
        areas = numbers(of: row.text("areas")).map(AreaID.init)
        channels = Directory.words(row.text("channels")).compactMap(ErrandChannel.init(rawValue:))
        tags = numbers(of: row.text("tags"))
    }
}
