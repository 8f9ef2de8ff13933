// Libraries, categories and questions in a provisioning file.

import Foundation

/// A library, known by name. nil: the file does not say, so what is there stays.
public struct LibraryEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    public var isExternal: Bool?
    /// The whole lists; questions by subject.
    public var categories: [Located<String>]?
    public var libraries: [Located<String>]?
    public var questions: [Located<String>]?
}

/// A category, known by name.
public struct LibraryCategoryEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// The whole lists; questions by subject.
    public var libraries: [Located<String>]?
    public var categories: [Located<String>]?
    public var questions: [Located<String>]?
}

/// A question, known by subject. Texts are HTML.
public struct LibraryQuestionEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var subject: Located<String>
    public var question: String?
    public var answer: String?
    public var isTop: Bool?
    /// The whole list.
    public var attachments: [LibraryAttachmentEntry]?
}

/// A file of a question, known by name.
public struct LibraryAttachmentEntry: Codable, Sendable, Hashable {
    public var name: Located<String>
    /// As the file's ending says where nil.
    public var contentType: String?
    /// A path as written; its content is in the plan's `files`. Else `content` is there.
    public var file: Located<String>?
    @InlineContent public var content: [UInt8]?
}

/// Bytes that are base64 where a plan travels as JSON.
@propertyWrapper
public struct InlineContent: Codable, Sendable, Hashable {
    public var wrappedValue: [UInt8]?

    public init(wrappedValue: [UInt8]?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : Array(try container.decode(Data.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(Data(wrappedValue)) } else { try container.encodeNil() }
    }
}

extension LibraryEntry {
    static let keys = ["name", "external", "categories", "libraries", "questions"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a library", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        isExternal = try entry.optional("external") { try $0.flag() }
        categories = try entry.names("categories", of: "categories", max: LibraryLimits.categoriesMax)
        libraries = try entry.names("libraries", of: "libraries", max: LibraryLimits.librariesMax)
        questions = try entry.subjects()
    }
}

extension LibraryCategoryEntry {
    static let keys = ["name", "libraries", "categories", "questions"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a category", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        libraries = try entry.names("libraries", of: "libraries", max: LibraryLimits.librariesMax)
        categories = try entry.names("categories", of: "categories", max: LibraryLimits.categoriesMax)
        questions = try entry.subjects()
    }
}

extension LibraryQuestionEntry {
    static let keys = ["subject", "question", "answer", "toplist", "attachments"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a question", keys: Self.keys)
        position = entry.position
        subject = try entry.required("subject") { try $0.locatedText(.librarySubject) }
        question = try entry.optional("question") { try $0.libraryText() }
        answer = try entry.optional("answer") { try $0.libraryText() }
        isTop = try entry.optional("toplist") { try $0.flag() }
        attachments = try entry.optional("attachments") {
            try $0.list(of: "attachments", max: LibraryLimits.attachmentsMax, LibraryAttachmentEntry.init)
        }
        try refuseRepeats((attachments ?? []).map(\.name))
    }
}

extension LibraryAttachmentEntry {
    static let keys = ["name", "content_type", "file", "content"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an attachment", keys: Self.keys)
        name = try entry.required("name") { try $0.locatedText(.name) }
        contentType = try entry.optional("content_type") { try $0.text(.contentType) }
        file = try entry.optional("file") { try $0.locatedText(.path) }
        if let file, ["", ".", ".."].contains(AreaEntry.archiveName(file.value)) {
            throw ProvisionProblem(at: file.position, "expected a file, not \(quoted(file.value))")
        }
        content = try entry.optional("content") { try $0.base64() }
        guard (file == nil) != (content == nil) else {
            throw ProvisionProblem(
                at: entry.position, "an attachment has one of the keys file and content")
        }
    }
}

extension EntryReader {
    fileprivate func subjects() throws -> [Located<String>]? {
        try names("questions", of: "questions", max: LibraryLimits.heldMax, rule: .librarySubject)
    }
}

extension TextRule {
    static let librarySubject = TextRule(what: "a subject", lengths: 1...LibraryLimits.subjectMax)
    static let contentType = TextRule(what: "a media type", lengths: 3...200, unbroken: true)
}

extension DocumentNode {
    /// A text of any number of lines, empty too.
    fileprivate func libraryText() throws -> String {
        guard case .text(let text, _) = content, !isNull else {
            throw expected("a text (\"\" for none)")
        }
        guard text.utf8.count <= LibraryLimits.textBytesMax else {
            throw problem("a text has at most \(LibraryLimits.textBytesMax) bytes, not \(text.utf8.count)")
        }
        let strange = text.unicodeScalars.first {
            $0.properties.generalCategory == .control && !"\n\r\t".unicodeScalars.contains($0)
        }
        guard strange == nil else { throw problem("a text cannot contain control characters") }
        return text
    }

    fileprivate func base64() throws -> [UInt8] {
        guard case .text(let text, _) = content, !isNull,
            let data = Data(base64Encoded: text.filter { !$0.isWhitespace })
        else { throw problem("expected base64, padded with =") }
        return Array(data)
    }
}
