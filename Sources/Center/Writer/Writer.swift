// The one writer: takes waiting verbs, runs them in order, commits once, then answers.

import Foundation
import Logging
import Routing
import Store
import Synchronization

/// Holds every workspace of this server. On SQLite it owns the file, on PostgreSQL the database (by a fence).
final class Writer: @unchecked Sendable {
    /// How often a database that went away is tried again.
    static let probeMs: Int64 = 250
    /// How long after a failed timer step the next is tried.
    static let failedTickPauseMs: Int64 = 1_000

    let mailbox = Mailbox()
    let bus: EventBus
    let caches: Caches
    let roster: Roster
    let presences = PresenceBoard()
    private let desks: Desks
    private let engine: any Engine
    private let clock: @Sendable () -> Int64
    private let batchMax: Int
    private let logger: Logger
    private let away = Mutex<String?>(nil)
    private let owned: Mutex<Int64>
    private let told = Mutex(WriterFigures())
    /// When the next timer of any router is due; `.max` for none.
    private let timer = Atomic<Int64>(.max)
    private let lost: @Sendable (String) -> Void

    // Confined to the writer's thread.
    private var connection: any Connection
    private var ownership: Ownership
    private var offices: [WorkspaceID: Office] = [:]
    /// Workspaces where nobody could act for a while: their first input is `resume`.
    private var unresumed: Set<WorkspaceID> = []
    private var last = Instant(ms: 0)
    private var tickNotBefore: Int64 = 0
    private var audit = RouterAudit()
    /// On the monotonic clock.
    private var nextLook = DispatchTime.now()
    /// What the commit under way would make true.
    private var committing: Results?
    private var snapshots: RouterSnapshots
    private let tail = Tail()
    private let stopped = DispatchSemaphore(value: 0)

    /// Claims the database and restores every workspace. `lost` is called when another server took over.
    init(
        engine: any Engine, connection: any Connection, ownership: Ownership, bus: EventBus,
        caches: Caches,
        roster: Roster,
        desks: Desks, clock: @escaping @Sendable () -> Int64, batchMax: Int, logger: Logger,
        lost: @escaping @Sendable (String) -> Void
    ) throws {
        self.engine = engine
        self.connection = connection
        self.ownership = ownership
        owned = Mutex(ownership.epoch)
        self.bus = bus
        self.caches = caches
        self.roster = roster
        self.desks = desks
        self.clock = clock
        self.batchMax = batchMax
        self.logger = logger
        self.lost = lost
        snapshots = RouterSnapshots(mailbox, logger)
        try restoreAll()
        unresumed = Set(offices.keys)
    }

