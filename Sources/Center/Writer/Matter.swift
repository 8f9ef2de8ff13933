// What a work item is of: an errand here, or something that lives in another system.

import Routing

enum Matter: Sendable, Hashable {
    case errand(ErrandID)
    case external

    /// As rows of `work_item.noun` say it.
    static let errandNoun = "errand"
    static let externalNoun = "external_item"
}

/// What the writer must remember of a live work item of another system.
struct LiveExternalItem: Sendable, Hashable {
    /// Has it in hand or in wrap-up.
    var holder: AgentID?
    /// Whether its row of `work_item` is there; one that no queue takes never has one while it lives.
    var isStored = true
    /// Whose call it is, until the conversation is over.
    var errand: ErrandID?
}
