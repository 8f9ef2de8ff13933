// What the vendor's page says of each member, so that a test can say what must become of any value there.
import Center

/// A member's type and limits, written down from the page and not from the code that reads it.
indirect enum Shape: Sendable {
    /// At most so many bytes.
    case text(Int, required: Bool = false)
    /// One of these words, in any case.
    case word([String], required: Bool = false)
    /// Of a user: an agent's number here, as the document names a cention user.
    case agent(required: Bool = false)
    case integer
    /// A number or its digits, of an errand that is there.
    case errand
    case flag
    case base64
    /// Any JSON of at most so many bytes.
    case any(Int)
    /// - required: the first member that is missed when there is none.
    case object([(String, Shape)], required: Bool = false, missing: String? = nil)
    case list(Shape, max: Int)

    var isRequired: Bool {
        switch self {
        case .text(_, let required), .word(_, let required), .agent(let required),
            .object(_, let required, _):
            required
        case .integer, .errand, .base64: true
        case .flag, .any, .list: false
        }
    }
}

/// What must become of a document.
enum Verdict: Sendable, Hashable {
    case taken
    /// 400 with this pointer, below the member.
    case refused(String)
    /// 404: it has the right form and names nothing that is there.
    case unknown

    static let here = Verdict.refused("")
}

/// A value that is put where another belongs.
struct Odd: Sendable {
    let name: String
    let tree: JSONTree
    /// What its text means; nil for what is no text.
    var text: String?
    var kind: Kind

    enum Kind: Sendable { case null, flag, integer, number, text, array, object }

    init(_ name: String, _ tree: JSONTree, _ kind: Kind, text: String? = nil) {
        self.name = name
        self.tree = tree
        self.kind = kind
        self.text = text
    }

    static func text(_ name: String, _ text: String) -> Odd { Odd(name, .text(text), .text, text: text) }

    static let all: [Odd] = [
        Odd("null", .null, .null), Odd("true", .raw("true"), .flag), Odd("0", .raw("0"), .integer),
        Odd("-1", .raw("-1"), .integer), Odd("1.5", .raw("1.5"), .number), Odd("1e3", .raw("1e3"), .number),
        Odd("1e999", .raw("1e999"), .number), Odd("2^70", .raw("1180591620717411303424"), .number),
        text("empty", ""), text("blanks", " \t\n "), text("word", "text"), text("digits", "700000007"),
        text("sign", "+1"), text("U+0000", "a\0b"), text("only U+0000", "\0"),
        text("right to left", "\u{202E}gpj.exe\u{200F}\u{2067}"), text("beyond the BMP", "😀\u{10FFFF}"),
        text("noncharacters", "\u{FFFF}\u{FEFF}\u{2028}\u{85}"),
        text("combining", "e" + String(repeating: "\u{301}", count: 200)),
        text("markup", "<script>alert('x')</script>' OR 1=1; -- %00 ${a} {{b}} \\"),
        text("header", "a\r\nX-Injected: b\r\n\r\n"),
        text("long", String(repeating: "x", count: 70_000)),
        text("grows when folded", String(repeating: "\u{1D163}", count: 240)),
        Odd("[]", .array([]), .array), Odd("[null]", .array([.null]), .array),
        Odd("[[]]", .array([.array([])]), .array), Odd("[\"text\"]", .array([.text("text")]), .array),
        Odd("{}", .object([]), .object),
        Odd("{a: 1}", .object([.init(name: "a", value: .raw("1"))]), .object),
    ]
}

extension Shape {
    /// What must become of a document that has `odd` here.
    func verdict(_ odd: Odd) -> Verdict {
        if odd.kind == .null { return isRequired ? .here : .taken }
        switch self {
        case .text(let max, let required):
            guard let text = odd.text else { return .here }
            // U+0000 becomes U+FFFD, which is longer.
            let bytes = text.utf8.count + 2 * text.utf8.count { $0 == 0 }
            if required, fold(text).isEmpty { return .here }
            return max >= (required ? Swift.max(bytes, fold(text).utf8.count) : bytes) ? .taken : .here
        case .word(let words, _):
            return odd.text.map { words.contains($0.lowercased()) } == true ? .taken : .here
        case .agent(let required):
            return odd.text == "" && !required ? .taken : .here
        case .integer: return odd.kind == .integer ? .taken : .here
        case .errand: return odd.kind == .integer || odd.name == "digits" ? .unknown : .here
        case .flag: return odd.kind == .flag ? .taken : .here
        case .base64:
            // Of the texts only these are base64: nothing, and four letters or more.
            return ["", "text"].contains(odd.text) || odd.name == "long" ? .taken : .here
        case .any(let max): return odd.tree.written.count <= max ? .taken : .here
        case .object(_, _, let missing):
            guard odd.kind == .object else { return .here }
            return missing.map { .refused("/\($0)") } ?? .taken
        case .list(let element, _):
            guard odd.kind == .array, case .array(let elements) = odd.tree else { return .here }
            if elements.isEmpty { return .taken }
            // No element of ours is an object.
            if case .object = element { return .refused("/0") }
            return .taken
        }
    }

    /// The shape at a path of members' names and elements' numbers; nil where nobody documents one.
    subscript(path: ArraySlice<String>) -> Shape? {
        guard let step = path.first else { return self }
        switch self {
        case .object(let members, _, _): return members.first { $0.0 == step }?.1[path.dropFirst()]
        case .list(let element, _): return element[path.dropFirst()]
        default: return nil
        }
    }
}
