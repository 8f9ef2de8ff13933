// What a center knows and tells: libraries and categories of questions with their answers.

import Routing
import Store

public struct Library: Sendable, Hashable {
    public let id: LibraryID
    public let name: String
    /// Also shown outside of the center.
    public let isExternal: Bool
}

public struct LibraryCategory: Sendable, Hashable {
    public let id: LibraryCategoryID
    public let name: String
}

/// A question and its answer; the texts are HTML, as they were written.
public struct LibraryQuestion: Sendable, Hashable {
    public let id: LibraryQuestionID
    /// No two questions of a workspace have the same.
    public let subject: String
    public let question: String
    public let answer: String
    /// On the list of the most asked.
    public let isTop: Bool
}

/// A file without its content: an attachment of a question, or an area's archive that its text shows.
public struct LibraryFile: Sendable, Hashable {
    public let id: Int64
    public let name: String
    public let contentType: String
    /// Bytes.
    public let size: Int64
}

/// The raw value is what rows hold.
public enum LibraryKind: Int64, Sendable, Hashable, CaseIterable {
    case library = 1
    case category = 2
    case question = 3
}

/// A library, a category or a question, as links name it.
public struct LibraryNode: Sendable, Hashable {
    public let kind: LibraryKind
    public let id: Int64

    public init(_ kind: LibraryKind, _ id: Int64) {
        self.kind = kind
        self.id = id
    }

    public static func library(_ id: LibraryID) -> LibraryNode { LibraryNode(.library, id.raw) }
    public static func category(_ id: LibraryCategoryID) -> LibraryNode { LibraryNode(.category, id.raw) }
    public static func question(_ id: LibraryQuestionID) -> LibraryNode { LibraryNode(.question, id.raw) }
}

public enum LibraryLimits {
    public static let librariesMax = 10_000
    public static let categoriesMax = 10_000
    public static let questionsMax = 200_000
    /// What one library or category holds of one kind.
    public static let heldMax = 20_000
    /// Characters.
    public static let nameMax = 200
    public static let subjectMax = 500
    /// Of a question's text, and of its answer's.
    public static let textBytesMax = 256 << 10
    public static let attachmentsMax = 50
    public static let attachmentBytesMax = UploadLimits.bytesMax
    /// Libraries, categories and questions that one answer may reach.
    public static let nodesMax = 20_000
    /// Links that one answer may follow.
    static let linksMax = 100_000
    /// Texts that one answer may hold.
    public static let answerBytesMax: Int = 32 << 20
    /// Questions that a search answers with.
    public static let foundMax = 1_000
    public static let phraseBytesMax = 1_000
    /// Ids in one statement.
    static let chunk = 500
}

extension Library {
    init(_ row: Row) {
        id = LibraryID(row.int("id"))
        name = row.text("name")
        isExternal = row.bool("external")
    }
}

extension LibraryCategory {
    init(_ row: Row) {
        id = LibraryCategoryID(row.int("id"))
        name = row.text("name")
    }
}

extension LibraryQuestion {
    static let columns: SQL = "id, subject, question, answer, toplist"

    init(_ row: Row) {
        id = LibraryQuestionID(row.int("id"))
        subject = row.text("subject")
        question = row.text("question")
        answer = row.text("answer")
        isTop = row.bool("toplist")
    }

    var bytes: Int { subject.utf8.count + question.utf8.count + answer.utf8.count }
}

extension LibraryFile {
    init(_ row: Row) {
        id = row.int("id")
        name = row.text("name")
        contentType = row.text("content_type")
        size = row.int("size")
    }
}

extension Floor {
    /// Whoever reads the library: a token with the claim, or an agent of the workspace.
    func requireLibraryReader(_ principal: Principal) throws {
        let directory = roster.workspace(principal.workspace)
        switch principal.actor {
        case .token(let id):
            if let token = directory?.tokens.first(where: { $0.id == id }), !token.revoked,
                token.claims.contains(.library)
            {
                return
            }
            throw Refusal.forbidden("This access token may not read the library.")
        case .agent(let id):
            if directory?.agent(id)?.active == true { return }
        case .system, .operator: return
        case .teniosKey: break
        }
        throw Refusal.forbidden("The library is for agents of this workspace.")
    }
}

extension Collection {
    /// Pieces of at most `LibraryLimits.chunk`.
    var chunked: [[Element]] {
        var rest = self[...]
        var pieces: [[Element]] = []
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(LibraryLimits.chunk)))
            rest = rest.dropFirst(LibraryLimits.chunk)
        }
        return pieces
    }
}
