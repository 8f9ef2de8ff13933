// All routes of one server, by dialect, and what each dialect says to a request that meets none.
public import Hummingbird

/// Why no route took a request.
public enum Miss: Sendable, Equatable {
    case path
    /// The path is known, for other methods: those given.
    case method(allowed: [HTTPRequest.Method])
}

/// Answers in a dialect's own shape when no route fits.
public typealias Fallback = @Sendable (Request, Context, Miss) async throws -> Response

/// The routes of one server; made once while it is built.
public final class Routes {
    package fileprivate(set) var tree = RouteTree()
    private(set) var misses = Misses()

    public init() {}

    /// For routes outside every dialect.
    public var root: Dialect { Dialect(routes: self, prefix: "", name: .root) }

    /// Begins a dialect at a prefix such as `/s/:workspace/capi/json`; of two that fit the longer one answers.
    /// - Parameter name: what its requests are counted under.
    public func dialect(
        at prefix: String, name: DialectName = .root, fallback: @escaping Fallback
    ) -> Dialect {
        misses.fallbacks.append((Template(prefix + "/**"), name, fallback))
        misses.fallbacks.append((Template(prefix), name, fallback))
        misses.fallbacks.sort { $0.prefix.parts.count > $1.prefix.parts.count }
        return Dialect(routes: self, prefix: prefix, name: name)
    }

    fileprivate func note(_ method: HTTPRequest.Method, _ template: Template) {
        misses.known.append((method, template))
    }
}

/// One wire's routes under its prefix.
public struct Dialect {
    private let routes: Routes
    private let prefix: String
    private let name: DialectName

    fileprivate init(routes: Routes, prefix: String, name: DialectName) {
        self.routes = routes
        self.prefix = prefix
        self.name = name
    }

    /// Adds one route; the path continues the dialect's prefix and may hold `:name` segments.
    /// - Parameter quick: the handler stays on its connection's event loop, where it may neither block nor compute
    ///   for long: other connections wait for it.
    public func on(
        _ method: HTTPRequest.Method, _ path: String, quick: Bool = false,
        use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        routes.note(method, Template(prefix + "/" + path))
        let away: Answering = { request, context in try await offLoop { try await handler(request, context) }
        }
        routes.tree.add(method, prefix + "/" + path, in: name, quick ? handler : away)
    }

    public func get(
        _ path: String, quick: Bool = false,
        use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(.get, path, quick: quick, use: handler)
    }

    public func post(
        _ path: String, quick: Bool = false,
        use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(.post, path, quick: quick, use: handler)
    }

    public func put(
        _ path: String, use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(.put, path, use: handler)
    }

    public func patch(
        _ path: String, use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(.patch, path, use: handler)
    }

    public func delete(
        _ path: String, use handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(.delete, path, use: handler)
    }
}

/// What is known of routes, to tell a wrong path from a wrong method.
struct Misses: Sendable {
    var known: [(method: HTTPRequest.Method, template: Template)] = []
    /// The longest prefix first.
    var fallbacks: [(prefix: Template, name: DialectName, answer: Fallback)] = []

    /// Whose request it was that no route took, and who answers it; nil outside every dialect.
    func answer(to request: Request) -> (dialect: DialectName, fallback: Fallback, miss: Miss)? {
        let parts = request.uri.path.split(separator: "/")
        guard let fallback = fallbacks.first(where: { $0.prefix.matches(parts) }) else { return nil }
        let allowed = known.filter { $0.template.matches(parts) }.map(\.method)
        return (fallback.name, fallback.answer, allowed.isEmpty ? .path : .method(allowed: allowed))
    }
}

/// A path with places for values: `:name` and `*` stand for one segment, a final `**` for one or more.
struct Template: Sendable {
    let parts: [String]

    init(_ path: String) {
        parts = path.split(separator: "/").map(String.init)
    }

    func matches(_ path: [Substring]) -> Bool {
        for (index, part) in parts.enumerated() {
            guard index < path.count else { return false }
            if part == "**" { return true }
            if part != path[index], part != "*", !part.hasPrefix(":"), !part.hasPrefix("{") { return false }
        }
        return path.count == parts.count
    }
}
