// Comparing secrets without telling by the clock where they differ.

/// Whether two secrets are equal, in a time that depends on their lengths only.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    var difference: UInt8 = left.count == right.count ? 0 : 1
    for index in 0..<min(left.count, right.count) {
        difference |= left[index] ^ right[index]
    }
    return difference == 0
}
