// The library as agents read it: a search, and one question with its answer.
import Center
import Hummingbird
import SafeHTML
import Web

struct LibraryPage {
    struct Line {
        let foundID: Int64
        let foundSubject: String
        let foundWords: String
        let isOftenAsked: Bool
    }

    /// Questions on one page.
    static let pageMax = 50
    /// Characters of an answer in a list.
    private static let wordsMax = 160

    let searchTitle: String
    let searchAddress: String
    let searchPhrase: String
    let searchOptions: [QueuePage.Choice]
    let searchTop: Bool
    let foundLines: [Line]
    let hasFound: Bool
    let nothingFound: String
    let nextFound: String?
    let firstFound: String?
    /// Where a question of the list leads.
    let foundBase: String

    init(_ title: String, _ asked: AskedQuestions, _ found: FoundQuestions, path: String, leadsTo: String) {
        searchTitle = title
        searchAddress = path
        searchPhrase = asked.search.phrase
        searchOptions = [
            ("all", "everywhere"), ("question", "in questions"), ("answer", "in answers"),
        ].map {
            QueuePage.Choice(
                choiceValue: $0.0, choiceLabel: $0.1, isChosen: $0.0 == asked.search.option.rawValue)
        }
        searchTop = asked.search.topOnly
        foundLines = found.questions.map { question in
            Line(
                foundID: question.id.raw, foundSubject: question.subject,
                foundWords: Self.words(of: question.answer), isOftenAsked: question.isTop)
        }
        hasFound = !foundLines.isEmpty
        let isAsked = !asked.search.phrase.isEmpty || asked.search.topOnly
        nothingFound = isAsked ? "Nothing in the library matches." : "The library is empty."
        nextFound = found.hasMore ? found.questions.last.map { path + asked.query(after: $0.id) } : nil
        firstFound = asked.search.after == nil ? nil : path + asked.query(after: nil)
        foundBase = leadsTo
    }

    /// The answer's beginning on one line.
    private static func words(of answer: String) -> String {
        // Enough of it for a line, whatever it begins with.
        let text = SafeHTML.text(String(answer.prefix(wordsMax * 20)))
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard words.count > wordsMax else { return words }
        let kept = words.prefix(wordsMax)
        return kept.prefix(upTo: kept.lastIndex(of: " ") ?? kept.endIndex) + " …"
    }
}

/// A search as an address holds it.
struct AskedQuestions {
    let search: QuestionSearch

    init(_ query: Fields) {
        var search = QuestionSearch()
        search.phrase = query["phrase"] ?? ""
        search.option = query["in"].flatMap(QuestionSearch.Option.init(rawValue:)) ?? .all
        search.topOnly = query["top"] != nil
        search.after = query["after"].flatMap { Int64($0) }.map(LibraryQuestionID.init)
        search.max = LibraryPage.pageMax
        self.search = search
    }

    func query(after: LibraryQuestionID?) -> String {
        var text = "?in=\(search.option.rawValue)"
        if !search.phrase.isEmpty { text += "&phrase=\(queryEncoded(search.phrase))" }
        if search.topOnly { text += "&top=yes" }
        if let after { text += "&after=\(after)" }
        return text
    }
}

struct LibraryQuestionPage {
    struct File {
        let readFileHref: String
        let readFileName: String
        let readFileSize: String
    }

    let readSubject: String
    let readQuestion: String
    let hasReadQuestion: Bool
    let readAnswer: String
    let hasReadAnswer: Bool
    let readFiles: [File]
    let hasReadFiles: Bool
    /// Nil for who may not change it.
    let changeHref: String?
    let backHref: String

    init(_ view: QuestionView, _ seat: Seat) {
        readSubject = view.question.subject
        readQuestion = SafeHTML.text(view.question.question)
        hasReadQuestion = !readQuestion.isEmpty
        readAnswer = SafeHTML.text(view.question.answer)
        hasReadAnswer = !readAnswer.isEmpty
        readFiles = view.attachments.map { File($0, of: view.question.id, seat) }
        hasReadFiles = !readFiles.isEmpty
        let mayChange = Administers(seat.agent)?.erases == true
        changeHref = mayChange ? "\(seat.base)/admin/library/questions/\(view.question.id)" : nil
        backHref = "\(seat.base)/library"
    }
}

extension LibraryQuestionPage.File {
    init(_ file: LibraryFile, of question: LibraryQuestionID, _ seat: Seat) {
        readFileHref = "\(seat.base)/library/\(question)/files/\(file.id)"
        readFileName = file.name
        readFileSize = fileSize(file.size)
    }
}

extension AgentDesk {
    func libraryPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let asked = AskedQuestions(try Fields(queryOf: request))
        let found = try await floor.findQuestions(asked.search, by: seat.principal)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Library", seat, view, openErrand: nil)
        let path = "\(seat.base)/library"
        page.library = LibraryPage("Library", asked, found, path: path, leadsTo: path)
        return show(page, request)
    }

    func libraryQuestionPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let question = try await floor.questionView(Self.libraryQuestion(context), by: seat.principal)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(question.question.subject, seat, view, openErrand: nil)
        page.libraryQuestion = LibraryQuestionPage(question, seat)
        return show(page, request)
    }

    static func libraryQuestion(_ context: Context) throws -> LibraryQuestionID {
        guard let id = context.segment("question").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such question here.")
        }
        return LibraryQuestionID(id)
    }
}
