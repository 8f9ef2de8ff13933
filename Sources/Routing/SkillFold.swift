// A list of skills as one number.

/// What a list of skills comes to: equal for equal lists, and seldom for others.
struct SkillFold: Sendable, Hashable {
    private(set) var bits: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Of no skills.
    init() {}

    /// - Parameter skills: ascending.
    @inline(__always)
    init(_ skills: some Sequence<SkillID>) {
        for skill in skills {
            bits = (bits ^ UInt64(bitPattern: skill.raw)) &* 0x9E37_79B9_7F4A_7C15
            bits ^= bits >> 32
        }
    }
}
