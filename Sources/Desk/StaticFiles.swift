// Styles, modules and pictures: built into the executable, cached by the browser until they change.
import Center
import Hummingbird
import Web

/// The desk's static files by name.
struct StaticFiles: Sendable {
    struct File: Sendable {
        let type: String
        let body: ByteBuffer
    }

    private static let sources: [(name: String, bytes: [UInt8])] = [
        ("away.js", PackageResources.away_js),
        ("clock.js", PackageResources.clock_js),
        ("copy.js", PackageResources.copy_js),
        ("desk.css", PackageResources.desk_css),
        ("desk.js", PackageResources.desk_js),
        ("drafts.js", PackageResources.drafts_js),
        ("editor.js", PackageResources.editor_js),
        ("embed.js", PackageResources.embed_js),
        ("errand.css", PackageResources.errand_css),
        ("errand.js", PackageResources.errand_js),
        ("files.js", PackageResources.files_js),
        ("forms.js", PackageResources.forms_js),
        ("icon.svg", PackageResources.icon_svg),
        ("keys.js", PackageResources.keys_js),
        ("library.js", PackageResources.library_js),
        ("list.js", PackageResources.list_js),
        ("offer.js", PackageResources.offer_js),
        ("panel.js", PackageResources.panel_js),
        ("queues.css", PackageResources.queues_css),
        ("saving.js", PackageResources.saving_js),
        ("session.js", PackageResources.session_js),
        ("storage.js", PackageResources.storage_js),
        ("stream.js", PackageResources.stream_js),
        ("theme.css", PackageResources.theme_css),
    ]

    /// Names the content of all files together; part of their addresses.
    let version: String
    private let files: [String: File]

    init() {
        // FNV-1a: it tells contents apart, it keeps nothing secret.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for source in Self.sources {
            for byte in source.bytes { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
        }
        let version = String(hash, radix: 36)
        self.version = version
        files = Dictionary(
            uniqueKeysWithValues: Self.sources.map { source in
                var text = String(decoding: source.bytes, as: UTF8.self)
                // A module's imports carry the version too, or a browser would mix old and new ones.
                if source.name.hasSuffix(".js") {
                    text = text.split(separator: ".js\"", omittingEmptySubsequences: false)
                        .joined(separator: ".js?v=\(version)\"")
                }
                return (source.name, File(type: Self.type(of: source.name), body: ByteBuffer(string: text)))
            })
    }

    func file(_ name: String) -> File? { files[name] }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: preconditionFailure("\(name) has no known type")
        }
    }
}

extension AgentDesk {
    private static let keepForS = 31_536_000

    @Sendable func staticFile(_ request: Request, _ context: Context) async throws -> Response {
        try await open { request, context in
            guard let name = context.segment("file"), let file = files.file(name) else {
                throw Refusal.notFound("There is no page at this address.")
            }
            let tag = "\"\(files.version)\""
            let isCurrent = try Fields(queryOf: request)["v"] == files.version
            let headers: HTTPFields = [
                .contentType: file.type, .eTag: tag,
                .cacheControl: isCurrent ? "public, max-age=\(Self.keepForS), immutable" : "no-cache",
            ]
            if request.headers[.ifNoneMatch] == tag {
                return Response(status: .notModified, headers: headers)
            }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.body))
        }(request, context)
    }
}
