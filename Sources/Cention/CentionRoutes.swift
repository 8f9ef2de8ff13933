// Cention's wire on one screen: which path is served by which function.
public import Center
import Hummingbird
public import Web

/// The JSON:API routes of Cention Contact Center, in the vendor's order.
///
/// docs/vendors/cention.md lists every documented path; one that is not here is answered 404.
public struct CentionRoutes: Sendable {
    private static let prefixes = ["/s/:workspace/capi", "/capi"]

    let floor: Floor
    /// Where clients find this server, without a slash at the end; asked late, as a server learns its port late.
    let publicURL: @Sendable () -> String
    let fileGate: FileGate
    let exportGate: FileGate

    /// Large files on their way out together; each takes about 3 MiB of memory, however slowly it is read.
    public static let filesOutMax = 64

    /// Exports on their way out together.
    public static let exportsOutMax = 8

    public init(
        floor: Floor, filesOutMax: Int = CentionRoutes.filesOutMax,
        publicURL: @escaping @Sendable () -> String
    ) {
        self.floor = floor
        self.publicURL = publicURL
        fileGate = FileGate(max: filesOutMax)
        exportGate = FileGate(max: Self.exportsOutMax, "exports")
    }

    /// Adds all routes, below `/s/<workspace>` and without it: then the token says which workspace is meant.
    public func add(to routes: Routes) {
        for prefix in Self.prefixes {
            let capi = routes.dialect(at: prefix, name: .cention, fallback: JSONAPI.miss)
            capi.post("json/c3_new_errands", quick: true, use: JSONAPI.answering(createErrand))
            capi.post("json/c3_end_errands", use: JSONAPI.answering(endErrand))
            capi.post("json/c3_end_obcall", use: JSONAPI.answering(endOutboundCall))
            capi.post("json/c3_trigger_exports", use: JSONAPI.answering(triggerExport))
            capi.get("json/c3_response_attachments/:id", use: JSONAPI.answering(responseAttachment))
            capi.get("json/c3_area_archives/:id", use: JSONAPI.answering(areaArchive))
            capi.get("json/c3_errand_reports/:id", quick: true, use: JSONAPI.answering(errandReport))
            capi.get("json/c3_dirty_errand_list", use: JSONAPI.answering(changedErrands))
            // As the page's migration note writes it.
            capi.get("json/c3_dirty_errand_list/0", use: JSONAPI.answering(changedErrands))
            capi.post("json/c3_dirty_errand_list", use: JSONAPI.answering(markChanged))
            capi.get("json/c3_dirty_facebook_ratings", use: JSONAPI.answering(changedRatings))
            capi.get("json/c3_facebook_ratings/:id", use: JSONAPI.answering(facebookRating))
            capi.post("json/c3_contact_cards", use: JSONAPI.answering(upsertContact))
            addLibrary(to: capi)
            capi.get("custom/logio", use: PlainJSON.answering(challenge: "Bearer", logio))
        }
        AgentAPIRoutes(floor: floor).add(to: routes)
    }

    /// Answers every path with one refusal, as a server does that cannot serve now.
    public static func refuseAll(_ refusal: Refusal, on routes: Routes) {
        for prefix in prefixes {
            _ = routes.dialect(at: prefix, name: .cention) { _, _, _ in WireError(refusal).response }
        }
        _ = routes.dialect(at: AgentAPIRoutes.prefix, name: .cention) { _, _, _ in PlainJSON.answer(refusal) }
    }
}
