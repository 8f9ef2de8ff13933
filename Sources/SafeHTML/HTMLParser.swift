// Drives libxml2's HTML parser and passes on what it reads; no tree is built and nothing is fetched.

import CXML

/// Hears of a document's elements and texts, in order and balanced.
protocol HTMLListener: AnyObject {
    func start(_ name: String, _ attributes: HTMLAttributes)
    func end(_ name: String)
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
    /// The parser stops when it is true.
    var isFull: Bool { get }
}

/// A start tag's attributes as the parser holds them; valid until the listener returns.
struct HTMLAttributes {
    fileprivate let pairs: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// Calls back with each name, in lower case, and value, which is empty where there is none.
    func forEach(_ body: (String, String) -> Void) {
        guard let pairs else { return }
        var n = 0
        while n < HTMLLimits.attributesMax, let name = pairs[2 * n] {
            body(String(cString: name), pairs[2 * n + 1].map { String(cString: $0) } ?? "")
            n += 1
        }
    }

    /// The value of one attribute; nil when it is missing.
    subscript(_ wanted: String) -> String? {
        var found: String?
        forEach { name, value in if name == wanted { found = value } }
        return found
    }
}

enum HTMLParser {
    private static let ready: Void = xmlInitParser()

    /// - Parameter bytes: prepared by `HTMLInput`.
    /// - Returns: false when a limit ended it early.
    static func parse(_ bytes: [UInt8], _ listener: any HTMLListener) -> Bool {
        _ = ready
        guard !bytes.isEmpty else { return true }
        guard let context = htmlNewParserCtxt() else { fatalError("no memory for the HTML parser") }
        defer { htmlFreeParserCtxt(context) }
        let state = ParserState(listener)
        state.context = context
        var handler = htmlSAXHandler()
        handler.startElement = { started($0, $1, $2) }
        handler.endElement = { ended($0, $1) }
        handler.characters = { said($0, $1, $2) }
        handler.ignorableWhitespace = { said($0, $1, $2) }
        context.pointee.sax.pointee = handler
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue
            | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NOIMPLIED.rawValue | HTML_PARSE_NODEFDTD.rawValue
            | HTML_PARSE_IGNORE_ENC.rawValue
        withExtendedLifetime(state) {
            context.pointee.userData = Unmanaged.passUnretained(state).toOpaque()
            bytes.withUnsafeBytes { buffer in
                let document = htmlCtxtReadMemory(
                    context, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), nil, "UTF-8",
                    Int32(options))
                precondition(document == nil, "the HTML parser built a tree")
            }
        }
        return !state.isCut
    }
}

/// One parse.
private final class ParserState {
    let listener: any HTMLListener
    var context: htmlParserCtxtPtr?
    var depth = 0
    var nodes = 0
    var isCut = false

    init(_ listener: any HTMLListener) { self.listener = listener }

    func stop() {
        isCut = true
        xmlStopParser(context)
    }

    /// Counts an element or a text, and stops at the limit.
    func passes() -> Bool {
        guard !isCut else { return false }
        nodes += 1
        guard nodes <= HTMLLimits.nodesMax, depth <= HTMLLimits.parserDepthMax, !listener.isFull else {
            stop()
            return false
        }
        return true
    }
}

// C calls these, so they capture nothing.

private func parserState(_ pointer: UnsafeMutableRawPointer?) -> ParserState {
    guard let pointer else { fatalError("the HTML parser lost its listener") }
    return Unmanaged<ParserState>.fromOpaque(pointer).takeUnretainedValue()
}

private func started(
    _ pointer: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    let state = parserState(pointer)
    guard let name else { return }
    state.depth += 1
    guard state.passes() else { return }
    state.listener.start(String(cString: name), HTMLAttributes(pairs: attributes))
}

private func ended(_ pointer: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?) {
    let state = parserState(pointer)
    guard let name else { return }
    state.depth -= 1
    guard !state.isCut else { return }
    state.listener.end(String(cString: name))
}

private func said(
    _ pointer: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?, _ count: Int32
) {
    let state = parserState(pointer)
    guard let text, count > 0, state.passes() else { return }
    state.listener.text(UnsafeBufferPointer(start: text, count: Int(count)))
}
