// What a door hands in to open an errand.

/// A file as it came.
public struct NewAttachment: Sendable {
    public var name: String
    public var contentType: String
    /// Set for a picture that the HTML shows by `cid:`.
    public var contentID: String?
    public var bytes: [UInt8]

    public init(name: String, contentType: String, contentID: String? = nil, bytes: [UInt8]) {
        self.name = name
        self.contentType = contentType
        self.contentID = contentID
        self.bytes = bytes
    }
}

/// An errand as it arrives. Texts are as sent; what is missing is empty.
public struct NewErrand: Sendable {
    /// Names the message at its sender; empty when it has no name.
    public var messageID = ""
    public var name = ""
    /// The writer's address; required.
    public var from = ""
    public var subject = ""
    public var body = ""
    public var htmlBody = ""
    public var attachments: [NewAttachment] = []
    /// JSON text, kept and shown as text.
    public var extradata: String?
    /// JSON text, kept.
    public var integrationData: String?
    /// The call that the integration tells of, where the workspace lists it.
    public var call: NewCall?
    /// For the agents only: it becomes the errand's first note.
    public var note: String?
    /// The customer's name in another system. A card that has it is the customer's, unless the address says
    /// otherwise; two cards may have the same.
    public var cuid: String?
    /// Lower-case hex SHA-256 of the request: the same token, message and request is the same errand.
    public var requestDigest = ""
    /// Makes a closed errand.
    public var answer: NewAnswer?
    /// What the channel is to send in the answer's place; needs an answer, which names who sends it.
    public var template: NewTemplate?

    public init() {}
}

/// A WhatsApp template as a door hands it in.
public struct NewTemplate: Sendable {
    public var elementName: String
    public var namespace: String
    /// A JSON array, as it was written.
    public var params: String

    public init(elementName: String, namespace: String, params: String) {
        self.elementName = elementName
        self.namespace = namespace
        self.params = params
    }
}

/// An answer as a door hands it in.
public struct NewAnswer: Sendable {
    /// Who answered, in the vendor's words; lower case.
    public enum UserType: String, Sendable, CaseIterable {
        case system = ""
        case cention, solidus, clearinteract
    }

    public var userType: UserType = .system
    /// An agent's id for `cention`; kept as given for the others; empty for the system.
    public var userID = ""
    public var subject = ""
    public var body = ""
    public var htmlBody = ""

    public init() {}

    public var isEmpty: Bool { body.isEmpty && htmlBody.isEmpty }
}

/// Names that are limits of an errand's parts.
public enum ErrandLimits {
    public static let addressMax = 1_000
    public static let nameMax = 1_000
    public static let subjectMax = 2_000
    public static let messageIDMax = 1_000
    public static let bodyBytesMax = 24 << 20
    public static let attachmentsMax = 500
    public static let attachmentNameMax = 500
    public static let cuidMax = 500
    public static let userIDMax = 500
    public static let extradataBytesMax = 1 << 20
    public static let integrationDataBytesMax = 1 << 20
    public static let templateNameMax = 1_000
    public static let templateParamsMax = 500
    public static let templateParamsBytesMax = 1 << 20
    /// The same request within this time is the same errand.
    public static let replayMs: Int64 = 24 * 3_600_000
}
