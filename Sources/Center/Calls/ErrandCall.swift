// The call behind an errand, as the telephone system of an integration tells it.

public import Routing
import Store

public enum CallLimits {
    /// Bytes of each number and name.
    public static let nameMaxBytes = 320
    /// Bytes of each longer text: the recording's link, the reason of the call.
    public static let textMaxBytes = 2_000
}

/// A call as an integration hands it in with its errand. Source: seed 001, lines 199-225.
public struct NewCall: Sendable, Hashable {
    /// `aventa`.
    public var integration = ""
    /// With the extension, the key of the agent who has the call.
    public var deviceID: Int64 = 0
    public var extensionID: Int64 = 0
    public var referenceID: String?
    /// Where the recording is; need not be a URL.
    public var link: String?
    /// The number that was called.
    public var destNumber = ""
    public var pagingNumber: String?
    public var pagingName: String?
    /// The other system's queue that the call came from, and the call's id in it.
    public var queueName = ""
    public var queueNumber = ""
    public var callReason: String?
    /// Unix seconds, as text.
    public var appointment: String?
    /// The conversation is over already.
    public var hasEnded = false

    public init() {}
}

/// Its row.
public struct ErrandCall: Sendable, Hashable {
    public let call: NewCall
    /// Its work item, where an agent was found by device and extension.
    public let item: WorkItemID?
    public let endedAt: Instant?

    init(_ row: Row) {
        var call = NewCall()
        call.integration = row.text("integration")
        call.deviceID = row.int("device_id")
        call.extensionID = row.int("extension_id")
        call.referenceID = row.textOrNil("reference_id")
        call.link = row.textOrNil("link")
        call.destNumber = row.text("dest_number")
        call.pagingNumber = row.textOrNil("paging_number")
        call.pagingName = row.textOrNil("paging_name")
        call.queueName = row.text("queue_name")
        call.queueNumber = row.text("queue_number")
        call.callReason = row.textOrNil("call_reason")
        call.appointment = row.textOrNil("appointment")
        item = row.intOrNil("item").map(WorkItemID.init)
        endedAt = row.intOrNil("ended_at").map(Instant.init(ms:))
        call.hasEnded = endedAt != nil
        self.call = call
    }

    static func row(_ workspace: WorkspaceID, _ errand: ErrandID) -> SQL {
        "SELECT * FROM errand_call WHERE workspace = \(workspace) AND errand = \(errand)"
    }

    /// Work items of calls that are not over, with their errands.
    static func live(_ workspace: WorkspaceID) -> SQL {
        """
        SELECT item, errand FROM errand_call
        WHERE workspace = \(workspace) AND ended_at IS NULL AND item IS NOT NULL
        """
    }
}

extension Agent {
    /// The active agent whose telephone this is.
    static func sitting(
        at device: Int64, _ extensionID: Int64, in workspace: WorkspaceID
    ) -> SQL {
        """
        SELECT id FROM agent WHERE workspace = \(workspace) AND device_id = \(device)
            AND extension_id = \(extensionID) AND active = 1
        """
    }
}

extension NewCall {
    /// Refuses what no row should hold.
    func check() throws {
        let place = "/data/attributes/integrationData"
        func short(_ text: String?, _ max: Int, _ name: String, in extra: String = "") throws {
            guard (text ?? "").utf8.count <= max else {
                throw Refusal.invalid(
                    "\(name) is longer than \(max) bytes", pointer: "\(place)\(extra)/\(name)")
            }
        }
        try short(referenceID, CallLimits.nameMaxBytes, "referenceId")
        try short(destNumber, CallLimits.nameMaxBytes, "destNumber")
        try short(pagingNumber, CallLimits.nameMaxBytes, "pagingNumber")
        try short(pagingName, CallLimits.nameMaxBytes, "pagingName")
        try short(queueName, CallLimits.nameMaxBytes, "queueName")
        try short(queueNumber, CallLimits.nameMaxBytes, "queueNumber")
        try short(link, CallLimits.textMaxBytes, "link")
        try short(callReason, CallLimits.textMaxBytes, "callReason", in: "/extraData")
        try short(appointment, CallLimits.nameMaxBytes, "appointmentTimestamp", in: "/extraData")
    }
}
