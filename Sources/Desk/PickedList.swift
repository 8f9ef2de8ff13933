// A choice of many in a form: a tick each, or where there are too many of them a name a line.
import Center
import Routing
import Web

struct PickedList {
    /// Ticks in one form; a form has at most `Fields.maxFields` fields.
    static let ticksMax = 200

    struct Item {
        let id: Int64
        /// What a line names it by.
        let word: String
        let label: String
    }

    let name: String
    let label: String
    let all: [Item]

    static func areas(_ directory: Directory) -> PickedList {
        PickedList(
            name: "areas", label: "Areas",
            all: directory.areas.map { Item(id: $0.id.raw, word: $0.name, label: $0.name) })
    }

    static func agents(_ directory: Directory) -> PickedList {
        PickedList(
            name: "agents", label: "Agents",
            all: directory.agents.filter(\.active).map {
                Item(id: $0.id.raw, word: $0.loginName, label: "\($0.displayName) (\($0.loginName))")
            }.sorted { (fold($0.label), $0.id) < (fold($1.label), $1.id) })
    }

    private var isTicked: Bool { all.count <= Self.ticksMax }

    func fields(_ maker: EntryForm.Maker, _ chosen: Set<Int64>) -> [EntryForm.Field] {
        guard isTicked else {
            let words = all.filter { chosen.contains($0.id) }.map(\.word)
            return [maker.long(name, "\(label), a line each", words.joined(separator: "\n"))]
        }
        return all.map { maker.tick("\(name).\($0.id)", $0.label, chosen.contains($0.id)) }
    }

    /// What was ticked or named, as words; a word may be of nothing that is there.
    func words(_ typed: Fields) -> [String] {
        guard isTicked else {
            return (typed[name] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmedOfBlanks }
                .filter { !$0.isEmpty }
        }
        return all.filter { typed["\(name).\($0.id)"] != nil }.map(\.word)
    }

    /// The same as ids.
    /// - Throws: `Refusal.invalid` for a word of nothing that is there.
    func ids(_ typed: Fields) throws -> [Int64] {
        let known = Dictionary(all.map { ($0.word, $0.id) }) { first, _ in first }
        return try words(typed).map { word in
            guard let id = known[word] else {
                throw Refusal.invalid(
                    "There is nothing called “\(word.prefix(100))” here.", pointer: "/\(name)")
            }
            return id
        }
    }
}
