// What counts as an e-mail address, in files and on wires alike.

/// Characters (code points) of a whole address.
private let lengths = 3...254
/// Bytes before the @.
private let localMaxBytes = 64

/// Loosely: something, one @, something; whether mail arrives there only mail can tell.
package func isEmailAddress(_ address: String) -> Bool {
    guard lengths.contains(address.unicodeScalars.count),
        !address.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
        !address.contains(where: { $0.isWhitespace || "<>()[],;:\\\"".contains($0) })
    else { return false }
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.count <= localMaxBytes, !parts[1].isEmpty else {
        return false
    }
    return !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".") && !parts[1].contains("..")
}
