// The ways in which an errand can come, with the ids that Cention's wire gives them.

/// The raw value is what files and rows hold. Source: reference cention.md §14.
public enum ErrandChannel: String, Sendable, Hashable, CaseIterable {
    case email, form, voice, chat, facebook, whatsapp, vk, line, api

    /// `service.c3_id`, `service.type` and `service.name` on Cention's wire.
    public var service: (id: Int64, type: Int64, name: String) {
        switch self {
        case .email: (1, 1, "Email")
        case .form: (16, 19, "Form")
        case .voice: (2, 2, "Voice")
        case .chat: (3, 3, "Chat")
        case .facebook: (4, 4, "Facebook")
        case .whatsapp: (5, 5, "WhatsApp")
        case .vk: (6, 6, "VKontakte")
        case .line: (7, 7, "LINE")
        case .api: (8, 8, "API")
        }
    }

    /// The kind of address that a customer has on this channel, as contact cards name it.
    public var addressKind: String {
        switch self {
        case .email, .form, .api: "email"
        case .voice: "voice"
        case .chat: "chat"
        case .facebook: "facebook"
        case .whatsapp: "whatsapp"
        case .vk: "vk"
        case .line: "line"
        }
    }
}
