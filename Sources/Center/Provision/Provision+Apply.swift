// Applies a provisioning plan: one verb, one transaction, all or nothing.

import Foundation
import Routing
import Store

extension Floor {
    /// Makes or changes a workspace as the plan says.
    ///
    /// Entries are known by their names; what the plan does not mention stays.
    /// - Throws: `ProvisionProblem` with line and column for names that are not known and for clashes.
    public func provision(_ plan: ProvisionPlan) async throws -> ProvisionResult {
        let directory = roster.workspace(named: plan.workspace.value)
        let workspace = directory?.workspace ?? reserveWorkspaceID()
        let prepared = try await prepare(plan, directory, workspace)
        let principal = Principal(workspace: workspace, actor: .operator, via: .provision)
        let master = master
        return try await perform(Plan("provision", alone: true), by: principal) { work in
            let run = ProvisionRun(plan: plan, prepared: prepared, work: work, master: master)
            return try run.apply()
        }
    }

    /// Changes a workspace as an administrator said at the desk: `document` is what a provisioning file would be, with the
    /// same checks; its places are the caller's.
    /// - Returns: what was minted, as for a file.
    /// - Throws: `ProvisionProblem` with the place, as for a file.
    @discardableResult
    package func administer(_ document: DocumentNode, by principal: Principal) async throws
        -> ProvisionResult
    {
        let plan = try ProvisionPlan(document)
        let directory = roster.workspace(named: plan.workspace.value)
        precondition(directory?.workspace == principal.workspace, "administers another workspace")
        let prepared = try await prepare(plan, directory, principal.workspace)
        let master = master
        return try await perform(Plan("administer", alone: true), by: principal) { work in
            try work.requireAdministrator()
            return try ProvisionRun(plan: plan, prepared: prepared, work: work, master: master).apply()
        }
    }

    /// What takes long, or must not happen on the writer's thread: hashes, tokens, large files.
    private func prepare(
        _ plan: ProvisionPlan, _ directory: Directory?, _ workspace: WorkspaceID
    ) async throws -> PreparedSecrets {
        var prepared = PreparedSecrets()
        for entry in plan.agents where directory?.agent(login: entry.loginName.value) == nil {
            guard let password = entry.password else { continue }
            prepared.passwords[entry.loginName.value] = try await passwords.hash(password)
        }
        let knownTokens = Set(directory?.tokens.map(\.name) ?? [])
        for entry in plan.accessTokens where !knownTokens.contains(entry.name.value) {
            guard let key = entry.key else { continue }
            prepared.tokens[entry.name.value] = try await master.mintToken(
                workspace: plan.workspace.value, keyField: key, issuedAt: clock(), expiry: entry.expiry ?? 0)
        }
        for path in plan.referencedFiles {
            guard let bytes = plan.files[path.value] else {
                throw plan.problem(at: path.position, "the file \(quoted(path.value)) was not sent along")
            }
            let name = (path.value as NSString).lastPathComponent
            let file = NewAttachment(name: name, contentType: contentType(of: name), bytes: bytes)
            prepared.files[path.value] = try await blobs.keep([file], in: workspace).first
        }
        for (key, file) in plan.inlineFiles {
            prepared.inline[key] = try await blobs.keep([file], in: workspace).first
        }
        return prepared
    }
}

struct PreparedSecrets: Sendable {
    /// Hash by login name.
    var passwords: [String: String] = [:]
    var tokens: [String: MintedToken] = [:]
    /// By path as written.
    var files: [String: KeptFile] = [:]
    /// Whose content stands in the plan.
    var inline: [ProvisionPlan.InlineFile: KeptFile] = [:]
}

/// A plan on its way into rows; lives as long as the verb.
final class ProvisionRun {
    let plan: ProvisionPlan
    let prepared: PreparedSecrets
    let work: Work
    let master: MasterKey
    var result: ProvisionResult
    // Ids by name, what the plan adds included.
    var skills: [String: SkillID] = [:]
    var calendars: [String: CalendarID] = [:]
    var agents: [String: AgentID] = [:]
    var areas: [String: AreaID] = [:]
    var areaQueues: [String: QueueID] = [:]
    /// By service user id.
    var callCenters: [String: KnownCallCenter] = [:]
    var deletedCallCenters: [String: KnownCallCenter] = [:]
    /// By code.
    var reasons: [String: ReasonID] = [:]
    var places: [QueueID: QueuePlaces] = [:]
    var userGroups: [String: KnownGroup] = [:]

    init(plan: ProvisionPlan, prepared: PreparedSecrets, work: Work, master: MasterKey) {
        self.plan = plan
        self.prepared = prepared
        self.work = work
        self.master = master
        result = ProvisionResult(workspace: plan.workspace.value)
    }

    var workspace: WorkspaceID { work.workspace }
    var isNew: Bool { work.directory.name.isEmpty }

    func apply() throws -> ProvisionResult {
        try applyWorkspace()
        try applySkills()
        try applyTags()
        try applyReasons()
        try applyCalendars()
        try applyUserGroups()
        try applyAgents()
        try applyUsers()
        try applyAreas()
        try applyGroups()
        try applyCallCenters()
        try applyQueues()
        try applySupervisors()
        try applyTokens()
        try applyKeys()
        try applyCallbacks()
        try applyTenios()
        try applyExports()
        try applyLibrary()
        try applyFacebook()
        try work.tell(.provisioned, .area, 0)
        try work.reconfigure { self.problem($0, $1) }
        return result
    }

    func reason(_ code: Located<String>) throws -> ReasonID {
        guard let id = reasons[code.value] else {
            throw plan.unknown("not-ready reason", code, among: reasons.keys.sorted())
        }
        return id
    }

    func calendarColumn(_ given: Given<Located<String>>) throws -> SQL? {
        switch given {
        case .absent: return nil
        case .cleared: return "calendar = NULL"
        case .value(let name):
            guard let id = calendars[name.value] else {
                throw plan.unknown("calendar", name, among: calendars.keys.sorted())
            }
            return "calendar = \(id)"
        }
    }

    /// Sets columns of one row; nothing when there are none to set.
    func set(_ table: StaticString, _ id: Numbered<some Any>, _ columns: [SQL?]) throws {
        try work.set(table, id.raw, columns)
    }

    func skill(_ name: Located<String>) throws -> SkillID {
        guard let id = skills[fold(name.value)] else {
            throw plan.unknown(
                "skill", name, among: plan.skills.map(\.value) + work.directory.skills.map(\.name))
        }
        return id
    }

    func area(_ name: Located<String>) throws -> AreaID {
        guard let id = areas[name.value] else { throw plan.unknown("area", name, among: areas.keys.sorted()) }
        return id
    }

    func agent(_ name: Located<String>) throws -> AgentID {
        guard let id = agents[name.value] else {
            throw plan.unknown("agent", name, among: agents.keys.sorted())
        }
        return id
    }
}

/// The media type that a file's ending says.
func contentType(of name: String) -> String {
    switch (name as NSString).pathExtension.lowercased() {
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "gif": "image/gif"
    case "webp": "image/webp"
    case "svg": "image/svg+xml"
    case "pdf": "application/pdf"
    case "txt": "text/plain"
    case "csv": "text/csv"
    default: "application/octet-stream"
    }
}
