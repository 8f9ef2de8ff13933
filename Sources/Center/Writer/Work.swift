// What a verb works with: the transaction, ids, the journal, the router.

import Foundation
public import Routing
public import Store

/// Handed to a verb on the writer's thread; never kept.
public final class Work {
    public let now: Instant
    public let principal: Principal
    let office: Office
    let connection: any Connection
    let plan: Plan
    private var prefetched: [[Row]]?
    private(set) var events: [Event] = []
    private(set) var inputs: [Input] = []
    private(set) var saved = false
    private(set) var wrote = false
    /// Errands whose rows the router's outputs changed.
    var changedErrands: [ErrandID] = []
    var directoryChanged = false
    /// How items of other systems end, until the router lets go of them.
    var endings: [WorkItemID: ExternalItem.Ending] = [:]
    /// How those ended that the router let go of.
    var finished: [WorkItemID: ExternalItem.Ending] = [:]
    /// What queues did with items of other systems that they did not take.
    var overflows: [WorkItemID: ItemOverflow] = [:]
    /// Agents whose record changed, as it is now.
    var changedAgents: [AgentID: AgentRecord] = [:]
    /// Items that entered a queue and found nobody, until their rows are stored.
    var blocked: [(item: WorkItemID, why: Blockage)] = []

    static let savepoint: StaticString = "verb"

    init(
        now: Instant, principal: Principal, office: Office, connection: any Connection, plan: Plan,
        prefetched: [[Row]]?
    ) {
        self.now = now
        self.principal = principal
        self.office = office
        self.connection = connection
        self.plan = plan
        self.prefetched = prefetched
    }

    public var workspace: WorkspaceID { office.workspace }
    public var directory: Directory { office.directory }

    /// The rows of the plan's read number `index`.
    public func rows(_ index: Int) throws -> [Row] {
        if let prefetched { return prefetched[index] }
        return try connection.query(plan.reads[index])
    }

    public func query(_ sql: SQL) throws -> [Row] { try connection.query(sql) }

    public func execute(_ sql: SQL) throws {
        if !plan.checksFirst, !saved {
            try connection.savepoint(Self.savepoint)
            saved = true
        }
        wrote = true
        try connection.execute(sql)
    }

    public func next(_ noun: Noun) -> Int64 { office.next(noun) }

    /// Appends to the journal.
    @discardableResult
    public func tell(
        _ kind: EventKind, _ noun: Noun, _ id: Int64, _ data: KeyValuePairs<String, Event.Datum> = [:]
    ) throws -> Int64 {
        let event = Event(
            workspace: workspace, seq: office.nextSeq(), at: now, kind: kind, via: principal.via, noun: noun,
            nounID: id, names: data.map(\.key), datums: data.map(\.value))
        let actor = principal.stored
        try execute(
            """
            INSERT INTO journal (workspace, seq, at, kind, version, actor_kind, actor, via, noun, noun_id, data)
            VALUES (\(workspace), \(event.seq), \(now), \(kind.rawValue), \(1), \(actor.kind), \(actor.id),
                \(principal.via.rawValue), \(noun.rawValue), \(id), \(event.json))
            """)
        events.append(event)
        return event.seq
    }

    /// Queues a router input; it is applied once the verb has succeeded.
    public func route(_ input: Input) { inputs.append(input) }

    func clearInputs() { inputs = [] }

    public func item(_ id: WorkItemID) -> WorkItemRecord? { office.router.item(id) }
    public func agentRecord(_ id: AgentID) -> AgentRecord? { office.router.agent(id) }
    public func offer(to agent: AgentID) -> WorkItemRecord? { office.router.offer(to: agent) }
    public func inHand(of agent: AgentID) -> [WorkItemID] { office.router.inHand(of: agent) }

    /// A line in the errand's history: what the report calls an action.
    public func record(
        _ kind: HistoryKind, _ errand: ErrandID, _ data: KeyValuePairs<String, Event.Datum> = [:]
    ) throws {
        let actor = principal.stored
        let event = Event(
            workspace: workspace, seq: 0, at: now, kind: .errandOpened, via: principal.via, noun: .errand,
            nounID: 0, names: data.map(\.key), datums: data.map(\.value))
        try execute(
            """
            INSERT INTO history (workspace, errand, id, at, kind, actor_kind, actor, via, data)
            VALUES (\(workspace), \(errand), \(next(.history)), \(now), \(kind.rawValue), \(actor.kind),
                \(actor.id), \(principal.via.rawValue), \(event.json))
            """)
    }

    /// Marks the errand as changed for the dirty list; `seq` is the event that changed it.
    func dirty(_ errand: ErrandID, _ seq: Int64) throws {
        try execute(
            """
            INSERT INTO dirty (workspace, errand, seq) VALUES (\(workspace), \(errand), \(seq))
            ON CONFLICT (workspace, errand) DO UPDATE SET seq = excluded.seq
            """)
    }
}

/// An action in an errand's history. The raw value is what rows hold.
public enum HistoryKind: String, Sendable, Hashable, CaseIterable {
    case arrived, opened, taken, assigned, returned, answered, closed, moved, offered, declined
    case unanswered, erased
    case reopened, noted, tagged, untagged
    case prioritySet = "priority_set"
    case callEnded = "call_ended"
    /// By the customer, on the satisfaction meter.
    case rated
}
