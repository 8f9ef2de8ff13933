// Contact cards: the customers, found by any of their addresses or by their name in another system.

import Foundation
import Store

/// The reads that find a card.
enum Contact {
    /// The card that holds an address.
    static func holding(_ kind: String, _ folded: String, in workspace: WorkspaceID) -> SQL {
        """
        SELECT contact FROM contact_address WHERE workspace = \(workspace) AND kind = \(kind)
            AND folded = \(folded)
        """
    }

    /// The form in which an address of that kind is compared: of a phone number, its digits.
    static func folded(_ address: String, _ kind: String) -> String {
        guard kind == ContactCard.Kind.voice.rawValue else { return fold(address) }
        let digits = address.utf8.filter(isDigit)
        return digits.isEmpty ? fold(address) : String(decoding: digits, as: UTF8.self)
    }

    /// Every form in which an address of any kind can be compared.
    static func folds(_ address: String) -> [String] {
        let forms = [fold(address), folded(address, ContactCard.Kind.voice.rawValue)]
        return forms[0] == forms[1] ? [forms[0]] : forms
    }

    /// The oldest card with that name in another system.
    static func named(_ cuid: String, in workspace: WorkspaceID) -> SQL {
        """
        SELECT id AS contact FROM contact WHERE workspace = \(workspace) AND cuid = \(cuid)
        ORDER BY id LIMIT 1
        """
    }
}

extension Work {
    /// The writer's card: the one that holds the address; else the one with the writer's name in another
    /// system, which gets the address; else a new one.
    func contact(
        _ name: String, _ address: String, _ kind: String, holding: Row?, named: Row?
    ) throws -> ContactID {
        if let row = holding { return ContactID(row.int("contact")) }
        let contact = try named.map { ContactID($0.int("contact")) } ?? addContact(name)
        try addAddress(address, kind, to: contact)
        return contact
    }

    func addContact(_ name: String) throws -> ContactID {
        let id = ContactID(next(.contact))
        try execute(
            """
            INSERT INTO contact (workspace, id, name, created_at) VALUES (\(workspace), \(id), \(name), \(now))
            """)
        return id
    }

    func addAddress(_ address: String, _ kind: String, to contact: ContactID) throws {
        try execute(
            """
            INSERT INTO contact_address (workspace, id, contact, kind, address, folded)
            VALUES (\(workspace), \(next(.contactAddress)), \(contact), \(kind), \(address), \(Contact.folded(address, kind)))
            """)
    }

    /// Never checked for uniqueness. Source: seed 001, lines 227-229.
    func setCUID(_ cuid: String, of contact: ContactID) throws {
        try execute(
            "UPDATE contact SET cuid = \(cuid) WHERE workspace = \(workspace) AND id = \(contact)")
    }
}

/// The form in which names and addresses are compared: composed, lower case. Made here, never by SQL.
public func fold(_ text: String) -> String {
    foldASCII(text) ?? foldAny(text)
}

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

func foldAny(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().precomposedStringWithCanonicalMapping
}

/// The same for ASCII, at a fiftieth of the cost: most addresses are. Nil for other text.
func foldASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(unsafeUninitializedCapacity: last - first + 1) { out in
            for (index, byte) in bytes[first...last].enumerated() {
                out[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            }
            return last - first + 1
        }
    }
}
