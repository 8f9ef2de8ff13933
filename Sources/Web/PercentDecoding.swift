// Undoing percent-encoding, strictly: what is no valid UTF-8 is refused, not repaired.

/// Undoes percent-encoding; nil for a broken `%` or bytes that are no UTF-8. U+0000 becomes U+FFFD.
public func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    percentDecoded(bytes: text.utf8, plusIsSpace: plusIsSpace)
}

/// Most hold nothing to undo.
func percentDecoded(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    text.contains { $0 == UInt8(ascii: "%") || $0 == 0 }
        ? percentDecoded(bytes: text, plusIsSpace: false) : String(validating: text, as: UTF8.self)
}

func percentDecoded(bytes: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue)
            else { return nil }
            append(high << 4 | low, to: &decoded)
        case UInt8(ascii: "+") where plusIsSpace:
            decoded.append(UInt8(ascii: " "))
        default:
            append(byte, to: &decoded)
        }
    }
    return String(validating: decoded, as: UTF8.self)
}

private func append(_ byte: UInt8, to decoded: inout [UInt8]) {
    if byte == 0 { decoded += "\u{fffd}".utf8 } else { decoded.append(byte) }
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
