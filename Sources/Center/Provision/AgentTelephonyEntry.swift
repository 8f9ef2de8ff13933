// An agent as telephony systems know one, in a provisioning file.

/// nil and absent: the file does not say, so what is there stays. Cleared: none.
public struct AgentTelephonyEntry: Codable, Sendable, Hashable {
    public var firstName: Given<String>
    public var lastName: Given<String>
    /// In E.164.
    public var phoneNumber: Given<String>
    public var extensionNumber: Given<String>
}

extension AgentTelephonyEntry {
    static let keys = ["first_name", "last_name", "phone_number", "extension"]

    init(_ entry: EntryReader) throws {
        firstName = try entry.given("first_name") { try $0.text(.name) }
        lastName = try entry.given("last_name") { try $0.text(.name) }
        phoneNumber = try entry.given("phone_number") { try $0.phoneNumber() }
        extensionNumber = try entry.given("extension") { try $0.text(.extensionNumber) }
    }
}
