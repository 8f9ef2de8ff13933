// Tells the router and the readers of changed settings: a configuration change is a router input.

import Routing
import Store

extension Work {
    /// Reads the settings anew and queues what the router must know of the difference.
    ///
    /// Call it last in a verb that changed settings; the verb's plan is `alone`.
    func reconfigure() throws {
        let before = office.directory
        let fresh = try Directory.read(workspace, connection)
        for area in fresh.areas where before.area(area.id)?.settings != area.settings {
            route(.setQueue(area.queue, area.settings))
        }
        for agent in fresh.agents where agent.active {
            let settings = fresh.routerSettings(agent)
            let old = before.agent(agent.id)
            let unchanged = old.map { $0.active && before.routerSettings($0) == settings } ?? false
            if !unchanged { route(.setAgent(agent.id, settings)) }
        }
        for agent in before.agents where agent.active {
            if fresh.agent(agent.id)?.active != true { route(.removeAgent(agent.id)) }
        }
        for area in before.areas where fresh.area(area.id) == nil { route(.removeQueue(area.queue)) }
        office.directory = fresh
        directoryChanged = true
    }
}
