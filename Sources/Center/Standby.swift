// A server that waits beside another on one database, until it is needed.

import Foundation
import Synchronization
public import Logging
public import Store

/// Looks now and then whether the database's owner is gone or silent.
///
/// Its calls block; one at a time is let in.
public final class Standby: @unchecked Sendable {
    /// How often an owner is looked at.
    public static let everyMs = 500
    /// An owner that gave no sign of life for this long has stopped.
    static let silenceMaxMs: Int64 = 3_000
    /// After the database itself was away its owner is given this long to come back first.
    static let afterAbsenceMs = 2_000

    private let engine: any Engine
    private let folder: String
    private let logger: Logger
    private let turn = Mutex(())
    private var connection: (any Connection)?
    private var notBefore = Date.distantPast

    public init(store: Store, folder: String, logger: Logger) {
        engine = store.engine
        self.folder = folder
        self.logger = logger
    }

    /// Nil when nobody owns the database.
    /// - Throws: also `StoreError.unavailable`: a server begins to wait only where it can see whom it waits for.
    public static func unlessFree(_ store: Store, folder: String, logger: Logger) throws -> Standby? {
        let standby = Standby(store: store, folder: folder, logger: logger)
        return try standby.look() ? nil : standby
    }

    deinit { connection?.close() }

    /// Whether the database is free to be claimed.
    ///
    /// False too while the database is away. What would only come to light at the takeover is thrown at once.
    /// - Throws: `SecretProblem` when the folder's master key is not the one the database was written with.
    public func isNeeded() throws -> Bool {
        try turn.withLock { _ in
            do {
                return try look()
            } catch let problem as StoreError {
                guard case .unavailable = problem else { throw problem }
                logger.debug("the database is away: \(problem)")
                connection?.close()
                connection = nil
                notBefore = Date() + Double(Self.afterAbsenceMs) / 1_000
                return false
            }
        }
    }

    private func look() throws -> Bool {
        let isFirst = connection == nil
        let current = try connection ?? engine.connect()
        connection = current
        if isFirst { try MasterKey.check(folder: folder, current) }
        guard Date() >= notBefore else { return false }
        if try OwnerWatch.isFree(current, scope: Floor.scope) { return true }
        guard let silence = try OwnerWatch.silenceMs(current, scope: Floor.scope),
            silence >= Self.silenceMaxMs
        else { return false }
        logger.warning("the owner gave no sign of life for \(silence) ms: its session is ended")
        try OwnerWatch.end(current, scope: Floor.scope)
        return try OwnerWatch.isFree(current, scope: Floor.scope)
    }
}
