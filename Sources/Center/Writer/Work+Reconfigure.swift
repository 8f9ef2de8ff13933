// Tells the router and the readers of changed settings: a configuration change is a router input.

import Routing
import Store

extension Work {
    /// Reads the settings anew and queues what the router must know of the difference.
    ///
    /// Call it last in a verb that changed settings; the verb's plan is `alone`.
    /// - Parameter refusal: how a contradiction among the settings is told; nothing is stored then.
    func reconfigure(
        refusing refusal: (Contradiction, Directory) -> any Error = { $0.refusal($1) }
    ) throws {
        _ = try storeServices()
        let fresh = try Directory.read(workspace, connection)
        if let contradiction = fresh.contradiction { throw refusal(contradiction, fresh) }
        adopt(fresh)
    }

    /// The same when only this agent's own rows changed, skills among them: with ten thousand agents that is a
    /// millisecond or two, and not a tenth of a second.
    ///
    /// Login name, address, areas and call centers must be as they were.
    func reconfigure(agent id: AgentID) throws {
        let before = office.directory
        let fresh = try before.rereading(id, connection)
        guard let old = before.agent(id), let new = fresh.agent(id) else {
            preconditionFailure("agent \(id.raw) of workspace \(workspace) is not there")
        }
        let settings = fresh.routerSettings(new)
        if before.routerSettings(old) != settings { route(.setAgent(id, settings)) }
        office.directory = fresh
        directoryChanged = true
    }

    /// Queues what the router must know of the difference to the settings so far.
    func adopt(_ fresh: Directory) {
        let before = office.directory
        routeQueues(before, fresh)
        for agent in fresh.agents where agent.active {
            let settings = fresh.routerSettings(agent)
            let old = before.agent(agent.id)
            let unchanged = old.map { $0.active && before.routerSettings($0) == settings } ?? false
            if !unchanged { route(.setAgent(agent.id, settings)) }
        }
        for agent in before.agents where agent.active {
            if fresh.agent(agent.id)?.active != true { route(.removeAgent(agent.id)) }
        }
        for (queue, _) in before.queues where fresh.settings(of: queue) == nil { route(.removeQueue(queue)) }
        office.directory = fresh
        office.calendarDue = fresh.nextCalendarLook(after: now)
        directoryChanged = true
    }

    /// A queue is made before another one sends work to it, and what a queue sends elsewhere no more is
    /// taken back before others send work to it: on the way no two form a ring that is not meant.
    private func routeQueues(_ before: Directory, _ fresh: Directory) {
        let changed = fresh.queues.filter { before.settings(of: $0.id) != $0.settings }
        for (queue, settings) in changed {
            let targets = before.settings(of: queue)?.targets
            if targets == nil || !(targets!.isEmpty || targets == settings.targets) {
                route(.setQueue(queue, (before.settings(of: queue) ?? settings).untargeted))
            }
        }
        for (queue, settings) in changed where before.settings(of: queue) != nil || !settings.targets.isEmpty
        {
            route(.setQueue(queue, settings))
        }
    }
}
