// An agent as telephony systems know one, in a provisioning file.

/// nil and absent: the file does not say, so what is there stays. Cleared: none.
public struct AgentTelephonyEntry: Codable, Sendable, Hashable {
    public var firstName: Given<String>
    public var lastName: Given<String>
    /// In E.164.
    public var phoneNumber: Given<String>
    public var extensionNumber: Given<String>
    public var cloudACDEnabled: Bool?
    public var sipEnabled: Bool?
    public var externalNumberEnabled: Located<Bool>?
    /// In E.164.
    public var externalNumber: Given<Located<String>>
}

extension AgentTelephonyEntry {
    static let keys = [
        "first_name", "last_name", "phone_number", "extension", "cloud_acd_enabled", "sip_enabled",
        "external_number_enabled", "external_number",
    ]

    init(_ entry: EntryReader) throws {
        firstName = try entry.given("first_name") { try $0.text(.name) }
        lastName = try entry.given("last_name") { try $0.text(.name) }
        phoneNumber = try entry.given("phone_number") { try $0.phoneNumber() }
        extensionNumber = try entry.given("extension") { try $0.text(.extensionNumber) }
        cloudACDEnabled = try entry.optional("cloud_acd_enabled") { try $0.flag() }
        sipEnabled = try entry.optional("sip_enabled") { try $0.flag() }
        externalNumberEnabled = try entry.optional("external_number_enabled") {
            Located(try $0.flag(), at: $0.position)
        }
        externalNumber = try entry.given("external_number") {
            Located(try $0.phoneNumber(), at: $0.position)
        }
    }

    /// An external number that is to be called must be there, once the file is applied.
    func check(over before: AgentTelephony?, _ entry: AgentEntry, _ plan: ProvisionPlan) throws {
        let isEnabled = externalNumberEnabled?.value ?? before?.externalNumberEnabled ?? false
        let number = externalNumber.map(\.value).over(before?.externalNumber) ?? ""
        guard isEnabled, number.isEmpty else { return }
        throw plan.problem(
            at: externalNumberEnabled?.position ?? entry.position,
            "external_number_enabled needs an external_number")
    }
}
