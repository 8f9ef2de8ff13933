// What a new errand must have, and how long its parts may be; refused before anything is stored.

import Foundation

extension NewErrand {
    private static let root = "/data/attributes"

    /// Refuses what is missing or longer than rows should hold.
    func check() throws {
        let folded = fold(from)
        guard !folded.isEmpty else {
            throw Refusal.invalid(
                "from is required: the writer's address", pointer: "\(Self.root)/msg/from")
        }
        // Some letters grow when they are folded, and the folded form is a key.
        try limit(max(from.utf8.count, folded.utf8.count), ErrandLimits.addressMax, "msg/from")
        try limit(name, ErrandLimits.nameMax, "msg/name")
        try limit(subject, ErrandLimits.subjectMax, "msg/subject")
        try limit(messageID, ErrandLimits.messageIDMax, "msg/message_id")
        try limit(body, ErrandLimits.bodyBytesMax, "msg/body")
        try limit(htmlBody, ErrandLimits.bodyBytesMax, "msg/html_body")
        try limit(cuid ?? "", ErrandLimits.cuidMax, "cuid")
        try limit(extradata ?? "", ErrandLimits.extradataBytesMax, "extradata")
        try limit(integrationData ?? "", ErrandLimits.integrationDataBytesMax, "integrationData")
        try limit(note ?? "", NoteLimits.bodyMaxBytes, "integrationData/extraData/comment")
        try call?.check()
        try checkAttachments()
        try answer?.check()
        try template?.check(with: answer)
    }

    private func checkAttachments() throws {
        guard attachments.count <= ErrandLimits.attachmentsMax else {
            throw Refusal.invalid(
                "more than \(ErrandLimits.attachmentsMax) attachments",
                pointer: "\(Self.root)/msg/attachments")
        }
        for (index, attachment) in attachments.enumerated() {
            let place = "msg/attachments/\(index)"
            try limit(attachment.name, ErrandLimits.attachmentNameMax, "\(place)/name")
            try limit(attachment.contentType, ErrandLimits.attachmentNameMax, "\(place)/content_type")
            try limit(attachment.contentID ?? "", ErrandLimits.attachmentNameMax, "\(place)/content_id")
        }
    }

    private func limit(_ text: String, _ max: Int, _ member: String) throws {
        try limit(text.utf8.count, max, member)
    }

    private func limit(_ bytes: Int, _ max: Int, _ member: String) throws {
        guard bytes <= max else {
            let name = member.split(separator: "/").last ?? ""
            throw Refusal.invalid("\(name) is longer than \(max) bytes", pointer: "\(Self.root)/\(member)")
        }
    }
}

extension NewAnswer {
    /// Refuses a user's id that no row should hold; the texts are checked where they are written.
    func check() throws {
        guard userID.utf8.count <= ErrandLimits.userIDMax else {
            throw Refusal.invalid(
                "user_id is longer than \(ErrandLimits.userIDMax) bytes",
                pointer: "/data/attributes/answer/user_id")
        }
    }
}

extension NewTemplate {
    /// A template is sent by somebody: its answer names the user.
    func check(with answer: NewAnswer?) throws {
        let place = "/data/attributes/watemplate"
        guard elementName.utf8.count <= ErrandLimits.templateNameMax else {
            throw Refusal.invalid(
                "elementname is longer than \(ErrandLimits.templateNameMax) bytes",
                pointer: "\(place)/elementname")
        }
        guard namespace.utf8.count <= ErrandLimits.templateNameMax else {
            throw Refusal.invalid(
                "namespace is longer than \(ErrandLimits.templateNameMax) bytes",
                pointer: "\(place)/namespace")
        }
        guard params.utf8.count <= ErrandLimits.templateParamsBytesMax else {
            throw Refusal.invalid(
                "params are longer than \(ErrandLimits.templateParamsBytesMax) bytes",
                pointer: "\(place)/params")
        }
        guard answer != nil else {
            throw Refusal.invalid(
                "watemplate needs an answer with user_type and user_id.", pointer: "/data/attributes/answer")
        }
        guard answer?.userID.isEmpty == false else {
            throw Refusal.invalid(
                "watemplate needs an answer whose user_type and user_id say who sends it.",
                pointer: "/data/attributes/answer/user_id")
        }
    }
}
