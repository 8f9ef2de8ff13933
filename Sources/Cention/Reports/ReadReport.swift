// GET c3_errand_reports/<id>: an errand in full; reading it takes it off the list of changed errands.
// Source: seed 001, lines 553-709; cention.md §5, §14.
import Center
import Foundation
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func errandReport(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, directory) = try bearer(request, context, claims: .errandData)
        try Negotiation.checkAnswer(request.headers)
        let fields = try SparseFields(
            request, "c3_errand_reports", of: ["actions", "basic", "c3_id", "changed", "extended", "sla"])
        guard let id = context.segment("id").flatMap(WireID.number) else {
            throw Refusal.notFound("There is no such errand here.")
        }
        let (kept, ticket) = floor.keptReport(ErrandID(id), directory)
        if fields.isEverything, let kept { return JSONAPI.answer(.ok, [:], kept) }
        let words = ReportWords(directory)
        let made = try await floor.errandReport(ErrandID(id), by: principal) { report in
            MadeReport(report, fields, words, link(of: report, directory))
        }
        let (document, isChanged) =
            switch made {
            case .written(let document, let isChanged): (document, isChanged)
            case .large(let report):
                (
                    await offLoop { report.document(fields, words, link(of: report, directory)) },
                    report.isChanged
                )
            }
        if fields.isEverything {
            floor.keep(document, of: ErrandID(id), isChanged: isChanged, directory, ticket)
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    /// Where the customer's choice is taken.
    private func link(of report: ErrandReport, _ directory: Directory) -> String? {
        report.satisfaction?.level.map {
            publicURL() + floor.satisfactionPath(report.errand.id, $0, in: directory.workspace)
        }
    }
}

/// A report as it comes from where it was read.
private enum MadeReport: Sendable {
    /// Documents of about this size are written where they were read, which may be the writer's thread; larger ones
    /// would hold up others.
    private static let writtenMaxBytes = 64 << 10

    case written([UInt8], isChanged: Bool)
    case large(ErrandReport)

    init(_ report: ErrandReport, _ fields: SparseFields, _ words: ReportWords, _ link: String?) {
        self =
            report.expectedBytes > Self.writtenMaxBytes
            ? .large(report)
            : .written(report.document(fields, words, link), isChanged: report.isChanged)
    }
}

extension ErrandReport {
    /// About as many as its document has.
    fileprivate var expectedBytes: Int {
        3_072 + body.utf8.count + htmlBody.utf8.count + (answer?.body.utf8.count ?? 0) + actions.count * 256
    }

    fileprivate func document(_ fields: SparseFields, _ words: ReportWords, _ link: String?) -> [UInt8] {
        JSONWriter.object(expected: expectedBytes) { document in
            document.object("data") { data in
                data.member("type", "c3_errand_reports")
                data.member("id", errand.id.description)
                data.object("attributes") { attributes in
                    if fields.has("actions") { writeActions(to: &attributes, words) }
                    if fields.has("basic") { writeBasic(to: &attributes, words, link) }
                    if fields.has("c3_id") { attributes.member("c3_id", errand.id.raw) }
                    if fields.has("changed") { attributes.member("changed", isChanged) }
                    if fields.has("extended") { writeExtended(to: &attributes, words) }
                    if fields.has("sla") { writeSLA("sla", to: &attributes) }
                }
            }
        }
    }
}

extension ErrandReport {
    fileprivate func writeActions(to attributes: inout JSONWriter, _ words: ReportWords) {
        attributes.array("actions") { list in
            for (index, action) in actions.enumerated() {
                let next = index + 1 < actions.count ? actions[index + 1] : nil
                // An answer closes: the two are one action.
                if action.kind == .answered, next?.kind == .closed, next?.at == action.at { continue }
                let hasAnswered =
                    action.kind == .closed && index > 0 && actions[index - 1].kind == .answered
                    && actions[index - 1].at == action.at
                list.object { line in
                    let stamp = words.stamp(action.at)
                    line.member("id", action.id)
                    line.member("note") { note in
                        words.tell(action, of: errand.id, hasAnswered: hasAnswered, stamp, in: &note)
                    }
                    line.member("origin", words.origin(of: action))
                    line.member("time", stamp)
                    line.member("timeStamp", action.at.ms / 1_000)
                }
            }
        }
    }

