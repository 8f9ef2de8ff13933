// The filters above a list.
import Center
import Routing

struct FilterForm {
    struct Choice {
        let choice: String
        let choiceText: String
        let isChosen: Bool
    }

    let filterList: String
    let isFiltered: Bool
    /// The filter in words: `from kim@example.com, since 2026-03-01`.
    let filterWords: String
    let filterAddress: String
    let filterFrom: String
    let filterUntil: String
    let timeWord: String
    let asksAgent: Bool
    let agentChoices: [Choice]
    let channelChoices: [Choice]
    let asksTag: Bool
    let tagChoices: [Choice]
    let clearAddress: String

    init(_ asked: ListRequest, _ seat: Seat) {
        let filter = asked.filter
        func kept(_ name: String) -> String { asked.kept.first { $0.name == name }?.value ?? "" }
        filterList = asked.list.rawValue
        isFiltered = !filter.isEmpty
        filterAddress = kept("address")
        filterFrom = kept("from")
        filterUntil = kept("until")
        timeWord = asked.list == .closed ? "Closed" : "Arrived"
        var asks = false
        if case .area = asked.scope { asks = asked.list == .taken || asked.list == .closed }
        asksAgent = asks
        agentChoices =
            asks
            ? seat.directory.agents.filter { $0.active || $0.id == filter.agent }
                .sorted { fold($0.displayName) < fold($1.displayName) }
                .map {
                    Choice(
                        choice: String($0.id.raw), choiceText: $0.displayName,
                        isChosen: $0.id == filter.agent)
                } : []
        channelChoices = ErrandChannel.allCases.map {
            Choice(choice: $0.rawValue, choiceText: $0.service.name, isChosen: $0 == filter.channel)
        }
        asksTag = !seat.directory.tags.isEmpty
        tagChoices = seat.directory.tags.sorted { fold($0.name) < fold($1.name) }.map {
            Choice(choice: String($0.id), choiceText: $0.name, isChosen: $0.id == filter.tag)
        }
        clearAddress = asked.unfiltered
        var words: [String] = []
        if let address = filter.address { words.append("of \(address)") }
        if let agent = filter.agent.flatMap(seat.directory.agent) {
            words.append(
                asked.list == .closed ? "closed by \(agent.displayName)" : "with \(agent.displayName)")
        }
        if let channel = filter.channel { words.append("by \(channel.service.name)") }
        if let tag = seat.directory.tags.first(where: { $0.id == filter.tag }) {
            words.append("tagged \(tag.name)")
        }
        if !filterFrom.isEmpty { words.append("since \(filterFrom)") }
        if !filterUntil.isEmpty { words.append("until \(filterUntil)") }
        filterWords = words.joined(separator: ", ")
    }
}
