// integrationData: what a telephone system says of the call behind an errand. Source: seed 001, lines 199-225.
import Center

/// Data of an integration that the workspace lists; for any other it is kept unread.
struct IntegrationData {
    /// For the errand's agents only.
    let comment: String?
    let call: NewCall

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
        var call = NewCall()
        call.integration = name
        call.deviceID = try data.requiredInteger("deviceId")
        call.extensionID = try data.requiredInteger("extensionId")
        // The page wants an MSISDN; a call whose number is withheld is an errand all the same.
        call.destNumber = try data.requiredText("destNumber")
        call.queueName = try data.requiredText("queueName")
        call.queueNumber = try data.requiredText("queueNumber")
        call.referenceID = try data.textOrNil("referenceId")
        // No URL is asked for: the page's own sample is none.
        call.link = try data.textOrNil("link")
        call.hasEnded = try data.boolOrNil("endSession") ?? false
        call.pagingNumber = try data.textOrNil("pagingNumber")
        call.pagingName = try data.textOrNil("pagingName")
        if let extra = try data.object("extraData") {
            let comment = try extra.text("comment")
            self.comment = comment.isEmpty ? nil : comment
            call.callReason = try extra.textOrNil("callReason")
            call.appointment = try extra.textOrNil("appointmentTimestamp")
        } else {
            comment = nil
        }
        self.call = call
    }
}
