// What must happen now and then although nobody asks.

import Center
import Logging
import ServiceLifecycle

struct Housekeeping: Service {
    static let everyS = 30

    let floor: Floor
    let logger: Logger

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await floor.reviewDesks()
            await attempt("expiring sessions") { try await floor.expireSessions() }
            await attempt("expiring programs' sessions") { try await floor.expireApiSessions() }
            await attempt("forgetting old requests") { try await floor.trimReplays() }
            await attempt("moving the journal's floor") { try await floor.trimJournal() }
            await attempt("forgetting drafts") { try await floor.forgetDrafts() }
            await attempt("judging errands") { try await floor.judgeErrands() }
            await attempt("forgetting old figures") { try await floor.trimStatistics() }
            await attempt("forgetting old decisions") { try await floor.trimDecisions() }
            await attempt("trimming the router's journal") { try await floor.trimRouterInputs() }
            await attempt("forgetting old calls") { try await floor.trimExternalItems() }
            await attempt("forgetting clients' keys") { try await floor.trimKeptRequests() }
            await attempt("sweeping files") { try await floor.sweepBlobs() }
            await attempt("forgetting invitations") { try await floor.forgetInvitations() }
            await attempt("forgetting failed sign-ins") { try await floor.forgetFailures() }
            await attempt("expiring uploads") { try await floor.expireUploads() }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(Self.everyS)) }
        }
    }

    /// One chore that fails does not keep the others from being done.
    private func attempt(_ chore: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            logger.error("\(chore) failed: \(error)")
        }
    }
}
