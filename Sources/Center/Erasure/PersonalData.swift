// Which columns tell of a customer, and what stands there once the customer is erased.

import Store

/// Every TEXT and BLOB column of the schema is in one of these lists; a test reads the schema and says which
/// is not.
enum PersonalData {
    /// A table with `workspace`, and what its columns become.
    struct Table: Sendable {
        let name: String
        let blanks: KeyValuePairs<String, Value>
        /// The column that tells the rows of one errand apart.
        var key = "id"
    }

    static let errand = Table(
        name: "errand",
        blanks: [
            "subject": .text(""), "from_name": .text(""), "from_address": .text(""), "extradata": .null,
            "integration_data": .null,
        ])

    /// What belongs to an errand: rows with its id in `errand`. A new table of this kind is a line here.
    static let parts = [
        Table(
            name: "message",
            blanks: [
                "message_id": .text(""), "from_name": .text(""), "from_address": .text(""),
                "subject": .text(""), "body": .text(""), "html_body": .text(""),
            ]),
        Table(name: "response", blanks: ["subject": .text(""), "body": .text(""), "html_body": .text("")]),
        Table(name: "recipient", blanks: ["address": .text(""), "name": .text("")]),
        Table(
            name: "attachment",
            blanks: [
                "name": .text(""), "content_type": .text("application/octet-stream"), "content_id": .null,
                "size": .integer(0), "bytes": .null, "digest": .null,
            ]),
        Table(name: "note", blanks: ["body": .text("")]),
        Table(
            name: "upload",
            blanks: [
                "name": .text(""), "content_type": .text("application/octet-stream"), "bytes": .null,
                "digest": .null,
            ]),
        Table(
            name: "whatsapp_template", blanks: ["params": .text("[]")], key: "errand"),
        Table(
            name: "errand_call",
            blanks: [
                "dest_number": .text(""), "reference_id": .null, "link": .null, "paging_number": .null,
                "paging_name": .null, "queue_number": .text(""), "call_reason": .null, "appointment": .null,
            ], key: "errand"),
        // A receiver's words may quote what it was sent.
        Table(name: "delivery", blanks: ["problem": .null]),
    ]

    static let contact = Table(name: "contact", blanks: ["name": .text(""), "cuid": .null])

    /// Columns that have statements of their own: rows that go, and an address, which must stay unique.
    static let byHand = [
        "contact_address": ["address", "folded"],
        "contact_custom": ["label", "value"],
        "replay": ["digest"],
        "facebook_rating": ["story"],
        "blob_chunk": ["digest", "bytes"],
        "unwanted_blob": ["digest"],
    ]

    /// Tables whose `digest` names a stored file; what none of them names is deleted.
    static let filesNamedBy = BlobReferences.tables

    /// Settings, agents, enumerations, ids and figures.
    static let notPersonal = [
        "workspace": [
            "name", "organisation", "time_zone", "integrations", "callback_networks", "embed_origins",
            "queue_order",
        ],
        "high_water": ["noun"],
        "skill": ["name", "folded"],
        "tag": ["name", "folded"],
        "not_ready_reason": ["code", "text"],
        "calendar": ["name", "time_zone", "hours", "holidays"],
        "agent": [
            "login_name", "user_name", "email_address", "email_folded", "password", "admin_level", "language",
            "time_zone", "external_id", "bright_reference_code", "signature_name", "chat_name", "user_id",
            "first_name", "last_name", "phone_number", "extension", "external_number", "user_group",
            "department", "threshold_profile", "outgoing_dnis",
        ],
        "tenios_key": ["name", "digest"],
        "user_group": ["name"], "department": ["name", "parent"], "threshold_profile": ["name"],
        "api_session": ["digest"],
        "agent_group": ["name", "description"],
        "queue": ["kind"],
        // The numbers are the center's own and where it sends its calls, not its customers'.
        "queue_treatment": ["kind", "action", "number"],
        "call_center": ["service_user_id", "name", "group_name", "type", "phone_number", "extension"],
        "dnis": ["name", "phone_number"],
        "area": ["name", "external_id", "satisfaction"],
        // The area's question and labels; what was chosen is a number.
        "satisfaction": ["asked"],
        "facebook_page": ["page_id", "secret_sealed", "verify_digest"],
        "area_archive": ["name", "content_type", "bytes", "digest"],
        // What a center knows and tells everybody; no customer's words are kept there by themselves.
        "library": ["name"], "library_category": ["name"],
        "library_question": ["subject", "question", "answer"],
        "library_attachment": ["name", "content_type", "bytes", "digest"],
        "library_gram": ["questions"],
        "contact_address": ["kind"],
        // The sending system's account, which is its access token's.
        // And its own name for who closed the errand there.
        "errand": ["channel", "account", "closer_type", "closer_id"],
        "whatsapp_template": ["element_name", "namespace"],
        // Who answered: an agent here, or somebody at another system.
        "answer": ["user_type", "user_id"],
        "recipient": ["owner_noun", "role"],
        "attachment": ["owner_noun"],
        "history": ["kind", "actor_kind", "via", "data"],
        // Digests of clients' keys and requests; answers of ids and enumerations.
        "kept_request": ["key", "digest", "answer"],
        // What the center itself does with its calls.
        "external_item": ["overflow_action", "overflow_number"],
        "work_item": ["noun", "required_skills", "desired_skills", "pauses", "offered_to"],
        "offer": ["reason"],
        // Ids and enumerations only, which the marker test holds them to.
        "decision": ["reason"], "blockage": ["skills"], "router_input": ["inputs", "digests"],
        "router_snapshot": ["digest"], "router_snapshot_chunk": ["bytes"],
        "session": ["digest", "csrf", "via"],
        "errand_call": ["integration", "queue_name"],
        "export_preset": ["name", "areas", "channels", "tags"],
        "journal_reader": ["name"], "invitation": ["digest"],
        // Keyed digests of what agents and strangers typed at the door, forgotten within hours.
        "sign_in_failure": ["digest"],
        "login_record": ["action", "via"],
        "access_token": ["name", "key_field", "digest", "claims", "channel", "account"],
        "access_key": ["name", "key_id", "secret_sealed"],
        "callback": ["name", "endpoint", "secret_sealed", "event"],
        // Ids and enumerations only, which the marker test holds it to.
        "journal": ["kind", "actor_kind", "via", "noun", "data"],
        "schema_migration": ["name", "checksum"],
        "owner": ["scope"], "owner_pulse": ["scope"], "master_key": ["fingerprint"],
    ]
}

extension PersonalData.Table {
    /// `UPDATE … SET …`, to be followed by a condition.
    func overwrite(_ also: SQL = "") -> SQL {
        var statement: SQL = "UPDATE \(sql: SQL(name: name)) SET "
        var isFirst = true
        for (column, blank) in blanks {
            let comma = isFirst ? "" : ", "
            // A null has no type of its own; written out, PostgreSQL takes the column's.
            let value: SQL = blank == .null ? "NULL" : "\(blank)"
            statement = statement + SQL(name: comma + column + " = ") + value
            isFirst = false
        }
        return statement + also + " "
    }
}
