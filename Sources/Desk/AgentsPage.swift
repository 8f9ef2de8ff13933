// The day of each agent, as those who lead them see it.
import Center
import Hummingbird
import Routing
import Web

/// Agents on one page.
private let agentsOnPage = 100

struct AgentsPage {
    struct Line {
        let dayAgentID: Int64
        let dayAgentName: String
        let handledText: String
        let talkText: String
        let wrapUpText: String
        let handlingText: String
        let occupancyText: String
        let signedInText: String
        let awayText: String
        let awayReasons: String?
        let failedText: String
        let offeredText: String
    }

    let dayLines: [Line]
    let hasDayLines: Bool
    let formerAgents: String?
    let nextAgents: String?

    /// - Parameter page: from 0.
    init(_ days: [(Agent, AgentStatistics)], _ seat: Seat, page: Int) {
        let reasons = Dictionary(
            uniqueKeysWithValues: seat.directory.reasons.map { ($0.id, $0.text) })
        dayLines = days.dropFirst(page * agentsOnPage).prefix(agentsOnPage).map { agent, day in
            Line(agent, day, reasons)
        }
        hasDayLines = !dayLines.isEmpty
        func address(_ page: Int) -> String { "\(seat.base)/admin/agents?page=\(page)" }
        formerAgents = page > 0 ? address(page - 1) : nil
        nextAgents = (page + 1) * agentsOnPage < days.count ? address(page + 1) : nil
    }
}

extension AgentsPage.Line {
    init(_ agent: Agent, _ day: AgentStatistics, _ reasons: [ReasonID: String]) {
        let counts = day.counts
        dayAgentID = agent.id.raw
        dayAgentName = agent.displayName
        handledText = "\(counts[.handled])"
        talkText = duration(Double(counts[.talkMs]))
        wrapUpText = duration(Double(counts[.wrapUpMs]))
        handlingText = duration(counts.meanHandlingMs)
        occupancyText = percent(counts.occupancy)
        signedInText = duration(Double(counts[.signedInMs]))
        awayText = duration(Double(counts[.unavailableMs]))
        // The longest first; of equals in the order of their ids.
        let away = day.unavailableMs.filter { $0.value > 0 }.sorted {
            ($1.value, $0.key?.raw ?? 0) < ($0.value, $1.key?.raw ?? 0)
        }
        let words: [String] = away.map { id, ms in
            let name = id.map { reasons[$0] ?? "a reason that is gone" } ?? "no reason"
            return "\(name) \(duration(Double(ms)))"
        }
        awayReasons = words.isEmpty ? nil : words.joined(separator: ", ") as String
        failedText = "\(counts[.unanswered])"
        offeredText = "\(counts[.offered])"
    }
}

extension AgentDesk {
    func agentsPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        _ = try administers(seat)
        let page = try Fields(queryOf: request)["page"].flatMap { Int($0) } ?? 0
        let day = seat.times.today
        let figures = try await floor.statisticsOfAgents(
            from: day.begins, to: min(day.ends, seat.times.now + 1), in: seat.workspace)
        let led = seat.directory.agents.filter { isLed($0, by: seat) }
        let days = led.compactMap { agent in figures[agent.id].map { (agent, $0) } }.sorted {
            ($0.0.displayName, $0.0.id) < ($1.0.displayName, $1.0.id)
        }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var shown = deskPage("Agents today", seat, view, openErrand: nil)
        shown.agentDays = AgentsPage(days, seat, page: max(0, min(page, days.count / agentsOnPage)))
        return show(shown, request)
    }

    /// Administrators lead all agents; others those who serve an area that they reach, or whom they supervise.
    private func isLed(_ agent: Agent, by seat: Seat) -> Bool {
        if seat.agent.adminLevel == .administrator { return true }
        return agent.areas.contains { seat.directory.reaches(seat.agent, $0) }
            || seat.directory.callCenters.contains { center in
                center.supervisors.contains { $0.agent == seat.agent.id && $0.agents.contains(agent.id) }
            }
    }
}
