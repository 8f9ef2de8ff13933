// What a dialect does with what its handlers throw: refusals in its own words, faults logged, the rest let through.
package import Hummingbird

/// Answers a request, or throws what the dialect makes an answer of.
package typealias Answering = @Sendable (Request, Context) async throws -> Response

extension Context {
    /// Runs a handler of a dialect.
    /// - Parameters:
    ///   - render: the answer to an error that the dialect knows; nil for any other, which is a fault.
    ///   - fault: the dialect's 500 with a sentence that names the request.
    package static func answering(
        _ handler: @escaping Answering,
        render: @escaping @Sendable (any Error, Context) -> Response?,
        fault: @escaping @Sendable (String, Context) -> Response
    ) -> Answering {
        { request, context in
            do {
                return try await handler(request, context)
            } catch let error {
                if let answer = render(error, context) { return answer }
                // Half a body is answered in front; who is told to stop stops.
                if error is WireFault || error is CancellationError { throw error }
                context.logFault(error)
                return fault(
                    "Something went wrong here; the request's id is \(context.requestID).", context)
            }
        }
    }
}
