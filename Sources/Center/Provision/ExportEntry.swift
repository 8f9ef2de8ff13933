// Presets of exports in a provisioning file, and their way into rows.

import Store

/// A preset of exports, known by name. Each list is the whole list; empty: all.
public struct ExportEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    public var areas: [Located<String>]?
    public var channels: [ErrandChannel]?
    public var tags: [Located<String>]?
}

extension ExportEntry {
    static let keys = ["name", "areas", "channels", "tags"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an export", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        areas = try entry.names("areas", of: "areas", max: ProvisionPlan.areasMax)
        channels = try entry.optional("channels") { node in
            let words = try node.list(of: "channels", max: ErrandChannel.allCases.count) {
                Located(try $0.choice("channel", ErrandChannel.self), at: $0.position)
            }
            try refuseRepeats(words.map { Located($0.value.rawValue, at: $0.position) })
            return words.map(\.value)
        }
        tags = try entry.names("tags", of: "tags", max: ProvisionPlan.tagsMax, folded: true)
    }
}

extension ProvisionRun {
    func applyExports() throws {
        guard !plan.exports.isEmpty else { return }
        var known: [String: Int64] = [:]
        for row in try work.query("SELECT id, name FROM export_preset WHERE workspace = \(workspace)") {
            known[row.text("name")] = row.int("id")
        }
        var tags: [String: Int64] = [:]
        for row in try work.query("SELECT id, folded FROM tag WHERE workspace = \(workspace)") {
            tags[row.text("folded")] = row.int("id")
        }
        for entry in plan.exports {
            let name = entry.name.value
            let id = ExportPresetID(known[name] ?? work.next(.exportPreset))
            if known[name] == nil {
                try work.execute(
                    """
                    INSERT INTO export_preset (workspace, id, name, areas, channels, tags)
                    VALUES (\(workspace), \(id), \(name), \(""), \(""), \(""))
                    """)
            }
            result.ids.exports[name] = id.raw
            let areas = try entry.areas.map { numberList(try $0.map { try area($0).raw }) }
            let tagged = try entry.tags.map { names in
                numberList(
                    try names.map { name in
                        guard let id = tags[fold(name.value)] else {
                            throw plan.unknown(
                                "tag", name, among: plan.tags.map(\.value) + work.directory.tags.map(\.name))
                        }
                        return id
                    })
            }
            let channels = entry.channels?.map(\.rawValue).joined(separator: " ")
            try set(
                "export_preset", id,
                [
                    areas.map { "areas = \($0)" }, channels.map { "channels = \($0)" },
                    tagged.map { "tags = \($0)" },
                ])
        }
    }
}
