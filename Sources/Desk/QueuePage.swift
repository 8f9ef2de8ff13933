// A queue's routing as administrators see and change it: of a call center, or of an area.
import Center
import Routing
import Web

struct QueuePage {
    struct Fact {
        let factName: String
        let factValue: String
    }

    struct Choice {
        let choiceValue: String
        let choiceLabel: String
        let isChosen: Bool
    }

    struct Case {
        let caseID: String
        let caseName: String
        let caseActions: [Choice]
        let caseNumber: String
        let keepsWait: Bool
        let takesNumber: Bool
    }

    struct Member {
        let memberID: Int64
        let memberName: String
        let memberLogin: String
        let memberPlace: String
        let memberLevel: String
        let memberWeight: String
        let isJoined: Bool
        let canJoin: Bool
    }

    /// A call center that can be deleted.
    struct Deletable {
        let deletableID: Int64
        let deletableName: String
    }

    let queueID: Int64
    let queueName: String
    let queueFacts: [Fact]
    let queueProblem: String?
    let isCallCenter: Bool
    let policies: [Choice]
    let routingTypes: [Choice]
    let offerTimeoutS: String
    let reofferPauseS: String
    let wrapUpS: String
    let guardTimerS: String
    let offersInWrapUp: Bool
    let overflowSize: String
    let overflowWaitS: String
    let overflowEstimatedWaitS: String
    let cases: [Case]
    let canForward: Bool
    let isForwarded: Bool
    let members: [Member]
    let hasMembers: Bool
    let addable: [Choice]
    let serviceLevelS: String
    /// What else can be set, a form each.
    let entryForms: [EntryForm]
    let deletable: Deletable?

    /// Nil when there is no such queue. What was typed and refused stands instead of what is stored.
    init?(
        _ queue: QueueID, _ seat: Seat, serviceLevelS levelS: Int64, problem: String?, typed: Fields?,
        refused: RefusedForm? = nil
    ) {
        let directory = seat.directory
        guard let settings = directory.settings(of: queue) else { return nil }
        // Of the page's forms one was sent: the other shows what is stored.
        let sent = typed?["policy"] == nil ? nil : typed
        let sentAgents = typed?.all("agent").isEmpty == false || typed?["add"] != nil ? typed : nil
        let stored = StoredOverflow(queue, directory)
        let center = directory.callCenter(of: queue)
        queueID = queue.raw
        queueName = directory.queueName(queue)
        queueFacts =
            Self.facts(queue, directory)
            + (center.map { CenterForms($0, seat).leftOut } ?? []).map {
                Fact(factName: $0.0, factValue: $0.1)
            }
        queueProblem = problem
        isCallCenter = center != nil
        let policy = sent?["policy"] ?? "\(settings.policy.rawValue)"
        policies = Policy.allCases.map {
            Choice(
                choiceValue: "\($0.rawValue)", choiceLabel: $0.sentence,
                isChosen: "\($0.rawValue)" == policy)
        }
        let type = sent?["routing_type"] ?? "\(settings.routingType.rawValue)"
        routingTypes = RoutingType.allCases.map {
            Choice(
                choiceValue: "\($0.rawValue)", choiceLabel: $0.sentence, isChosen: "\($0.rawValue)" == type)
        }
        offerTimeoutS = sent?["offer_timeout_s"] ?? seconds(settings.offerTimeoutMs)
        reofferPauseS = sent?["reoffer_pause_s"] ?? seconds(settings.reofferPauseMs)
        wrapUpS = sent?["wrap_up_s"] ?? seconds(settings.wrapUpMs)
        guardTimerS = sent?["guard_timer_s"] ?? seconds(settings.guardMs)
        offersInWrapUp = sent.map { $0["offers_in_wrap_up"] != nil } ?? settings.offersInWrapUp
        overflowSize = sent?["overflow_size"] ?? stored.size.map { "\($0)" } ?? ""
        overflowWaitS = sent?["overflow_wait_s"] ?? settings.overflow.waitMs.map(seconds) ?? ""
        overflowEstimatedWaitS =
            sent?["overflow_estimated_wait_s"] ?? settings.overflow.estimatedWaitMs.map(seconds) ?? ""
        cases = TreatmentKind.allCases.map { Case($0, queue, directory, sent) }
        let forwarding = directory.treatments(of: queue).first { $0.kind == .forcedForwarding }
        canForward = forwarding != nil
        isForwarded = forwarding?.isActive == true
        members = Self.members(queue, directory, sentAgents)
        hasMembers = !members.isEmpty
        let named = Set(members.map(\.memberID))
        let area = directory.area(of: queue)
        addable = directory.agents.filter { agent in
            agent.active && !named.contains(agent.id.raw)
                && (area.map { agent.areas.contains($0.id) } ?? (agent.adminLevel != .observer))
        }.map {
            Choice(choiceValue: "\($0.id.raw)", choiceLabel: $0.displayName, isChosen: false)
        }
        serviceLevelS = sent?["service_level_s"] ?? "\(levelS)"
        if let center {
            entryForms = CenterForms(center, seat).all(refused)
        } else {
            entryForms = area.map { [AreaForm($0, seat).form(refused)] } ?? []
        }
        deletable = center.map { Deletable(deletableID: $0.id.raw, deletableName: $0.name) }
    }

