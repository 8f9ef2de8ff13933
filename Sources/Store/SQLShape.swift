// What a statement's text is made of, cheap to put together and to compare.
import Synchronization

/// A literal of the program, by its place in memory, and how many values stand behind it.
struct SQLPiece: Hashable, Sendable {
    /// The literal's address, which is its own for as long as the program runs; 0 where values come first.
    fileprivate let address: UInt
    private let count: UInt32
    fileprivate var values: UInt32

    /// A value's place.
    static let value = SQLPiece(address: 0, count: 0, values: 1)

    private init(address: UInt, count: Int, values: UInt32 = 0) {
        self.address = address
        self.count = UInt32(count)
        self.values = values
    }

    init(_ literal: StaticString) {
        precondition(literal.hasPointerRepresentation, "a literal of one scalar is no piece of a statement")
        self.init(address: UInt(bitPattern: literal.utf8Start), count: literal.utf8CodeUnitCount)
    }

    private static let texts = Mutex<[String: SQLPiece]>([:])

    /// The piece of a text made at run time: kept for good, so that it too is known by its place.
    static func interned(_ text: String) -> SQLPiece {
        texts.withLock { texts in
            if let known = texts[text] { return known }
            let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(text.utf8.count, 1))
            _ = bytes.initialize(from: text.utf8)
            let piece = SQLPiece(address: UInt(bitPattern: bytes.baseAddress), count: text.utf8.count)
            texts[text] = piece
            return piece
        }
    }

    var text: String {
        let places = String(repeating: "?", count: Int(values))
        guard let start = UnsafePointer<UInt8>(bitPattern: address) else { return places }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self) + places
    }
}

/// Pieces in their order, with their hash kept up as they come.
struct SQLShape: Hashable, Sendable {
    private var pieces: [SQLPiece]
    private var digest: UInt = 0

    init(capacity: Int) {
        pieces = []
        pieces.reserveCapacity(capacity)
    }

    init(_ piece: SQLPiece) {
        pieces = []
        append(piece)
    }

    /// A value's place joins the literal before it: most statements are half values.
    mutating func append(_ piece: SQLPiece) {
        digest = (digest ^ piece.address) &* 0x9E37_79B9_7F4A_7C15 &+ UInt(piece.values)
        digest ^= digest >> 29
        if piece.address == 0, !pieces.isEmpty {
            pieces[pieces.count - 1].values += piece.values
        } else {
            pieces.append(piece)
        }
    }

    mutating func append(_ shape: SQLShape) {
        for piece in shape.pieces { append(piece) }
    }

    var text: String { pieces.map(\.text).joined() }

    /// One of `count` places, always the same.
    func place(among count: Int) -> Int { Int(digest % UInt(count)) }

    func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    static func == (a: SQLShape, b: SQLShape) -> Bool { a.digest == b.digest && a.pieces == b.pieces }
}
