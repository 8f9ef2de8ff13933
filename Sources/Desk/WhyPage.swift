// Why an errand is where it is, and why an agent gets nothing: the explanation's sentences on a page.
import Center
import Hummingbird
import Routing
import Web

struct WhyPage {
    struct Line {
        let sentence: String
    }

    struct Choice {
        let whyAgent: Int64
        let whyAgentName: String
        let isAsked: Bool
    }

    let whyTitle: String
    let whyLines: [Line]
    let whyAsOf: Stamp
    let whyBack: String
    let whyBackWords: String
    /// Agents whom an administrator may ask about; empty for everybody else.
    let whyAgents: [Choice]
    let hasWhyAgents: Bool
}

extension AgentDesk {
    func whyErrand(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let errand = try errandID(context)
        let told = try await floor.explain(errand: errand, for: seat.agent.id, in: seat.workspace)
        let back = ("\(seat.base)/errands/\(errand)", "Back to the errand")
        return try await whyPage(told, "Why is this errand here?", back: back, seat, request)
    }

    /// The agent's own; an administrator's for whom `agent` names.
    func whyAgent(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let asked = try Fields(queryOf: request)["agent"].flatMap { Int64($0) }.map(AgentID.init)
        let agent = asked ?? seat.agent.id
        let told = try await floor.explain(agent: agent, for: seat.agent.id, in: seat.workspace)
        let title =
            agent == seat.agent.id ? "Why do I get nothing?" : "Why does \(told.subject) get nothing?"
        return try await whyPage(
            told, title, back: (seat.base, "Back to the desk"), asked: agent, seat, request)
    }

    func whyAnyAgent(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        return try await whyAgent(seat, request, context)
    }

    func whyPage(
        _ told: Explanation, _ title: String, back: (address: String, words: String), asked: AgentID? = nil,
        _ seat: Seat, _ request: Request
    ) async throws -> Response {
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(title, seat, view, openErrand: nil)
        let mayAsk = asked != nil && seat.agent.adminLevel == .administrator
        let choices = seat.directory.agents.filter { mayAsk && $0.active }.map {
            WhyPage.Choice(whyAgent: $0.id.raw, whyAgentName: $0.displayName, isAsked: $0.id == asked)
        }
        page.why = WhyPage(
            whyTitle: title, whyLines: told.sentences.map { WhyPage.Line(sentence: $0) },
            whyAsOf: seat.times.stamp(Instant(ms: told.atMs)), whyBack: back.address,
            whyBackWords: back.words, whyAgents: choices, hasWhyAgents: !choices.isEmpty)
        return show(page, request)
    }
}
