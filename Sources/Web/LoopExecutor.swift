// Runs a connection's requests on the connection's own event loop, so that none changes threads on its way.
import NIOCore

/// Where the tasks of one connection run.
///
/// Swift's own pool would take each request from the loop's thread to one of its own and back: two queues, two
/// wakes and cold caches, a tenth of a create's CPU.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs what may take long on Swift's pool, so that the loop's other connections need not wait.
public func offLoop<T>(_ work: () async throws -> T) async rethrows -> T {
    try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
}
