// The pages' templates, compiled once when the server starts.
import Mustache

/// Every template by its file's name.
struct Templates: Sendable {
    private static let sources: [(name: String, bytes: [UInt8])] = [
        ("api", PackageResources.api_mustache),
        ("api_tabs", PackageResources.api_tabs_mustache),
        ("account", PackageResources.account_mustache),
        ("agent", PackageResources.agent_mustache),
        ("agents", PackageResources.agents_mustache),
        ("areas", PackageResources.areas_mustache),
        ("calendar", PackageResources.calendar_mustache),
        ("calendars", PackageResources.calendars_mustache),
        ("call_centers", PackageResources.call_centers_mustache),
        ("callback", PackageResources.callback_mustache),
        ("callbacks", PackageResources.callbacks_mustache),
        ("deliveries", PackageResources.deliveries_mustache),
        ("desk", PackageResources.desk_mustache),
        ("entry_form", PackageResources.entry_form_mustache),
        ("errand", PackageResources.errand_mustache),
        ("errand_about", PackageResources.errand_about_mustache),
        ("errand_letters", PackageResources.errand_letters_mustache),
        ("errand_work", PackageResources.errand_work_mustache),
        ("erasure", PackageResources.erasure_mustache),
        ("error", PackageResources.error_mustache),
        ("groups", PackageResources.groups_mustache),
        ("group", PackageResources.group_mustache),
        ("fields", PackageResources.fields_mustache),
        ("head", PackageResources.head_mustache),
        ("home", PackageResources.home_mustache),
        ("invitation", PackageResources.invitation_mustache),
        ("item", PackageResources.item_mustache),
        ("lately", PackageResources.lately_mustache),
        ("library", PackageResources.library_mustache),
        ("library_admin", PackageResources.library_admin_mustache),
        ("library_entry", PackageResources.library_entry_mustache),
        ("library_question", PackageResources.library_question_mustache),
        ("list", PackageResources.list_mustache),
        ("main", PackageResources.main_mustache),
        ("minted", PackageResources.minted_mustache),
        ("panel", PackageResources.panel_mustache),
        ("presence", PackageResources.presence_mustache),
        ("queue", PackageResources.queue_mustache),
        ("queues", PackageResources.queues_mustache),
        ("satisfaction", PackageResources.satisfaction_mustache),
        ("side", PackageResources.side_mustache),
        ("sign_in", PackageResources.sign_in_mustache),
        ("start", PackageResources.start_mustache),
        ("tenios_keys", PackageResources.tenios_keys_mustache),
        ("tokens", PackageResources.tokens_mustache),
        ("upload", PackageResources.upload_mustache),
        ("when", PackageResources.when_mustache),
        ("why", PackageResources.why_mustache),
        ("workforce", PackageResources.workforce_mustache),
    ]

    private let library: MustacheLibrary

    init() {
        EscapedText.register
        var library = MustacheLibrary()
        for source in Self.sources {
            let text = "{{%CONTENT_TYPE:\(EscapedText.name)}}" + String(decoding: source.bytes, as: UTF8.self)
            for partial in Self.partials(of: text) where !Self.sources.contains(where: { $0.name == partial })
            {
                fatalError("template \(source.name): there is no partial \(partial)")
            }
            do {
                try library.register(text, named: source.name)
            } catch {
                fatalError("template \(source.name): \(error)")
            }
        }
        self.library = library
    }

    func render(_ name: String, _ view: Any) -> String {
        guard let text = library.render(view, withTemplate: name) else {
            fatalError("there is no template \(name)")
        }
        return text
    }

    /// The names in `{{>name}}`: the library would leave out one it does not know without a word.
    static func partials(of text: String) -> [String] {
        text.split(separator: "{{>", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            rest.split(separator: "}").first.map { $0.filter { $0 != " " } }
        }
    }
}

/// Escapes byte by byte. The library's own goes by characters, and `"` with a combining accent is none of those
/// it looks for: such a quote would end an attribute.
struct EscapedText: MustacheContentType {
    static let name = "ESCAPED"
    static let register: Void = MustacheContentTypes.register(EscapedText(), named: name)

    func escapeText(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#39;".utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
