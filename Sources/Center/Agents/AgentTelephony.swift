// An agent as telephony systems know one: the name in parts, numbers, and where calls reach the agent.

import Store

public struct AgentTelephony: Sendable, Hashable {
    /// Unique on the server; nil for none.
    public let userID: String?
    /// Empty for none; `userName` is the whole name then.
    public let firstName: String
    public let lastName: String
    /// Empty for none.
    public let phoneNumber: String
    public let extensionNumber: String
    /// Whether the agent takes calls of the ACD at all.
    public let cloudACDEnabled: Bool
    public let sipEnabled: Bool
    public let externalNumberEnabled: Bool
    /// In E.164; empty for none.
    public let externalNumber: String

    init(_ row: Row) {
        userID = row.textOrNil("user_id")
        firstName = row.text("first_name")
        lastName = row.text("last_name")
        phoneNumber = row.text("phone_number")
        extensionNumber = row.text("extension")
        cloudACDEnabled = row.bool("cloud_acd_enabled")
        sipEnabled = row.bool("sip_enabled")
        externalNumberEnabled = row.bool("external_number_enabled")
        externalNumber = row.text("external_number")
    }
}
