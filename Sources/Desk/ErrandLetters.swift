// The messages and answers of an errand as its page shows them, with their files.
import Center
import Routing
import SafeHTML

extension ErrandPage {
    struct Letter {
        let letterKey: String
        let isAnswer: Bool
        let writer: String
        let writerAddress: String?
        let written: Stamp
        let text: String
        /// The question that was sent with the answer.
        let asked: String?
        /// The labels of its levels; their links are the customer's alone.
        let askedLevels: String
        /// How much of a very long text is not shown.
        let cut: String?
        let frame: Frame?
        let hasFiles: Bool
        let files: [File]
    }

    /// The letter's HTML in a document of its own.
    struct Frame {
        let frameKey: String
        /// `tiny` to `huge`: nobody can measure the document from outside.
        let frameSize: String
        /// `3 pictures`; nil when nothing is held back.
        let heldBack: String?
    }

    struct File {
        let fileID: Int64
        let fileName: String
        let fileSize: String
        let isPicture: Bool
    }
}

/// Names a message or an answer in an address.
enum LetterKey: Hashable {
    case message(MessageID)
    case response(ResponseID)

    init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let id = Int64(parts[1]) else { return nil }
        switch parts[0] {
        case "message": self = .message(MessageID(id))
        case "response": self = .response(ResponseID(id))
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .message(let id): "message-\(id)"
        case .response(let id): "response-\(id)"
        }
    }

    /// As attachments' rows name it.
    var owner: (noun: String, id: Int64) {
        switch self {
        case .message(let id): ("message", id.raw)
        case .response(let id): ("response", id.raw)
        }
    }
}

extension ErrandView {
    fileprivate func asked(with answer: AnswerID) -> SatisfactionQuestion? {
        satisfaction.flatMap { $0.isAsked(with: answer) ? $0.asked : nil }
    }

    func files(of key: LetterKey) -> [Attachment] {
        attachments.filter { $0.ownerNoun == key.owner.noun && $0.owner == key.owner.id }
    }

    /// The letter's HTML; nil when there is no such letter.
    func html(of key: LetterKey) -> String? {
        switch key {
        case .message(let id): messages.first { $0.id == id }?.htmlBody
        case .response(let id): answers.first { $0.response == id }?.htmlBody
        }
    }
}

extension ErrandPage.Letter {
    /// Messages and answers in the order of time.
    static func all(of view: ErrandView, _ seat: Seat) -> [Self] {
        let messages = view.messages.map { message in
            (
                message.at,
                Self(
                    .message(message.id), name: message.fromName, address: message.fromAddress,
                    message.body, message.htmlBody, message.at, view, seat)
            )
        }
        let answers = view.answers.map { answer in
            let writer = answer.agent.flatMap(seat.directory.agent)?.displayName ?? "Another system"
            return (
                answer.at,
                Self(
                    .response(answer.response), name: writer, address: "", answer.body, answer.htmlBody,
                    answer.at, view, seat, asked: view.asked(with: answer.id))
            )
        }
        // The sort is stable: a message comes before an answer of the same millisecond.
        return (messages + answers).sorted { $0.0 < $1.0 }.map(\.1)
    }

    private init(
        _ key: LetterKey, name: String, address: String, _ body: String, _ html: String, _ at: Instant,
        _ view: ErrandView, _ seat: Seat, asked: SatisfactionQuestion? = nil
    ) {
        let shown = ShownText(body: body, html: html)
        letterKey = key.text
        if case .response = key { isAnswer = true } else { isAnswer = false }
        writer = name.isEmpty ? address : name
        writerAddress = name.isEmpty || address.isEmpty ? nil : address
        written = seat.times.stamp(at)
        text = shown.text
        self.asked = asked?.question
        askedLevels = asked?.labels.joined(separator: " · ") ?? ""
        cut = shown.cut
        frame = html.isEmpty ? nil : ErrandPage.Frame(key, html)
        files = view.files(of: key).map { file in
            ErrandPage.File(
                fileID: file.id.raw, fileName: file.name, fileSize: Desk.fileSize(file.size),
                isPicture: Picture.isShown(file.contentType, file.size))
        }
        hasFiles = !files.isEmpty
    }
}

extension ErrandPage.Frame {
    /// Lines that a picture is taken for, and characters for a line.
    private static let pictureLines = 10
    private static let lineLength = 90
    /// The most lines of each size.
    private static let sizes = [(3, "tiny"), (7, "small"), (13, "middle"), (22, "large")]

    init(_ key: LetterKey, _ html: String) {
        frameKey = key.text
        let cleaned = SafeHTML.clean(html, remoteImages: false) { _ in nil }
        heldBack =
            switch cleaned.blockedImages {
            case 0: nil
            case 1: "1 picture"
            default: "\(cleaned.blockedImages) pictures"
            }
        let lines = SafeHTML.text(cleaned.html).split(separator: "\n", omittingEmptySubsequences: false)
            .reduce(0) { $0 + 1 + $1.count / Self.lineLength }
        let own =
            cleaned.html.split(separator: "<img", omittingEmptySubsequences: false).count - 1
            - cleaned.blockedImages
        let height = lines + max(0, own) * Self.pictureLines
        frameSize = Self.sizes.first { height <= $0.0 }?.1 ?? "huge"
    }
}

/// A size in the unit a person would choose.
func fileSize(_ bytes: Int64) -> String {
    switch bytes {
    case ..<1_024: "\(bytes) bytes"
    case ..<(1_024 * 1_024): "\((bytes + 512) / 1_024) KB"
    default: "\(bytes / (1_024 * 1_024)).\(bytes % (1_024 * 1_024) * 10 / (1_024 * 1_024)) MB"
    }
}
