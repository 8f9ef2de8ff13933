// What a provisioning file says, typed: docs/provisioning.md has every key.

/// The content of one provisioning file.
///
/// nil and `absent` mean that the file does not say: what is there stays, and a new entry gets its default.
public struct ProvisionPlan: Codable, Sendable, Hashable {
    /// The file's name, for messages.
    public var file: String
    public var workspace: Located<String>
    public var organisation: String?
    public var timeZone: String?
    /// The whole list.
    public var integrations: [Integration]?
    /// The whole list.
    public var callbackNetworks: [Network]?
    /// The whole list, as browsers write origins.
    public var embedOrigins: [String]?
    public var queueOrder: QueueOrder?
    /// From here on: entries to add or change. What is not named stays.
    public var skills: [Located<String>]
    public var tags: [Located<String>]
    public var notReadyReasons: [NotReadyReasonEntry]
    public var calendars: [CalendarEntry]
    public var agents: [AgentEntry]
    public var areas: [AreaEntry]
    public var agentGroups: [AgentGroupEntry]
    public var callCenters: [CallCenterEntry]
    public var accessTokens: [AccessTokenEntry]
    public var accessKeys: [AccessKeyEntry]
    public var callbacks: [CallbackEntry]
    public var userGroups: [UserGroupEntry]
    public var thresholdProfiles: [Located<String>]
    public var apio: ApioEntry?
    public var teniosAccessKeys: [TeniosKeyEntry]
    public var tenios: TeniosEntry?
    public var exports: [ExportEntry]
    public var libraries: [LibraryEntry]
    public var libraryCategories: [LibraryCategoryEntry]
    public var libraryQuestions: [LibraryQuestionEntry]
    public var facebook: [FacebookPageEntry]
    /// The bytes of the files that `referencedFiles` lists, by path as written.
    @FileContents public var files: [String: [UInt8]] = [:]
}

/// A system whose integrationData is applied to errands.
public enum Integration: String, Codable, Sendable, Hashable, CaseIterable {
    case aventa
}

/// A not-ready reason, known by its code.
public struct NotReadyReasonEntry: Codable, Sendable, Hashable {
    public var position: Position
    /// Up to 10 characters.
    public var code: Located<String>
    /// A new reason needs one.
    public var text: String?
    /// true makes it the one default.
    public var isDefault: Bool?

    private enum CodingKeys: String, CodingKey {
        case position, code, text
        case isDefault = "default"
    }
}

extension ProvisionPlan {
    public static let agentsMax = 20_000
    public static let areasMax = 2_000
    public static let agentGroupsMax = 2_000
    public static let callCentersMax = 2_000
    public static let skillsMax = 2_000
    public static let tagsMax = 5_000
    public static let notReadyReasonsMax = 200
    public static let calendarsMax = 500
    public static let accessTokensMax = 1_000
    public static let accessKeysMax = 20_000
    public static let callbacksMax = 200
    public static let teniosAccessKeysMax = 200
    public static let exportsMax = 500
    public static let facebookPagesMax = 50
    public static let callbackNetworksMax = 100
    public static let userGroupsMax = 2_000
    /// Of one group.
    public static let departmentsMax = 2_000
    public static let thresholdProfilesMax = 500
    public static let embedOriginsMax = 100
    /// Of one file; a library may have more.
    public static let libraryQuestionsMax = 20_000
    /// Skills of one agent, or of one list of an area.
    public static let skillsPerEntryMax = 100
    public static let archivesPerAreaMax = 100
    public static let holidaysPerCalendarMax = 1_000
    public static let rangesPerDayMax = 12
    /// One referenced file.
    public static let fileBytesMax = 24 * 1_024 * 1_024
    /// All referenced files together.
    public static let filesBytesMax = 128 * 1_024 * 1_024
}

extension ProvisionPlan {
    /// The files that the plan refers to, each once, in the order of their first mention.
    ///
    /// Paths are as written, relative to the folder of the provisioning file.
    public var referencedFiles: [Located<String>] {
        var seen: Set<String> = []
        let attachments = libraryQuestions.flatMap { $0.attachments ?? [] }
        return (areas.flatMap { $0.archives ?? [] } + attachments.compactMap(\.file))
            .filter { seen.insert($0.value).inserted }
    }

    /// Puts a referenced file's content into the plan.
    ///
    /// Throws when the file, or all together, are too large.
    public mutating func attach(_ bytes: [UInt8], for path: Located<String>) throws(ProvisionProblem) {
        guard bytes.count <= Self.fileBytesMax else {
            throw problem(at: path.position, "the file is larger than \(Self.fileBytesMax) bytes")
        }
        let others = files.reduce(0) { $0 + ($1.key == path.value ? 0 : $1.value.count) }
        guard others + bytes.count <= Self.filesBytesMax else {
            throw problem(at: path.position, "the files together are larger than \(Self.filesBytesMax) bytes")
        }
        files[path.value] = bytes
    }

    public func problem(at position: Position, _ reason: String) -> ProvisionProblem {
        ProvisionProblem(file: file, at: position, reason)
    }

    /// A reference to something that is neither in the file nor in the workspace.
    ///
    /// `noun` is what was referred to, such as `area`; `known` the names that would do.
    public func unknown(
        _ noun: String, _ name: Located<String>, among known: some Sequence<String>
    ) -> ProvisionProblem {
        .unknown(noun, name, among: known, file: file)
    }
}
