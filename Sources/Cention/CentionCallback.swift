// What a customer's system is told of an answered errand. Source: seed 001, lines 299-499; cention.md §10, §14.
public import Center
import Web

/// The callback's payload. Event 1, an answer, is the only one that exists.
public enum CentionCallback {
    /// The whole payload: data, included, and meta when the callback has a secret.
    /// - Parameter publicURL: where receivers find this server; a slash at its end is dropped.
    public static func render(_ answered: AnsweredErrand, publicURL: String) -> [UInt8] {
        let base = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        let resources = "\(base)/s/\(answered.workspaceName)/capi/json"
        return JSONWriter.object { payload in
            payload.object("data") { event(answered, &$0) }
            payload.array("included") { included in
                included.object { errand(answered, base, &$0) }
                for id in answered.attachments {
                    included.object { file("c3_response_attachments", id.raw, below: resources, &$0) }
                }
                for id in answered.archives {
                    included.object { file("c3_area_archives", id.raw, below: resources, &$0) }
                }
            }
            if let secret = answered.secret, !secret.isEmpty {
                payload.object("meta") { $0.member("api_secret", secret) }
            }
        }
    }

    private static func event(_ answered: AnsweredErrand, _ data: inout JSONWriter) {
        data.member("type", "c3_callback_answer_errands")
        data.member("id", answered.delivery.description)
        data.object("attributes") { $0.member("event", 1) }
        data.object("relationships") { relationships in
            relationships.object("errand") { errand in
                errand.object("data") {
                    $0.member("type", "c3_answer_errands")
                    $0.member("id", answered.errand.description)
                }
            }
        }
    }

    private static func errand(_ answered: AnsweredErrand, _ base: String, _ node: inout JSONWriter) {
        node.member("type", "c3_answer_errands")
        node.member("id", answered.errand.description)
        node.object("attributes") { attributes in
            attributes.object("answer") { answer in
                answer.member("c3_id", answered.answer.raw)
                answer.object("response") { response(answered, base, &$0) }
            }
            attributes.member("c3_id", answered.errand.raw)
            attributes.object("service") { service in
                service.member("c3_id", answered.channel.service.id)
                service.member("name", answered.channel.service.name)
                service.member("type", answered.channel.service.type)
            }
        }
        // An empty relationship is left out.
        guard !answered.attachments.isEmpty || !answered.archives.isEmpty else { return }
        node.object("relationships") { relationships in
            let attachments = answered.attachments.map(\.raw)
            relate("attachments", "c3_response_attachments", attachments, &relationships)
            relate("embedded_archives", "c3_area_archives", answered.archives.map(\.raw), &relationships)
        }
    }

    private static func relate(
        _ name: StaticString, _ type: String, _ ids: [Int64], _ relationships: inout JSONWriter
    ) {
        guard !ids.isEmpty else { return }
        relationships.object(name) { related in
            related.array("data") { data in
                for id in ids {
                    data.object {
                        $0.member("type", type)
                        $0.member("id", String(id))
                    }
                }
            }
        }
    }

    private static func response(_ answered: AnsweredErrand, _ base: String, _ response: inout JSONWriter) {
        let texts = AnswerTexts(answered, publicURL: base)
        response.member("body", texts.body)
        response.member("c3_id", answered.response.raw)
        response.member("html_body", texts.htmlBody)
        response.member("subject", answered.subject)
        response.array("to") { to in
            for recipient in answered.to {
                to.object {
                    $0.member("c3_id", recipient.id)
                    $0.member("email_address", recipient.address)
                    $0.member("name", recipient.name)
                }
            }
        }
    }

    /// Receivers break on a file without links.
    private static func file(
        _ type: String, _ id: Int64, below resources: String, _ node: inout JSONWriter
    ) {
        node.member("type", type)
        node.member("id", String(id))
        node.object("attributes") { $0.member("c3_id", id) }
        node.object("links") { links in
            links.object("self") { $0.member("href", "\(resources)/\(type)/\(id)") }
        }
    }
}
