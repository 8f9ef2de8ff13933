// What few items have beside what all have.

/// What few items have: never changed, but made anew.
final class Rarities: Sendable, Hashable {
    let requiredSkills: [SkillID]
    let desiredSkills: [SkillID]
    let preferred: WorkItemRecord.Preference?
    let pauses: [WorkItemRecord.Pause]
    /// Who are being asked at once. Ascending; empty unless there are several.
    let group: [AgentID]
    /// More is desired than required.
    let isDesiring: Bool
    /// The skills required in one number, and those with the ones desired.
    private let required: SkillFold
    private let wanted: SkillFold

    /// nil when there is nothing rare.
    static func kept(
        _ requiredSkills: [SkillID], _ desiredSkills: [SkillID], _ preferred: WorkItemRecord.Preference?,
        _ pauses: [WorkItemRecord.Pause], _ group: [AgentID]
    ) -> Rarities? {
        if requiredSkills.isEmpty, desiredSkills.isEmpty, preferred == nil, pauses.isEmpty, group.isEmpty {
            return nil
        }
        return Rarities(requiredSkills, desiredSkills, preferred, pauses, group)
    }

    private init(
        _ requiredSkills: [SkillID], _ desiredSkills: [SkillID], _ preferred: WorkItemRecord.Preference?,
        _ pauses: [WorkItemRecord.Pause], _ group: [AgentID]
    ) {
        self.requiredSkills = requiredSkills
        self.desiredSkills = desiredSkills
        self.preferred = preferred
        self.pauses = pauses
        self.group = group
        isDesiring = !requiredSkills.containsAll(desiredSkills)
        required = SkillFold(requiredSkills)
        wanted = isDesiring ? SkillFold(Merged(requiredSkills, desiredSkills)) : required
    }

    /// Of an item that asks for skills and has nothing else.
    convenience init(skills required: [SkillID], _ desired: [SkillID]) {
        self.init(required, desired, nil, [], [])
    }

    func fold(desiring: Bool) -> SkillFold { desiring ? wanted : required }

    func asks(for skills: [SkillID], desiring: Bool) -> Bool {
        desiring ? skills.isUnion(of: requiredSkills, desiredSkills) : skills == requiredSkills
    }

    static func == (a: Rarities, b: Rarities) -> Bool {
        a === b
            || a.requiredSkills == b.requiredSkills && a.desiredSkills == b.desiredSkills
                && a.preferred == b.preferred && a.pauses == b.pauses && a.group == b.group
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(requiredSkills)
        hasher.combine(desiredSkills)
        hasher.combine(preferred)
        hasher.combine(pauses)
        hasher.combine(group)
    }
}

/// What items have that ask for the same skills and nothing else: one object for many of them, at hand.
struct SharedRarities: Sendable {
    /// By what the skills come to; of two that come to the same place the later one stays.
    private var known = [Rarities?](repeating: nil, count: placesMax)

    private static let placesMax = 1_024

    mutating func ofSkills(_ required: [SkillID], _ desired: [SkillID]) -> Rarities {
        let fold = SkillFold(required).bits &* 3 ^ SkillFold(desired).bits
        let place = Int(truncatingIfNeeded: fold % UInt64(Self.placesMax))
        if let alike = known[place], alike.requiredSkills == required, alike.desiredSkills == desired {
            return alike
        }
        let made = Rarities(skills: required, desired)
        known[place] = made
        return made
    }
}
