// The answer's form: plain or rich text, and the files that wait for it.
import Center
import SafeHTML
import Web

extension ErrandPage {
    struct AnswerForm {
        let draft: String
        let htmlDraft: String
        let uploads: [UploadLine]
        let fileMaxBytes: Int
        let filesMax: Int
    }
}

/// A file of the answer in the form; also what an upload is answered with.
struct UploadLine {
    let uploadID: Int64
    let uploadName: String
    let uploadSize: String
    let isInlinePicture: Bool
    let uploadBase: String

    init(_ upload: Upload, base: String) {
        uploadID = upload.id.raw
        uploadName = upload.name
        uploadSize = fileSize(upload.size)
        isInlinePicture = upload.isInline
        uploadBase = base
    }
}

extension ErrandPage.AnswerForm {
    init(_ draft: ErrandDraft, _ uploads: [Upload], base: String) {
        self.draft = draft.body
        htmlDraft = draft.html
        self.uploads = uploads.filter { !$0.isInline }.map { UploadLine($0, base: base) }
        fileMaxBytes = UploadLimits.bytesMax
        filesMax = UploadLimits.perAnswerMax
    }
}

/// What the form's fields say: the texts, and the files to go with them.
struct WrittenAnswer {
    /// In `cid:` addresses: the pictures of an answer are attachments that have this name and their id.
    static let picturePrefix = "attachment_"

    let body: String
    let html: String
    let files: [AttachmentID]

    init(_ fields: Fields) throws {
        var files = fields.all("upload").compactMap { Int64($0) }.map(AttachmentID.init)
        let rich = fields["html_body"] ?? ""
        guard rich.contains(where: { !$0.isWhitespace }) else {
            // Forms send line ends as CR LF.
            body = (fields["body"] ?? "").replacing("\r\n", with: "\n")
            html = ""
            self.files = files
            guard body.contains(where: { !$0.isWhitespace }) else {
                throw Refusal.invalid("Write an answer first, or close the errand without one.")
            }
            return
        }
        var pictures = 0
        let cleaned = SafeHTML.clean(rich, remoteImages: true) { cid in
            guard cid.hasPrefix(Self.picturePrefix), let id = Int64(cid.dropFirst(Self.picturePrefix.count))
            else { return nil }
            files.append(AttachmentID(id))
            pictures += 1
            return "cid:\(cid)"
        }
        guard !cleaned.isCut else {
            throw Refusal.tooLarge("This answer is too long; shorten it, or attach it as a file.")
        }
        html = cleaned.html
        // Editors write spaces that do not break where two meet.
        body = SafeHTML.text(cleaned.html).replacing("\u{a0}", with: " ")
        self.files = files
        guard pictures > 0 || body.contains(where: { !$0.isWhitespace }) else {
            throw Refusal.invalid("Write an answer first, or close the errand without one.")
        }
    }
}