    func start() {
        tail.start()
        let thread = Thread { [self] in run() }
        thread.name = "writer"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Finishes what was accepted, then ends the thread. Blocks; whoever stops it again waits no longer than that.
    func stop() {
        mailbox.close()
        stopped.wait()
        stopped.signal()
    }

    /// Why writes are refused now, nil when they are not.
    var whyAway: String? { away.withLock { $0 } }

    /// What the writer has told of its work.
    var figures: WriterFigures { told.withLock { $0 } }

    /// When the earliest timer of any router is due, as of the last batch; nil when none is set.
    var nextTimer: Int64? {
        let at = timer.load(ordering: .relaxed)
        return at == .max ? nil : at
    }

    /// The epoch in which this server owns the database; nil while the database is away.
    var epoch: Int64? { whyAway == nil ? owned.withLock { $0 } : nil }

    /// Another server owns the database.
    func depose() { lost("another Switchboard server owns this database") }

    // MARK: - The thread

    private func run() {
        loop: while true {
            lookIfDue()
            switch mailbox.take(max: batchMax, timeoutMs: waitMs()) {
            case .closed: break loop
            case .timeout:
                leaveIfBroken()
                if whyAway == nil, !connection.isReady() { leave("the connection is lost") }
                tickIfDue()
            case .jobs(let jobs):
                var rest = jobs[...]
                while !rest.isEmpty { run(batch: takeBatch(&rest)) }
            }
        }
        tail.stop()
        connection.close()
        stopped.signal()
    }

    /// A verb that changes settings runs alone; the others together.
    private func takeBatch(_ rest: inout ArraySlice<Job>) -> [Job] {
        if rest.first?.plan.alone == true { return [rest.removeFirst()] }
        let end = rest.firstIndex { $0.plan.alone } ?? rest.endIndex
        let batch = Array(rest[..<end])
        rest = rest[end...]
        return batch
    }

    private func waitMs() -> Int64 {
        if whyAway != nil { return Self.probeMs }
        let untilLook = max(
            0, Int64(bitPattern: nextLook.uptimeNanoseconds &- DispatchTime.now().uptimeNanoseconds))
        let look = untilLook / 1_000_000 + 1
        guard let deadline = offices.values.compactMap(deadline).min() else {
            timer.store(.max, ordering: .relaxed)
            return look
        }
        timer.store(deadline.ms > 0 ? deadline.ms : .max, ordering: .relaxed)
        return min(max(deadline.ms - clock(), tickNotBefore - clock(), 0), look)
    }

    private func deadline(of office: Office) -> Instant? {
        if unresumed.contains(office.workspace) { return Instant(ms: 0) }
        return [office.nextDeadline, office.calendarDue].compactMap { $0 }.min()
    }

    private func now() -> Instant {
        last = max(last, Instant(ms: clock()))
        return last
    }

    /// Every second, between batches: a piece of the audit, and what the routers hold.
    private func lookIfDue() {
        let begin = DispatchTime.now()
        guard begin >= nextLook, whyAway == nil else { return }
        nextLook = begin + .milliseconds(Int(RouterAudit.everyMs))
        let offices = offices.values.filter { !unresumed.contains($0.workspace) }
            .sorted { $0.workspace < $1.workspace }
        audit.look(offices, nowMs: Int64(begin.uptimeNanoseconds / 1_000_000), logger)
        let seen = offices.filter { !$0.directory.name.isEmpty }.map { office in
            let census = office.router.census()
            let oldest = census.queues.map {
                $0.waiting == 0 ? nil : audit.oldestWaiting($0.id, office.workspace)
            }
            return OfficeFigures(workspace: office.workspace, census: census, oldest: oldest)
        }
        told.withLock {
            $0.audit = audit.figures
            $0.offices = seen
        }
    }

    private func tickIfDue() {
        if whyAway != nil {
            guard comeBack() else { return }
        }
        let now = now()
        guard now.ms >= tickNotBefore else { return }
        // Sorted: the order in which workspaces tick is the order of their rows' locks.
        for office in offices.values.sorted(by: { $0.workspace < $1.workspace }) {
            guard let deadline = deadline(of: office), deadline <= now else { continue }
            run(batch: [tickJob(office.workspace)])
        }
    }

    private func tickJob(_ workspace: WorkspaceID) -> Job {
        Job(
            plan: Plan("tick"), principal: .system(workspace), run: { $0.route(.tick) },
            answer: { [weak self] outcome in
                guard let self, case .failure = outcome else { return }
                tickNotBefore = clock() + Self.failedTickPauseMs
            })
    }

    // MARK: - A batch

    /// Runs verbs in one transaction and answers them; on a fault once more, each in its own.
    private func run(batch: [Job]) {
        leaveIfBroken()
        if whyAway != nil, !comeBack() {
            refuse(batch)
            return
        }
        // With verbs in numbers, others come while the disk is waited for.
        let isBeside = batch.count > 1
        do {
            let (results, flush) = try attempt(batch, on: connection, isBeside: isBeside)
            noteCommitted(results)
            let directories = results.changed.isEmpty ? nil : offices.values.map(\.directory)
            if let flush {
                tail.add(flush) { [self] error in
                    guard error == nil else { return refuse(batch) }
                    settle(batch, results, directories)
                }
            } else {
                tail.drain()
                settle(batch, results, directories)
            }
        } catch {
            // What was committed before is told before.
            tail.drain()
            recover(batch, from: error)
        }
    }

    private struct Results {
        var outcomes: [Job.Outcome]
        var events: [Event]
        var changed: Set<WorkspaceID>
        var agents: [PresenceBoard.Key: AgentRecord] = [:]
        var resumed: Set<WorkspaceID> = []
        /// When its commit began; it ends when it is durable.
        var commitBegan: ContinuousClock.Instant?
        var snapshots: [RouterSnapshot] = []

        mutating func note(_ work: Work) {
            for (agent, record) in work.changedAgents {
                agents[.init(workspace: work.workspace, agent: agent)] = record
            }
        }
    }

    /// - Parameter isBeside: the commit need not wait for the disk; then what flushes it is given back.
    private func attempt(
        _ batch: [Job], on connection: any Connection, isBeside: Bool
    ) throws -> (Results, Flush?) {
        var results = Results(outcomes: [], events: [], changed: [])
        do {
            if isBeside { try connection.beginUnflushed() } else { try connection.begin() }
            let prefetched = try prefetch(batch, connection)
            // What is not fetched before its turn cannot be stale.
            var touched: Set<RowKey>? = prefetched == nil ? nil : []
            for (index, job) in batch.enumerated() {
                let stale =
                    touched.map { touched in job.plan.keys.contains { touched.contains($0) } } ?? false
                try attempt(
                    job, stale ? nil : prefetched?[index], on: connection, touched: &touched, &results)
            }
            for office in offices.values.sorted(by: { $0.workspace < $1.workspace }) {
                if try office.flushInputs(connection), let snapshot = snapshots.due(office, last) {
                    results.snapshots.append(snapshot)
                    try snapshot.storeIfSmall(connection)
                }
                try office.flushCounters(connection)
                if !unresumed.contains(office.workspace) || results.resumed.contains(office.workspace) {
                    office.bookIfDue(last)
                }
                try office.tally.flush(office.workspace, connection)
            }
            results.commitBegan = .now
            committing = results
            let flush = isBeside ? try connection.commitUnflushed() : try commit(connection)
            return (results, flush)
        } catch {
            connection.rollback()
            throw error
        }
    }

    private func commit(_ connection: any Connection) throws -> Flush? {
        try connection.commit()
        return nil
    }

    /// The rows of each verb's reads; nil where each verb asks in its turn.
    private func prefetch(_ batch: [Job], _ connection: any Connection) throws -> [[[Row]]]? {
        guard connection.dialect == .postgres else { return nil }
        let statements = batch.flatMap(\.plan.reads)
        guard !statements.isEmpty else { return batch.map { _ in [] } }
        var rows = try connection.fetch(statements)[...]
        return batch.map { job in
            defer { rows = rows.dropFirst(job.plan.reads.count) }
            return Array(rows.prefix(job.plan.reads.count))
        }
    }

    private func attempt(
        _ job: Job, _ prefetched: [[Row]]?, on connection: any Connection, touched: inout Set<RowKey>?,
        _ results: inout Results
    ) throws {
        let now = now()
        let workspace = job.principal.workspace
        let office = try office(workspace, connection)
        let inputs = due(office, now, &results)
        let turnsServices = office.calendarDue.map { $0 <= now } ?? false
        if !inputs.isEmpty || turnsServices {
            // What is due happens before the verb looks.
            let due = Work(
                now: now, principal: .system(workspace), office: office, connection: connection,
                plan: Plan("due", checksFirst: true), prefetched: nil)
            for input in inputs { try due.apply(input) }
            if turnsServices { try due.turnServices() }
            if due.directoryChanged { results.changed.insert(workspace) }
            results.note(due)
            results.events += due.events
            touched?.formUnion(due.changedErrands.map(RowKey.errand))
        }
        let mark = office.mark()
        let work = Work(
            now: now, principal: job.principal, office: office, connection: connection, plan: job.plan,
            prefetched: prefetched)
        do {
            try job.run(work)
        } catch let refusal
            where refusal is Refusal || refusal is ProvisionProblem || refusal is Precondition
        {
            if work.saved { try connection.rollback(to: Work.savepoint) }
            precondition(work.saved || !work.wrote, "\(job.plan.name) refused after its first write")
            office.reset(to: mark)
            results.outcomes.append(.failure(refusal))
            return
        }
        try work.applyInputs()
        if work.saved { try connection.release(Work.savepoint) }
        results.outcomes.append(.success)
        results.events += work.events
        touched?.formUnion(job.plan.keys)
        touched?.formUnion(work.changedErrands.map(RowKey.errand))
        if work.directoryChanged { results.changed.insert(workspace) }
        results.note(work)
    }

    /// What time does, or the first time after a standstill: streams that are open here outlived it.
    private func due(_ office: Office, _ now: Instant, _ results: inout Results) -> [Input] {
        let workspace = office.workspace
        if unresumed.contains(workspace), results.resumed.insert(workspace).inserted {
            return [.resume(desksUntil: now + desks.patience.awayMs)]
                + desks.open(in: workspace).filter { office.router.agent($0) != nil }.map(Input.deskOpened)
        }
        guard let deadline = office.routerDeadline, deadline <= now else { return [] }
        return [.tick]
    }

    private func office(_ workspace: WorkspaceID, _ connection: any Connection) throws -> Office {
        if let office = offices[workspace] { return office }
        let rows = try connection.query("SELECT id FROM workspace WHERE id = \(workspace)")
        let office: Office
        if rows.isEmpty {
            office = Office.empty(workspace)
        } else {
            office = try restored(workspace, connection)
        }
        offices[workspace] = office
        return office
    }

    private func restored(_ workspace: WorkspaceID, _ connection: any Connection) throws -> Office {
        let office = try Office.restore(workspace, connection)
        // The index knows of what did not become true, too, which does no harm.
        office.knownRequests =
            try offices[workspace]?.knownRequests ?? KnownRequests.read(workspace, connection)
        return office
    }

    /// What the next batch builds on.
    private func noteCommitted(_ results: Results) {
        unresumed.subtract(results.resumed)
        for snapshot in results.snapshots { snapshots.committed(snapshot) }
    }

    /// Tells what is durable; on the flusher's thread, or on the writer's while nothing is flushed.
    /// - Parameter directories: nil where none changed.
    private func settle(_ batch: [Job], _ results: Results, _ directories: [Directory]?) {
        if let directories { roster.replace(directories) }
        presences.note(results.agents)
        let commitS = results.commitBegan.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0
        told.withLock { $0.settled(results.outcomes, results.events, commitS: commitS) }
        caches.forget(results.events)
        bus.publish(results.events)
        for (job, outcome) in zip(batch, results.outcomes) { job.answer(outcome) }
    }

    // MARK: - When it goes wrong

    private func recover(_ batch: [Job], from error: any Error) {
        told.withLock { $0.faults += 1 }
        guard let problem = error as? StoreError else {
            logger.error("batch of \(batch.count) failed: \(error)")
            retry(batch, error)
            return
        }
        switch problem {
        case .unavailable(let why):
            leave(why)
            refuse(batch)
        case .fenced(let why):
            leave(why)
            refuse(batch)
            lost(why)
        case .unknownCommit(let why):
            resolve(batch, why)
        case .full:
            logger.error("batch of \(batch.count) refused: \(problem)")
            rebuild()
            for job in batch {
                job.answer(
                    .failure(
                        Refusal.storageFull("The disk is full; nothing was stored. Free space and retry.")))
            }
        case .constraint, .statement, .injected:
            logger.error("batch of \(batch.count) failed: \(problem)")
            retry(batch, problem)
        }
    }

    /// Each verb in a transaction of its own; the one that fails alone gets the fault.
    private func retry(_ batch: [Job], _ error: any Error) {
        guard rebuild() else {
            refuse(batch)
            return
        }
        if let only = batch.first, batch.count == 1 {
            logger.error("\(only.plan.name) failed: \(error)")
            only.answer(.failure(error))
            return
        }
        for job in batch { run(batch: [job]) }
    }

    private func resolve(_ batch: [Job], _ why: String) {
        logger.warning("commit of \(batch.count) verbs unknown: \(why)")
        let batchNumber = connection.batch
        leave(why)
        guard let committed = committed(batchNumber) else {
            // Cannot be known: unacknowledged, so none or one is allowed.
            refuse(batch)
            return
        }
        guard comeBack() else {
            refuse(batch)
            return
        }
        if committed, let results = committing {
            logger.notice("the unknown commit had happened")
            noteCommitted(results)
            settle(batch, results, results.changed.isEmpty ? nil : offices.values.map(\.directory))
        } else {
            for job in batch { run(batch: [job]) }
        }
    }

    /// Asks a fresh connection whether the batch of this epoch was committed; nil when it cannot tell.
    private func committed(_ batch: Int64) -> Bool? {
        for _ in 0..<40 {
            if let fresh = try? engine.connect() {
                defer { fresh.close() }
                return try? fresh.committed(epoch: ownership.epoch, batch: batch, scope: Floor.scope)
            }
            Thread.sleep(forTimeInterval: Double(Self.probeMs) / 1_000)
        }
        return nil
    }

    private func refuse(_ batch: [Job]) {
        for job in batch {
            job.answer(
                .failure(
                    Refusal.unavailable("The database is away; nothing was stored. Retry.", retryAfterS: 2)))
        }
    }

    /// A disk that refused to keep a commit: only a new start finds out what it has.
    private func leaveIfBroken() {
        guard whyAway == nil, let why = tail.whyBroken else { return }
        leave(why)
        lost(why)
    }

    private func leave(_ why: String) {
        // What is on the disk is told before the routers are made from rows again.
        tail.drain()
        away.withLock { if $0 == nil { $0 = why } }
        logger.error("writes are refused: \(why)")
        caches.close()
        connection.close()
    }

    /// Tries to own the database again; true when writing goes on.
    private func comeBack() -> Bool {
        guard tail.whyBroken == nil else { return false }
        do {
            let fresh = try engine.connect()
            do {
                try requireOwnTurn(fresh)
                ownership = try fresh.claim(scope: Floor.scope)
                owned.withLock { $0 = ownership.epoch }
                connection = fresh
                try restoreAll()
                unresumed = Set(offices.keys)
            } catch {
                fresh.close()
                throw error
            }
            away.withLock { $0 = nil }
            logger.notice("the database is back; writing goes on")
            return true
        } catch {
            logger.debug("the database is still away: \(error)")
            return false
        }
    }

    /// Whoever owned the database meanwhile knows more than this server does, even when it is gone again.
    private func requireOwnTurn(_ fresh: any Connection) throws {
        guard fresh.dialect == .postgres, try OwnerWatch.epoch(fresh, scope: Floor.scope) != ownership.epoch
        else { return }
        depose()
        throw StoreError.fenced("another server owned this database meanwhile")
    }

    /// The routers from rows again, after a batch that did not become true.
    @discardableResult
    private func rebuild() -> Bool {
        do {
            try restoreAll()
            return true
        } catch {
            leave("restoring after a fault failed: \(error)")
            return false
        }
    }

    private func restoreAll() throws {
        try connection.begin()
        defer { connection.rollback() }
        var found: [WorkspaceID: Office] = [:]
        for row in try connection.query("SELECT id FROM workspace ORDER BY id") {
            let id = WorkspaceID(row.int("id"))
            found[id] = try restored(id, connection)
        }
        offices = found
        audit.restart()
        roster.replace(offices.values.map(\.directory))
        presences.replace(offices.values)
        caches.open()
    }
}
