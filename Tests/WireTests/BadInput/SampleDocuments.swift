// Whole documents with every member that the page documents, and what the page says of each.
import Center

struct SampleDocument: Sendable, CustomStringConvertible {
    let description: String
    let endpoint: String
    /// With the agent's and the errand's ids put in.
    let tree: JSONTree
    let shape: Shape

    private static func object(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
        .object(members.map { .init(name: $0.key, value: $0.value) })
    }

    private static func document(_ type: String, _ attributes: JSONTree) -> JSONTree {
        object(["data": object(["type": .text(type), "attributes": attributes])])
    }

    private static func shape(_ attributes: Shape) -> Shape {
        .object(
            [("data", .object([("attributes", attributes)], required: true, missing: "type"))],
            missing: "data")
    }

    private static func attachment(_ name: String, contentID: String? = nil) -> JSONTree {
        object([
            "content_type": .text("text/plain"), "name": .text(name),
            "content": .text("T3JhbmdlIEp1aWNlIQ=="),
            "content_id": contentID.map(JSONTree.text) ?? .null,
        ])
    }

    private static let message = object([
        "message_id": .text("msgid_1485096554"), "name": .text("David Liew"),
        "from": .text("david.liew@test.se"),
        "subject": .text("Creating test errand via API"), "body": .text("Test message body"),
        "html_body": .text("<p>Test message body</p>"),
        "attachments": .array([attachment("tst1.txt"), attachment("tst2.txt", contentID: "picture")]),
    ])

    private static let messageShape = Shape.object(
        [
            ("message_id", .text(ErrandLimits.messageIDMax)), ("name", .text(ErrandLimits.nameMax)),
            ("from", .text(ErrandLimits.addressMax, required: true)),
            ("subject", .text(ErrandLimits.subjectMax)), ("body", .text(ErrandLimits.bodyBytesMax)),
            ("html_body", .text(ErrandLimits.bodyBytesMax)),
            (
                "attachments",
                .list(
                    .object(
                        [
                            ("content_type", .text(ErrandLimits.attachmentNameMax)),
                            ("name", .text(ErrandLimits.attachmentNameMax)), ("content", .base64),
                            ("content_id", .text(ErrandLimits.attachmentNameMax)),
                        ], required: true, missing: "content"), max: ErrandLimits.attachmentsMax)
            ),
        ], required: true, missing: "from")

    private static let userTypes = ["", "cention", "solidus", "clearinteract"]

    /// - Parameter named: whether somebody must be named who answers.
    private static func answerShape(named: Bool) -> Shape {
        .object(
            [
                ("subject", .text(ErrandLimits.subjectMax)), ("body", .text(ErrandLimits.bodyBytesMax)),
                ("html_body", .text(ErrandLimits.bodyBytesMax)), ("user_type", .word(userTypes)),
                ("user_id", .agent(required: named)),
            ], required: named, missing: named ? "user_id" : nil)
    }

    private static func answer(_ agent: String) -> JSONTree {
        object([
            "subject": .text("Answer subject"), "body": .text("Plain"), "html_body": .text("<b>Rich</b>"),
            "user_type": .text("cention"), "user_id": .text(agent),
        ])
    }

    /// An errand that waits, of a workspace that lists the integration.
    static let waiting = SampleDocument(
        description: "a new errand", endpoint: "c3_new_errands",
        tree: document(
            "c3_new_errands",
            object([
                "msg": message,
                "extradata": object(["case_number": .raw("21345"), "zone": .text("A")]),
                "integrationData": object([
                    "integrationName": .text("aventa"), "referenceId": .text("1"), "deviceId": .raw("1000"),
                    "extensionId": .raw("1000"), "link": .text("https:www.google.com"),
                    "endSession": .raw("false"), "destNumber": .text("60374571234"),
                    "pagingNumber": .text("12345"), "pagingName": .text("GP office"),
                    "queueName": .text("EHS"),
                    "queueNumber": .text("123"),
                    "extraData": object([
                        "comment": .text("internal comment"), "callReason": .text("reschedule appointment"),
                        "appointmentTimestamp": .text("1593047865"),
                    ]),
                ]), "cuid": .text("5462-13-6485"),
            ])),
        shape: shape(
            .object(
                [
                    ("msg", messageShape), ("extradata", .any(ErrandLimits.extradataBytesMax)),
                    ("integrationData", integrationShape), ("cuid", .text(ErrandLimits.cuidMax)),
                ], required: true, missing: "msg")))

    private static let integrationShape: Shape = {
        let mandatory = Shape.text(CallLimits.nameMaxBytes, required: true)
        let optional = Shape.text(CallLimits.nameMaxBytes)
        let long = Shape.text(CallLimits.textMaxBytes)
        return .object(
            [
                ("integrationName", .word(["aventa"], required: true)), ("referenceId", optional),
                ("deviceId", .integer),
                ("extensionId", .integer), ("link", long), ("endSession", .flag),
                ("destNumber", mandatory),
                ("pagingNumber", optional), ("pagingName", optional), ("queueName", mandatory),
                ("queueNumber", mandatory),
                (
                    "extraData",
                    .object([
                        ("comment", .text(NoteLimits.bodyMaxBytes)), ("callReason", long),
                        ("appointmentTimestamp", optional),
                    ])
                ),
            ], missing: "integrationName")
    }()

    /// An errand that is closed when it comes, with its answer and a template.
    static func closed(agent: String) -> SampleDocument {
        SampleDocument(
            description: "a closed errand", endpoint: "c3_new_errands",
            tree: document(
                "c3_new_errands",
                object([
                    "msg": object(["from": .text("david.liew@test.se")]), "answer": answer(agent),
                    "watemplate": object([
                        "elementname": .text("hello"), "namespace": .text("ns"),
                        "params": .array([object(["default": .text("$10"), "order": .text("1234")])]),
                    ]),
                ])),
            shape: shape(
                .object(
                    [
                        ("msg", messageShape), ("answer", answerShape(named: true)),
                        (
                            "watemplate",
                            .object([
                                ("elementname", .text(ErrandLimits.templateNameMax)),
                                ("namespace", .text(ErrandLimits.templateNameMax)),
                                (
                                    "params",
                                    .list(.object([], required: true), max: ErrandLimits.templateParamsMax)
                                ),
                            ])
                        ),
                    ], required: true, missing: "msg")))
    }

    static func ended(errand: String, agent: String) -> SampleDocument {
        SampleDocument(
            description: "an ended errand", endpoint: "c3_end_errands",
            tree: document(
                "c3_end_errands", object(["errand_id": .raw(errand), "answer": answer(agent)])),
            shape: shape(
                .object(
                    [("errand_id", .errand), ("answer", answerShape(named: false))], required: true,
                    missing: "errand_id")))
    }
}
