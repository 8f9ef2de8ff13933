// What an administrator typed, as an entry of a provisioning file: one set of rules and sentences for both. The place
// of a problem is the field.
import Center
import Web

/// The fields of a form on their way into a document, each a line of its own.
struct TypedEntry {
    let typed: Fields
    /// By line, from 1.
    private var names: [String] = []

    init(_ typed: Fields) { self.typed = typed }

    /// What was typed, without blanks around it.
    func value(_ name: String) -> String {
        (typed[name] ?? "").trimmedOfBlanks
    }

    /// A text; an empty field is null.
    mutating func text(_ name: String) -> DocumentNode { text(value(name), of: name) }

    /// A text that a field says, or a part of one.
    mutating func text(_ text: String, of name: String) -> DocumentNode {
        DocumentNode(.text(text, plain: text.isEmpty), at: place(name))
    }

    mutating func bare(_ word: String, of name: String) -> DocumentNode {
        DocumentNode(.text(word, plain: true), at: place(name))
    }

    /// A number, or another word without quotes.
    mutating func word(_ name: String) -> DocumentNode {
        DocumentNode(.text(value(name).filter { $0 != " " }, plain: true), at: place(name))
    }

    mutating func flag(_ name: String) -> DocumentNode {
        DocumentNode(.text(typed[name] == nil ? "false" : "true", plain: true), at: place(name))
    }

    mutating func list(_ nodes: [DocumentNode], of name: String) -> DocumentNode {
        DocumentNode(.list(nodes), at: place(name))
    }

    mutating func mapping(_ members: KeyValuePairs<String, DocumentNode>, of name: String = "")
        -> DocumentNode
    {
        mapping(members.map { ($0.key, $0.value) }, of: name)
    }

    mutating func mapping(_ members: [(String, DocumentNode)], of name: String = "") -> DocumentNode {
        let own = place(name)
        return DocumentNode(
            .mapping(
                members.map { DocumentMember(key: Located($0.0, at: $0.1.position), value: $0.1) }), at: own)
    }

    /// A file with one entry under `key`.
    mutating func file(_ key: String, _ entry: DocumentNode, of directory: Directory) -> DocumentNode {
        mapping(["workspace": text(directory.name, of: ""), key: list([entry], of: "")])
    }

    /// The problem as the page says it.
    func refused(_ problem: ProvisionProblem) -> RefusedForm.Problem {
        let name = names.indices.contains(problem.line - 1) ? names[problem.line - 1] : ""
        var sentence = problem.reason.replacing(", not null", with: ", not an empty field")
        if let first = sentence.first { sentence = first.uppercased() + sentence.dropFirst() }
        if sentence.last.map({ !".?!".contains($0) }) ?? false { sentence += "." }
        return RefusedForm.Problem(field: name, sentence: sentence)
    }

    private mutating func place(_ name: String) -> Position {
        names.append(name)
        return Position(line: names.count, column: 1)
    }
}

extension String {
    var trimmedOfBlanks: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// A form that was sent and refused: what was typed stays on the page, with the reason beside its field.
struct RefusedForm {
    struct Problem {
        /// Empty: the whole form.
        var field = ""
        let sentence: String
    }

    let formID: String
    let typed: Fields
    let problem: Problem
}

/// What came of a form.
enum FormOutcome<Result> {
    case done(Result)
    case refused(RefusedForm)
}

extension AgentDesk {
    /// Carries out what a form says; the problem where it was refused.
    func administer(
        _ seat: Seat, _ formID: String, _ typed: Fields,
        _ document: (inout TypedEntry) throws -> DocumentNode
    ) async throws -> RefusedForm? {
        guard case .refused(let refused) = try await administered(seat, formID, typed, document) else {
            return nil
        }
        return refused
    }

    /// The same, with what was minted.
    func administered(
        _ seat: Seat, _ formID: String, _ typed: Fields,
        _ document: (inout TypedEntry) throws -> DocumentNode
    ) async throws -> FormOutcome<ProvisionResult> {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        var entry = TypedEntry(typed)
        do {
            return .done(try await floor.administer(try document(&entry), by: seat.principal))
        } catch let problem as ProvisionProblem {
            return .refused(RefusedForm(formID: formID, typed: typed, problem: entry.refused(problem)))
        } catch let refusal as Refusal {
            return .refused(
                RefusedForm(formID: formID, typed: typed, problem: .init(sentence: refusal.message)))
        }
    }

    /// Carries out a verb that a form asks for; where it was refused, the member it complains of is the field.
    func carryOut<Result>(
        _ seat: Seat, _ formID: String, _ typed: Fields, _ verb: () async throws -> Result
    ) async throws -> FormOutcome<Result> {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        do {
            return .done(try await verb())
        } catch let refusal as Refusal {
            var problem = RefusedForm.Problem(sentence: refusal.message)
            if case .invalid(_, let pointer?) = refusal {
                let field = String(pointer.drop { $0 == "/" })
                let words = refusal.message.replacing(field, with: field.replacing("_", with: " "))
                problem = .init(field: field, sentence: words.prefix(1).uppercased() + words.dropFirst())
            }
            return .refused(RefusedForm(formID: formID, typed: typed, problem: problem))
        }
    }

    /// The seat with the settings as they are now.
    func renewed(_ seat: Seat) throws -> Seat {
        guard let directory = floor.roster.workspace(seat.workspace),
            let agent = directory.agent(seat.agent.id)
        else { throw Refusal.notFound("There is no workspace of this name here.") }
        return Seat(
            directory: directory, agent: agent, session: seat.session, token: seat.token, base: seat.base,
            times: seat.times)
    }
}
