// integrationData: what a telephone system says of the call behind an errand. Source: seed 001, lines 199-225.
import Center

/// Data of an integration that the workspace lists; for any other it is kept unread.
struct IntegrationData {
    /// For the errand's agents only.
    let comment: String?

    /// Nil when the workspace lists no integration: then the data is only stored.
    /// - Throws: `Refusal.invalid` for an integration that is not listed, and for what is missing or wrong.
    static func applied(_ data: WireObject, integrations: [String]) throws -> IntegrationData? {
        integrations.isEmpty ? nil : try IntegrationData(data, integrations: integrations)
    }

    private init(_ data: WireObject, integrations: [String]) throws {
        let name = try data.requiredText("integrationName")
        guard integrations.contains(name) else {
            throw Refusal.invalid(
                "integrationName is one of \(integrations.joined(separator: ", ")).",
                pointer: data.pointer(to: "integrationName"))
        }
        _ = try data.requiredInteger("deviceId")
        _ = try data.requiredInteger("extensionId")
        // The page wants an MSISDN; a call whose number is withheld is an errand all the same.
        _ = try data.requiredText("destNumber")
        _ = try data.requiredText("queueName")
        _ = try data.requiredText("queueNumber")
        _ = try data.textOrNil("referenceId")
        // No URL is asked for: the page's own sample is none.
        _ = try data.textOrNil("link")
        _ = try data.boolOrNil("endSession")
        _ = try data.textOrNil("pagingNumber")
        _ = try data.textOrNil("pagingName")
        guard let extra = try data.object("extraData") else {
            comment = nil
            return
        }
        let comment = try extra.text("comment")
        self.comment = comment.isEmpty ? nil : comment
        _ = try extra.textOrNil("callReason")
        _ = try extra.textOrNil("appointmentTimestamp")
    }
}
