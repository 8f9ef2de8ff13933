// Contact cards: the customers, found by any of their addresses.

import Foundation

extension Work {
    /// A card for somebody who was not known by this address.
    func addContact(_ name: String, _ address: String, _ kind: String) throws -> ContactID {
        let id = ContactID(next(.contact))
        try execute(
            """
            INSERT INTO contact (workspace, id, name, created_at) VALUES (\(workspace), \(id), \(name), \(now))
            """)
        try execute(
            """
            INSERT INTO contact_address (workspace, id, contact, kind, address, folded)
            VALUES (\(workspace), \(next(.contactAddress)), \(id), \(kind), \(address), \(fold(address)))
            """)
        return id
    }
}

/// The form in which names and addresses are compared: composed, lower case. Made here, never by SQL.
public func fold(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().precomposedStringWithCanonicalMapping
}
