// POST c3_contact_cards: a customer's card is made, or added to. Source: seed 002; cention.md §6.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func upsertContact(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .contacts)
        let body = try await body(of: request, context)
        let attributes = try WireDocument(body.buffer, types: "c3_contact_cards").attributes
        let (id, card) = try await floor.upsertContact(try ContactCard(attributes), by: principal)
        let document = JSONWriter.object { document in
            document.object("data") { data in
                data.member("type", "c3_contact_cards")
                data.member("id", id.description)
                data.object("attributes") { attributes in
                    attributes.member("c3_id", id.raw)
                    attributes.object("contacts") { contacts in card.write(to: &contacts) }
                }
            }
        }
        return JSONAPI.answer(.created, [:], document)
    }
}

extension ContactCard {
    /// The page's table has `name` beside `contacts`, its samples inside.
    init(_ attributes: WireObject) throws {
        self.init()
        let contacts = try attributes.required("contacts")
        name = try contacts.textOrNil("name") ?? attributes.text("name")
        for (kind, member) in Self.members {
            let elements = try contacts.array(member) ?? []
            addresses[kind] = try elements.enumerated().map { index, element in
                guard let text = element.string, !text.utf8.contains(0) else {
                    throw Refusal.invalid(
                        "Expected a string here.", pointer: "\(contacts.pointer(to: member))/\(index)")
                }
                return text
            }
        }
        custom = try contacts.objects("custom", max: Self.perRequestMax).map {
            Custom(label: try $0.requiredText("label"), value: try $0.text("value"))
        }
    }

    func write(to contacts: inout JSONWriter) {
        contacts.member("name", name)
        for (kind, member) in Self.members {
            guard let list = addresses[kind], !list.isEmpty else { continue }
            contacts.array(member) { array in list.forEach { array.element($0) } }
        }
        guard !custom.isEmpty else { return }
        contacts.array("custom") { array in
            for note in custom {
                array.object {
                    $0.member("label", note.label)
                    $0.member("value", note.value)
                }
            }
        }
    }

    private static let members: KeyValuePairs<Kind, StaticString> = [
        .email: "email", .facebook: "facebook", .vk: "vk", .line: "line", .voice: "voice",
    ]
}
