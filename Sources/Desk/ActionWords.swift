// An errand's history in words.
import Center
import Routing

extension ErrandView.Action {
    /// A sentence without its end: `Ana took it`.
    func words(_ directory: Directory) -> String {
        let named = HistoryNames(data: data)
        let agent = named.agent.flatMap { id in
            id == 0 ? nil : directory.agent(AgentID(id))?.displayName ?? "An agent who is gone"
        }
        let area = named.area.map { directory.areaName(AreaID($0)) ?? "an area that is gone" }
        let doer = doer(directory)
        return switch kind {
        case .arrived: area.map { "Arrived in \($0)" } ?? "Arrived"
        case .opened, .taken: "\(agent ?? doer) took it"
        case .assigned:
            isOwn(named.agent) ? "\(doer) took it over" : "\(doer) gave it to \(agent ?? "an agent")"
        case .returned: "Went back to the queue from \(agent ?? doer)"
        case .answered: "\(agent ?? doer) answered"
        case .closed: "\(agent ?? doer) closed it"
        case .moved: "\(doer) moved it to \(area ?? "another area")"
        case .offered: "Offered to \(agent ?? "an agent")"
        case .declined: "\(agent ?? doer) declined it"
        case .unanswered: "\(agent ?? doer) did not answer the offer"
        case .reopened: "\(doer) reopened it"
        case .noted: "\(doer) left a note"
        case .tagged: "\(doer) put the tag \(tag(named.tag, directory)) on it"
        case .untagged: "\(doer) took the tag \(tag(named.tag, directory)) off it"
        case .prioritySet: "\(doer) set the priority to \(named.priority ?? 0)"
        case .callEnded: "The call ended"
        case .rated: "The customer answered how satisfied they are: \(named.level ?? 0) of 5"
        case .erased: "\(doer) erased who wrote it"
        }
    }

    private func isOwn(_ agent: Int64?) -> Bool { actorKind == "agent" && actor == agent }

    private func tag(_ id: Int64?, _ directory: Directory) -> String {
        directory.tags.first { $0.id == id }.map { "“\($0.name)”" } ?? "that is gone"
    }

    private func doer(_ directory: Directory) -> String {
        switch actorKind {
        case "agent": actor.flatMap { directory.agent(AgentID($0))?.displayName } ?? "An agent who is gone"
        case "token", "tenios_key": "Another system"
        case "operator": "The operator"
        default: "Switchboard"
        }
    }
}

extension [ErrandView.Action] {
    /// Without what an assignment brings along: that the errand left one agent's hands for another's.
    var told: [ErrandView.Action] {
        var told: [ErrandView.Action] = []
        var assignedAt: Instant?
        for action in self {
            if action.kind == .assigned { assignedAt = action.at }
            let isEcho = action.kind == .returned || action.kind == .opened
            if isEcho, action.at == assignedAt { continue }
            told.append(action)
        }
        return told
    }
}
