// Which handler a request's path and method lead to.
package import Hummingbird

/// What answers one method on one path.
final class Endpoint: Sendable {
    let method: HTTPRequest.Method
    let dialect: DialectName
    /// Of the path's places for values, in their order.
    let names: [String]
    let handler: Answering

    init(_ method: HTTPRequest.Method, _ dialect: DialectName, names: [String], handler: @escaping Answering)
    {
        self.method = method
        self.dialect = dialect
        self.names = names
        self.handler = handler
    }
}

/// Endpoints by the segments of their paths; where a word and a value fit, the word goes first.
///
/// The HTTP library's own tree takes a path apart character by character, which was a fifteenth of a report's CPU, and
/// does not look further once it found a path that knows other methods.
package struct RouteTree: Sendable {
    private struct Word {
        /// Where its letters are in its node's.
        let letters: Range<Int>
        let node: Int
    }

    private struct Node {
        var letters: [UInt8] = []
        var words: [Word] = []
        /// The node behind any other segment.
        var value: Int?
        var endpoints: [Endpoint] = []
    }

    private var nodes = [Node()]

    /// - Parameter path: segments between slashes; `:name` stands for any one of them. The last of two that are the
    ///   same counts.
    mutating func add(
        _ method: HTTPRequest.Method, _ path: String, in dialect: DialectName, _ handler: @escaping Answering
    ) {
        var node = 0
        var names: [String] = []
        for segment in path.split(separator: "/") {
            precondition(
                !segment.contains { "*{}".contains($0) }, "a route is made of words and :names: \(path)")
            if segment.first == ":" {
                names.append(String(segment.dropFirst()))
                node = valueNode(of: node)
            } else {
                node = wordNode(Array(segment.utf8), of: node)
            }
        }
        precondition(names.count <= Captures.valuesMax, "\(path) has more values than a request carries")
        nodes[node].endpoints.removeAll { $0.method == method }
        nodes[node].endpoints.append(Endpoint(method, dialect, names: names, handler: handler))
    }

    private mutating func valueNode(of node: Int) -> Int {
        if let value = nodes[node].value { return value }
        nodes.append(Node())
        nodes[node].value = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func wordNode(_ letters: [UInt8], of node: Int) -> Int {
        let known = nodes[node].words.first { nodes[node].letters[$0.letters].elementsEqual(letters) }
        if let known { return known.node }
        let begin = nodes[node].letters.count
        nodes.append(Node())
        nodes[node].letters += letters
        nodes[node].words.append(Word(letters: begin..<begin + letters.count, node: nodes.count - 1))
        return nodes.count - 1
    }

    /// - Parameter path: as it came, percent-encoded; slashes at its end or beside each other do not matter.
    func find(_ method: HTTPRequest.Method, _ path: String) -> (endpoint: Endpoint, captures: Captures)? {
        var path = path
        var spans = Captures.Spans()
        guard let endpoint = path.withUTF8({ search(0, $0, from: 0, method, &spans) }) else { return nil }
        return (endpoint, Captures(path, endpoint.names, spans))
    }

    /// Goes no deeper than the longest route.
    private func search(
        _ node: Int, _ path: UnsafeBufferPointer<UInt8>, from: Int, _ method: HTTPRequest.Method,
        _ spans: inout Captures.Spans
    ) -> Endpoint? {
        let slash = UInt8(ascii: "/")
        var begin = from
        while begin < path.count, path[begin] == slash { begin += 1 }
        guard begin < path.count else { return nodes[node].endpoints.first { $0.method == method } }
        var end = begin
        while end < path.count, path[end] != slash { end += 1 }
        if let word = word(UnsafeBufferPointer(rebasing: path[begin..<end]), of: node),
            let found = search(word, path, from: end, method, &spans)
        {
            return found
        }
        guard let value = nodes[node].value else { return nil }
        spans.append(begin..<end)
        if let found = search(value, path, from: end, method, &spans) { return found }
        spans.removeLast()
        return nil
    }

    private func word(_ segment: UnsafeBufferPointer<UInt8>, of node: Int) -> Int? {
        nodes[node].letters.withUnsafeBufferPointer { letters in
            for index in nodes[node].words.indices {
                let word = nodes[node].words[index]
                guard word.letters.count == segment.count else { continue }
                if letters[word.letters].elementsEqual(segment) { return word.node }
            }
            return nil
        }
    }
}

extension RouteTree: HTTPResponder {
    /// Without what is in front of it.
    package func respond(to request: Request, context: Context) async throws -> Response {
        guard let (endpoint, captures) = find(request.method, request.uri.path) else {
            return Response(status: .notFound)
        }
        var context = context
        context.captures = captures
        return try await endpoint.handler(request, context)
    }
}
