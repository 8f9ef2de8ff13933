// How ids are written on Cention's wire.

enum WireID {
    /// The number that `text` is the digits of; nil for a sign, zeros in front and what does not fit.
    static func number(_ text: String) -> Int64? {
        guard let number = Int64(text), number >= 0, String(number) == text else { return nil }
        return number
    }
}
