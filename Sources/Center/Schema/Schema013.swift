// A contact's errands by one index instead of two.

import Store

extension Schema {
    /// Both were written at random places with every errand that came: a third of a create's pages in the log.
    static let errandsOfContact = Migration(
        number: 9, name: "errands of a contact",
        script: [
            "CREATE INDEX errand_of ON errand (workspace, contact, state, arrived_at, id)",
            "DROP INDEX errand_contact",
            "DROP INDEX errand_open_of",
            // Nobody ever asked it: the router knows what waits in a queue.
            "DROP INDEX work_item_queue",
        ])
}
