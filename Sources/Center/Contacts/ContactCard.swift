// A contact card as other systems write one: upsert by any address. Source: seed 002; cention.md §6.

import Store

/// Addresses and notes of one customer.
public struct ContactCard: Sendable, Hashable {
    public struct Custom: Sendable, Hashable {
        public var label: String
        public var value: String

        public init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Kinds of addresses that other systems may write, in their order.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case email, facebook, vk, line, voice
    }

    public var name = ""
    /// By kind, in the order they came.
    public var addresses: [Kind: [String]] = [:]
    public var custom: [Custom] = []

    public init() {}
}

extension ContactCard {
    /// Addresses in one request, and notes.
    public static let perRequestMax = 100
    /// Addresses on one card, and notes.
    public static let perCardMax = 500
    /// Bytes of one address, of a name.
    public static let addressMax = 1_000
    public static let labelMax = 200
    public static let valueMax = 2_000

    /// - Throws: `Refusal.invalid` with the member as its pointer.
    func check() throws {
        let place = "/data/attributes/contacts"
        func require(_ isRight: Bool, _ problem: String, _ pointer: String) throws {
            guard isRight else { throw Refusal.invalid(problem, pointer: place + pointer) }
        }
        try require(
            name.utf8.count <= Self.addressMax, "name is longer than \(Self.addressMax) bytes.", "/name")
        let count = addresses.values.reduce(0) { $0 + $1.count }
        try require(
            count <= Self.perRequestMax, "Send at most \(Self.perRequestMax) addresses in one request.", "")
        try require(
            custom.count <= Self.perRequestMax, "Send at most \(Self.perRequestMax) notes in one request.",
            "/custom")
        try require(
            count > 0 || !custom.isEmpty || !name.isEmpty, "A card needs a name or an address.", "")
        for kind in Kind.allCases {
            for (index, address) in (addresses[kind] ?? []).enumerated() {
                let pointer = "/\(kind.rawValue)/\(index)"
                try require(!fold(address).isEmpty, "An address cannot be empty.", pointer)
                try require(
                    max(address.utf8.count, fold(address).utf8.count) <= Self.addressMax,
                    "The address is longer than \(Self.addressMax) bytes.", pointer)
                try require(
                    kind != .voice || address.utf8.contains(where: isDigit),
                    "A phone number has digits.", pointer)
            }
        }
        for (index, note) in custom.enumerated() {
            try require(!note.label.isEmpty, "label cannot be empty.", "/custom/\(index)/label")
            try require(
                note.label.utf8.count <= Self.labelMax, "label is longer than \(Self.labelMax) bytes.",
                "/custom/\(index)/label")
            try require(
                note.value.utf8.count <= Self.valueMax, "value is longer than \(Self.valueMax) bytes.",
                "/custom/\(index)/value")
        }
    }
}

extension Floor {
    /// Adds to the card that holds one of the addresses, the oldest of several; makes one where none does.
    ///
    /// An address that another card held goes to this one. A name is kept, where there is one.
    /// - Returns: the card as it is now.
    public func upsertContact(
        _ new: ContactCard, by principal: Principal
    ) async throws -> (id: ContactID, card: ContactCard) {
        try new.check()
        let given = ContactCard.Kind.allCases.flatMap { kind in
            (new.addresses[kind] ?? []).map {
                (kind: kind, address: $0, folded: Contact.folded($0, kind.rawValue))
            }
        }
        let workspace = principal.workspace
        let plan = Plan(
            "upsert contact",
            reads: given.map { Contact.holding($0.kind.rawValue, $0.folded, in: workspace) },
            keys: given.map { .contact($0.folded) })
        return try await perform(plan, by: principal) { work in
            var holders: [ContactID?] = []
            for index in given.indices {
                holders.append(try work.rows(index).first.map { ContactID($0.int("contact")) })
            }
            let known = holders.compactMap { $0 }.min()
            let id = try known ?? work.addContact(new.name)
            if known != nil, !new.name.isEmpty {
                try work.execute(
                    """
                    UPDATE contact SET name = \(new.name)
                    WHERE workspace = \(workspace) AND id = \(id) AND name = ''
                    """)
            }
            var written: Set<String> = []
            for (entry, holder) in zip(given, holders) {
                let kind = entry.kind.rawValue
                guard written.insert("\(kind) \(entry.folded)").inserted else { continue }
                switch holder {
                case id?: break
                case nil: try work.addAddress(entry.address, kind, to: id)
                case _?:
                    try work.execute(
                        """
                        UPDATE contact_address SET contact = \(id)
                        WHERE workspace = \(workspace) AND kind = \(kind) AND folded = \(entry.folded)
                        """)
                }
            }
            try work.addNotes(new.custom, to: id)
            let card = try work.card(id)
            guard card.addresses.values.allSatisfy({ $0.count <= ContactCard.perCardMax }),
                card.custom.count <= ContactCard.perCardMax
            else {
                throw Refusal.conflict(
                    "A card holds at most \(ContactCard.perCardMax) addresses of a kind, and as many notes.")
            }
            try work.tell(.contactChanged, .contact, id.raw)
            return (id, card)
        }
    }
}

extension Work {
    /// Pairs that are there already are not written again.
    fileprivate func addNotes(_ notes: [ContactCard.Custom], to id: ContactID) throws {
        guard !notes.isEmpty else { return }
        let rows = try query(
            "SELECT n, label, value FROM contact_custom WHERE workspace = \(workspace) AND contact = \(id)")
        var known = Set(rows.map { ContactCard.Custom(label: $0.text("label"), value: $0.text("value")) })
        var n = rows.map { $0.int("n") }.max() ?? 0
        for note in notes where known.insert(note).inserted {
            n += 1
            try execute(
                """
                INSERT INTO contact_custom (workspace, contact, n, label, value)
                VALUES (\(workspace), \(id), \(n), \(note.label), \(note.value))
                """)
        }
    }

    /// The card as it stands; addresses of kinds that only channels make are left out.
    fileprivate func card(_ id: ContactID) throws -> ContactCard {
        var card = ContactCard()
        card.name =
            try query("SELECT name FROM contact WHERE workspace = \(workspace) AND id = \(id)").first?
            .text("name") ?? ""
        for row in try query(
            """
            SELECT kind, address FROM contact_address WHERE workspace = \(workspace) AND contact = \(id)
            ORDER BY id LIMIT \(ContactCard.perCardMax * ContactCard.Kind.allCases.count + 1)
            """)
        {
            guard let kind = ContactCard.Kind(rawValue: row.text("kind")) else { continue }
            card.addresses[kind, default: []].append(row.text("address"))
        }
        card.custom = try query(
            """
            SELECT label, value FROM contact_custom WHERE workspace = \(workspace) AND contact = \(id)
            ORDER BY n LIMIT \(ContactCard.perCardMax + 1)
            """
        ).map { ContactCard.Custom(label: $0.text("label"), value: $0.text("value")) }
        return card
    }
}
