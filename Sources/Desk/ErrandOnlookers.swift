// Who has an errand on the page: agents on the same one see each other.
import Center
import Routing
import Synchronization

/// The open desks by errand. A visit is one event stream; the names go to the others as they come and leave.
final class Onlookers: Sendable {
    /// Names in one line; the rest are counted.
    static let namesMax = 4

    private struct Place: Hashable {
        let workspace: WorkspaceID
        let errand: ErrandID
    }

    private struct Visitor {
        let agent: AgentID
        let hear: @Sendable ([AgentID]) -> Void
    }

    private struct State {
        var next: UInt64 = 0
        var visitors: [Place: [UInt64: Visitor]] = [:]
    }

    private let state = Mutex(State())

    /// Enters, and tells everybody there who else is. Bounded by the number of streams.
    /// - Parameter hear: gets the other agents whenever they change; must not block.
    func enter(
        _ errand: ErrandID, _ agent: AgentID, in workspace: WorkspaceID,
        hear: @escaping @Sendable ([AgentID]) -> Void
    ) -> Visit {
        let place = Place(workspace: workspace, errand: errand)
        let id = state.withLock { state in
            state.next += 1
            state.visitors[place, default: [:]][state.next] = Visitor(agent: agent, hear: hear)
            return state.next
        }
        tell(place)
        return Visit { [weak self] in self?.leave(place, id) }
    }

    /// The agents who have the errand on the page, without one of them. Ascending.
    func others(_ errand: ErrandID, besides agent: AgentID, in workspace: WorkspaceID) -> [AgentID] {
        let place = Place(workspace: workspace, errand: errand)
        return state.withLock { Self.agents($0.visitors[place], besides: agent) }
    }

    private func leave(_ place: Place, _ id: UInt64) {
        state.withLock { state in
            state.visitors[place]?[id] = nil
            if state.visitors[place]?.isEmpty == true { state.visitors[place] = nil }
        }
        tell(place)
    }

    private func tell(_ place: Place) {
        let there = state.withLock { $0.visitors[place] } ?? [:]
        for visitor in there.values { visitor.hear(Self.agents(there, besides: visitor.agent)) }
    }

    private static func agents(_ there: [UInt64: Visitor]?, besides agent: AgentID) -> [AgentID] {
        Set((there ?? [:]).values.map(\.agent)).subtracting([agent]).sorted()
    }
}

/// One open desk's stay at an errand.
struct Visit: Sendable {
    fileprivate let end: @Sendable () -> Void

    fileprivate init(_ end: @escaping @Sendable () -> Void) { self.end = end }

    func leave() { end() }
}

extension Directory {
    /// `Bo Lind and Cy Holm have this errand open too.`; empty when nobody has.
    func company(_ others: [AgentID]) -> String {
        var names = others.prefix(Onlookers.namesMax).map { agent($0)?.displayName ?? "Another agent" }
        if others.count > names.count { names.append("\(others.count - names.count) more") }
        guard let last = names.popLast() else { return "" }
        guard !names.isEmpty else { return "\(last) has this errand open too." }
        return "\(names.joined(separator: ", ")) and \(last) have this errand open too."
    }
}