    fileprivate func writeBasic(
        to attributes: inout JSONWriter, _ words: ReportWords, _ feedbackLink: String?
    ) {
        attributes.object("basic") { basic in
            basic.member("acquired", errand.agent != nil && errand.state == .open)
            basic.object("data") { writeData(to: &$0, words, feedbackLink) }
            basic.member("groupWith", groupedWith?.raw ?? 0)
            basic.member("hasChild", hasChild)
            basic.member("id", errand.id.raw)
            basic.object("style") { _ in }
            basic.member("threadId", thread.raw)
        }
    }

    private func writeData(to data: inout JSONWriter, _ words: ReportWords, _ feedbackLink: String?) {
        let service = errand.channel.service
        let directory = words.directory
        data.member("id", errand.id.raw)
        data.member("displayId", String(errand.id.raw))
        data.member("status", words.status(of: errand))
        data.member("service", service.id)
        data.member("serviceName", service.name)
        data.member("organisationId", directory.workspace.raw)
        data.member("organisationName", directory.organisation)
        data.member("area", errand.area.raw)
        data.member("areaName", directory.areaName(errand.area) ?? "")
        // Empty while nobody has set one: an errand's first priority is its area's.
        let isOwn =
            errand.priority != directory.place(of: errand.area).map { directory.areas[$0].settings.priority }
        data.member("priority", isOwn ? String(errand.priority) : "")
        data.member("agentId", errand.agent?.raw ?? 0)
        data.member("agent", errand.agent.flatMap(directory.userName) ?? "")
        data.member(
            "from",
            errand.fromName.isEmpty ? errand.fromAddress : errand.fromName + " (" + errand.fromAddress + ")")
        data.member("fromAddress", errand.fromAddress)
        data.member("fromName", errand.fromName)
        data.member("to", account ?? "")
        data.array("toAddresses") { list in if let account { list.element(account) } }
        data.member("copy", "")
        data.null("copyAddresses")
        data.member("subject", errand.subject)
        data.member("iconicSubject", words.iconic(errand.subject, service.name))
        data.member("body", htmlBody.isEmpty ? words.html(body) : htmlBody)
        data.member("date", words.minute(errand.arrivedAt))
        data.member("answeredDate", errand.answeredAt.map(words.minute) ?? ReportWords.noDate)
        data.member("donedate", words.doneDate(of: errand).map(words.minute) ?? ReportWords.noDate)
        data.member("attachments", String(attachmentCount))
        data.member("closed", errand.state == .closed)
        data.member("deleted", false)
        data.member("answered", errand.answeredAt != nil)
        // Members of channels and functions that are not here yet.
        data.members(#""wasForwardedToExternal":false,"wasClonedAndForwardedExternal":false"#)
        data.member("feedbackAnswer", satisfaction?.label ?? "")
        data.member("feedbackLink", feedbackLink ?? "")
        data.members(#""fbPms":false,"fbLikes":"","fbAction":"""#)
        data.member("hasAnswer", hasDraft)
        data.members(
            #""sendPm":false,"answerDeleted":false,"retweet":false,"twitterPm":false,"secureUserId":"""#)
    }

    fileprivate func writeExtended(to attributes: inout JSONWriter, _ words: ReportWords) {
        attributes.object("extended") { extended in
            extended.member("answer_body", answer?.body ?? "")
            extended.member("answer_subject", answer?.subject ?? "")
            extended.array("errand_tags") { list in
                for tag in tags {
                    list.object {
                        $0.member("desc", tag.name)
                        $0.member("id", tag.id)
                    }
                }
            }
            extended.object("feedback") {
                let asked = satisfaction?.asked.question ?? ""
                $0.member("Answer", satisfaction?.label ?? "")
                $0.member("QuestionHTML", words.html(asked))
                $0.member("QuestionText", asked)
                $0.member("value", Int64(satisfaction?.level ?? 0))
            }
            writeSLA("report", to: &extended)
        }
    }

    fileprivate func writeSLA(_ name: StaticString, to attributes: inout JSONWriter) {
        guard let sla else { return attributes.null(name) }
        attributes.object(name) {
            $0.member("done_due", sla.isDoneDue)
            $0.member("expiry", sla.expiry)
            $0.member("handling_time", sla.handlingS)
            $0.member("response_time", sla.responseS)
            $0.member("within_sla", sla.isWithin)
        }
    }
}
