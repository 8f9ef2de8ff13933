// An errand's history in words.
import Center
import Foundation
import Routing

extension ErrandView.Action {
    /// What an action's data may name.
    private struct Named: Decodable {
        var agent: Int64?
        var area: Int64?
    }

    /// A sentence without its end: `Ana took it`.
    func words(_ directory: Directory) -> String {
        let named = (try? JSONDecoder().decode(Named.self, from: Data(data.utf8))) ?? Named()
        let agent = named.agent.flatMap { id in
            id == 0 ? nil : directory.agent(AgentID(id))?.displayName ?? "An agent who is gone"
        }
        let area = named.area.map { directory.area(AreaID($0))?.name ?? "an area that is gone" }
        return switch kind {
        case .arrived: area.map { "Arrived in \($0)" } ?? "Arrived"
        case .opened, .taken: "\(agent ?? doer(directory)) took it"
        case .assigned: "Assigned to \(agent ?? "an agent")"
        case .returned: "Went back to the queue from \(agent ?? doer(directory))"
        case .answered: "\(agent ?? doer(directory)) answered"
        case .closed: "\(agent ?? doer(directory)) closed it"
        case .moved: "Moved to \(area ?? "another area")"
        case .offered: "Offered to \(agent ?? "an agent")"
        case .declined: "\(agent ?? doer(directory)) declined it"
        case .unanswered: "\(agent ?? doer(directory)) did not answer the offer"
        case .erased: "\(doer(directory)) erased who wrote it"
        }
    }

    private func doer(_ directory: Directory) -> String {
        switch actorKind {
        case "agent": actor.flatMap { directory.agent(AgentID($0))?.displayName } ?? "An agent who is gone"
        case "token": "Another system"
        case "operator": "The operator"
        default: "Switchboard"
        }
    }
}
