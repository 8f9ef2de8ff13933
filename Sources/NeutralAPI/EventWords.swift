// One event as the API tells it: ids as they are, enumerations in words, instants as text.
import Center
import Hummingbird
import Routing
import Web

extension JSONWriter {
    mutating func members(of line: JournalLine, _ directory: Directory) {
        member("seq", line.seq)
        member("at", at: line.at.ms)
        member("kind", line.kind)
        member("via", line.via)
        object("actor") {
            $0.member("kind", line.actorKind)
            $0.member("id", orNull: line.actor)
        }
        object("data") { $0.data(of: line, directory) }
    }

    private mutating func data(of line: JournalLine, _ directory: Directory) {
        // Rows hold what this server wrote.
        guard let stored = try? JSONDocument(ByteBuffer(string: line.data)).root else { return }
        let members = stored.members
        func figure(_ name: String) -> Int64? { members.first { $0.name == name }?.value.integer }
        var item = figure("item")
        if line.noun == "workItem" { item = line.nounID }
        if let item { member("item", item) }
        if line.kind == "offer.made" || line.kind == "offer.ended", let item, let epoch = figure("epoch"),
            let agent = figure("agent")
        {
            let name = OfferName(item: WorkItemID(item), epoch: epoch, agent: AgentID(agent))
            member("offer", name.description)
        }
        for (name, value) in members where name != "item" && name != "epoch" {
            datum(name, value, line.kind, figure, directory)
        }
    }

    private mutating func datum(
        _ name: String, _ value: JSONValue, _ kind: String, _ figure: (String) -> Int64?,
        _ directory: Directory
    ) {
        guard let number = value.integer else {
            // The rule that chose the agent; `reason` elsewhere is a not-ready reason's code.
            return member(named: name == "because" ? "reason" : name, value.string ?? "")
        }
        switch name {
        case "deadline", "until": member(named: name, stamp(number))
        case "presence": member(named: name, Presence(rawValue: number)?.name ?? "")
        case "reason":
            guard let code = number == 0 ? nil : directory.reason(ReasonID(number))?.code else {
                return null("reason")
            }
            member("reason", code)
        case "ending": member(named: name, OfferEnd(rawValue: number)?.word ?? "")
        case "cause" where kind == EventKind.presenceChanged.rawValue:
            member(named: name, PresenceCause(rawValue: number)?.name ?? "")
        case "cause": member(named: name, OverflowCause(rawValue: number)?.word ?? "")
        case "signal":
            member(named: name, Signal(rawValue: number).map { SignalWord($0).rawValue } ?? "")
        case "on":
            let isReachable = figure("signal") == Signal.notReachable.rawValue
            member("on", (number == 1) != isReachable)
        // Nobody: 0 is no agent's id.
        case "agent" where number == 0: null("agent")
        default: member(named: name, number)
        }
    }
}