    /// Where the queue's page is.
    static func path(of queue: QueueID, _ seat: Seat) -> String? {
        if let center = seat.directory.callCenter(of: queue) {
            return "\(seat.base)/admin/call-centers/\(center.id)"
        }
        return seat.directory.area(of: queue).map { "\(seat.base)/admin/areas/\($0.id)" }
    }

    private static func facts(_ queue: QueueID, _ directory: Directory) -> [Fact] {
        var facts: [(String, String)] = []
        if let center = directory.callCenter(of: queue) {
            facts = [
                ("Service user id", center.serviceUserID), ("Number", center.phoneNumber ?? ""),
                ("Type", center.type.rawValue),
            ]
        }
        let calendar = directory.callCenter(of: queue)?.calendar ?? directory.area(of: queue)?.calendar
        let name = calendar.flatMap { id in directory.calendars.first { $0.id == id }?.name }
        facts.append(("Calendar", name ?? "always open"))
        facts.append(("Now", directory.settings(of: queue)?.service.word ?? ""))
        return facts.filter { !$0.1.isEmpty }.map { Fact(factName: $0.0, factValue: $0.1) }
    }

    private static func members(_ queue: QueueID, _ directory: Directory, _ typed: Fields?) -> [Member] {
        let center = directory.callCenter(of: queue)
        let stored = directory.settings(of: queue)?.members ?? []
        let away = Set((center?.agents ?? []).filter { !$0.isJoined }.map(\.agent))
        return stored.enumerated().compactMap { place, member in
            guard let agent = directory.agent(member.agent), agent.active else { return nil }
            let id = agent.id.raw
            return Member(
                memberID: id, memberName: agent.displayName, memberLogin: agent.loginName,
                memberPlace: typed?["place.\(id)"] ?? "\(place + 1)",
                memberLevel: typed?["level.\(id)"] ?? (member.level == 0 ? "" : "\(member.level)"),
                memberWeight: typed?["weight.\(id)"] ?? "\(member.weight)",
                isJoined: typed.map { $0["joined.\(id)"] != nil } ?? !away.contains(agent.id),
                canJoin: center != nil)
        }
    }
}

/// What is stored of the size: a call center's queue length may lower it.
private struct StoredOverflow {
    let size: Int64?

    init(_ queue: QueueID, _ directory: Directory) {
        guard let center = directory.callCenter(of: queue) else {
            size = directory.settings(of: queue)?.overflow.size
            return
        }
        size = center.overflowSize
    }
}

private func seconds(_ ms: Int64) -> String { "\(ms / 1_000)" }

extension Policy {
    fileprivate var sentence: String {
        switch self {
        case .longestIdle: "longest idle"
        case .regular: "regular: the first in the list"
        case .circular: "circular: the next in the list"
        case .simultaneous: "simultaneous: all at once"
        case .weighted: "weighted: by chance and weight"
        case .fewestHandled: "fewest handled"
        case .leastTalkTime: "least talk time"
        }
    }
}

extension RoutingType {
    fileprivate var sentence: String {
        switch self {
        case .priorityBased: "do not count"
        case .skillBased: "the best level first"
        }
    }
}
