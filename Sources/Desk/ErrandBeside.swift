// What stands beside an errand's conversation: the customer, tags, notes, and where it can go.
import Center
import Routing

extension ErrandPage {
    /// The customer and the errand's marks.
    struct About {
        struct Address {
            let kind: String
            let address: String
        }

        struct Other {
            let otherID: Int64
            let otherSubject: String
            let otherArrived: Stamp
            let otherState: String
        }

        struct Tag {
            let tagID: Int64
            let tagName: String
        }

        let contactName: String
        let cuid: String?
        let addresses: [Address]
        let hasOthers: Bool
        let others: [Other]
        let hasMoreOthers: Bool
        let tags: [Tag]
        let hasTags: Bool
        let addable: [Tag]
        let hasAddable: Bool
        /// What the customer said of the answer, or that nothing is said yet; nil when nothing was asked.
        let opinion: String?
        /// What another system sent along, as its text.
        let extradata: String?
        let integrationData: String?
        let call: CallFacts?
    }

    struct NoteList {
        struct Line {
            let noteWriter: String
            let noteText: String
            let noted: Stamp
        }

        let noteLines: [Line]
        let hasNotes: Bool
    }

    /// Where the errand can be sent, and its priority.
    struct Move {
        struct Choice {
            let target: String
            let targetName: String
        }

        let priority: Int64
        let areaChoices: [Choice]
        let hasAreaChoices: Bool
        let agentChoices: [Choice]
        let hasAgentChoices: Bool
        let hasChoices: Bool
    }
}

extension ErrandPage.About {
    init(_ view: ErrandView, _ around: ErrandSurroundings, _ seat: Seat) {
        contactName = around.contactName.isEmpty ? view.errand.customer : around.contactName
        cuid = around.cuid
        addresses = around.addresses.map { Address(kind: Self.label($0.kind), address: $0.address) }
        others = around.others.map { errand in
            Other(
                otherID: errand.id.raw, otherSubject: errand.shownSubject,
                otherArrived: seat.times.stamp(errand.arrivedAt),
                otherState: errand.state == .open ? "open" : "closed")
        }
        hasOthers = !others.isEmpty
        hasMoreOthers = around.hasMoreOthers
        let names = Dictionary(uniqueKeysWithValues: seat.directory.tags.map { ($0.id, $0.name) })
        tags = around.tags.map { Tag(tagID: $0, tagName: names[$0] ?? "a tag that is gone") }
        hasTags = !tags.isEmpty
        let taken = Set(around.tags)
        addable = seat.directory.tags.filter { !taken.contains($0.id) }.map {
            Tag(tagID: $0.id, tagName: $0.name)
        }
        hasAddable = !addable.isEmpty
        opinion = view.satisfaction.map { satisfaction in
            guard let level = satisfaction.level, let label = satisfaction.label else {
                return "not answered"
            }
            return "\(label) (\(level) of \(SatisfactionQuestion.levels.count))"
        }
        extradata = view.extradata
        integrationData = around.integrationData
        call = around.call.map { ErrandPage.CallFacts($0, seat) }
    }

    private static func label(_ kind: String) -> String {
        switch kind {
        case "email": "E-mail"
        case "voice": "Phone"
        case "chat": "Chat"
        case "facebook": "Facebook"
        case "whatsapp": "WhatsApp"
        case "vk": "VKontakte"
        case "line": "LINE"
        default: kind
        }
    }
}

extension ErrandPage.NoteList {
    init(_ notes: [Note], _ seat: Seat) {
        noteLines = notes.map { note in
            Line(
                noteWriter: note.agent.map { seat.directory.agent($0)?.displayName ?? "An agent who is gone" }
                    ?? "Another system", noteText: note.body, noted: seat.times.stamp(note.at))
        }
        hasNotes = !notes.isEmpty
    }
}

extension ErrandPage.Move {
    init(_ view: ErrandView, _ around: ErrandSurroundings, _ seat: Seat) {
        priority = view.errand.priority
        areaChoices = seat.directory.areas.filter { $0.id != view.errand.area }.map {
            Choice(target: "area:\($0.id)", targetName: $0.name)
        }
        hasAreaChoices = !areaChoices.isEmpty
        let holder: AgentID? = if case .active(let agent) = view.itemState { agent } else { nil }
        agentChoices = around.present.filter { $0 != holder }.map { id in
            let name = seat.name(of: id)
            return Choice(target: "agent:\(id.raw)", targetName: id == seat.agent.id ? "\(name) (you)" : name)
        }
        hasAgentChoices = !agentChoices.isEmpty
        hasChoices = hasAreaChoices || hasAgentChoices
    }
}
