// Calls of an integration, for the tests of their errands.

import Routing
import Testing

@testable import Center

extension CenterStage {
    /// A system that creates errands with the token.
    func site(_ token: String) throws -> Principal {
        let found = try #require(directory.tokens.first { $0.name == token })
        return Principal(workspace: workspace, actor: .token(found.id), via: .cention)
    }

    /// An errand arrives with the call that device 1 and this extension have.
    @discardableResult
    func comesWithCall(
        _ token: String, extensionID: Int64, from: String = "+49 30 777",
        _ change: (inout NewCall) -> Void = { _ in }
    ) async throws -> ErrandID {
        var call = NewCall()
        (call.integration, call.deviceID, call.extensionID) = ("aventa", 1, extensionID)
        (call.destNumber, call.queueName, call.queueNumber) = ("60374571234", "EHS", "123")
        change(&call)
        var new = NewErrand()
        new.from = from
        new.call = call
        return try await floor.openErrand(new, by: try site(token))
    }

    func call(of errand: ErrandID) async throws -> ErrandCall? {
        try await rows(ErrandCall.row(workspace, errand)).first.map(ErrandCall.init)
    }

    func endCall(_ extensionID: Int64, dialed: String = "", _ token: String = "sales") async throws
        -> ErrandID?
    {
        var ended = EndedCall()
        (ended.integration, ended.deviceID, ended.extensionID) = ("aventa", 1, extensionID)
        ended.dialedNumber = dialed
        return try await floor.endCall(ended, by: try site(token))
    }
}
