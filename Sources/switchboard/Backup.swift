// switchboard backup FOLDER: everything a restore needs, while the server runs.

import ArgumentParser
import Foundation
import Store

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies an SQLite data folder to a new folder, also while the server runs.",
        discussion: "The copy is a data folder: 'switchboard serve --data FOLDER' serves it.")

    @Argument(help: "The folder to make; it must not exist.")
    var folder: String

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        guard case .sqlite(let file) = settings.location else {
            throw Sentence(
                "The rows are in PostgreSQL: save them with pg_dump, and \(settings.folder)/secret.key with them."
            )
        }
        let files = FileManager.default
        guard files.fileExists(atPath: file) else { throw Sentence("There is no database \(file).") }
        let target = URL(fileURLWithPath: folder).standardizedFileURL.path
        guard !files.fileExists(atPath: target) else {
            throw Sentence("\(target) exists; name a folder that does not.")
        }
        let part = target + ".part"
        umask(0o077)
        do {
            // What an interrupted backup left.
            if files.fileExists(atPath: part) { try files.removeItem(atPath: part) }
            try files.createDirectory(atPath: part, withIntermediateDirectories: true)
            // The rows first: the files they name are there before them and are never changed.
            try await copyRows(file, to: part + "/switchboard.sqlite")
            let key = settings.folder + "/secret.key"
            if files.fileExists(atPath: key) { try files.copyItem(atPath: key, toPath: part + "/secret.key") }
            let blobs = try copyBlobs(settings.folder + "/blobs", to: part + "/blobs")
            sync()
            try files.moveItem(atPath: part, toPath: target)
            print("Backed up to \(target): the database, the key and \(blobs) files.")
        } catch let problem as StoreError {
            throw Sentence("The backup to \(target) failed: \(problem)")
        } catch let problem as CocoaError {
            throw Sentence("The backup to \(target) failed: \(problem.localizedDescription)")
        }
    }

    private func copyRows(_ file: String, to copy: String) async throws {
        var logger = makeLogger()
        logger.logLevel = .error
        let store = try Store.open(.sqlite(path: file), logger: logger)
        let connection = try store.engine.connect()
        defer { connection.close() }
        try connection.executeNow("VACUUM INTO '\(copy.replacingOccurrences(of: "'", with: "''"))'")
    }

    /// Returns how many files were copied; one that goes meanwhile is no longer wanted.
    private func copyBlobs(_ folder: String, to copy: String) throws -> Int {
        let files = FileManager.default
        guard let names = files.enumerator(atPath: folder) else { return 0 }
        var copied = 0
        while let name = names.nextObject() as? String {
            let from = folder + "/" + name
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: from, isDirectory: &isFolder), !name.hasSuffix(".new") else {
                continue
            }
            if isFolder.boolValue {
                try files.createDirectory(atPath: copy + "/" + name, withIntermediateDirectories: true)
                continue
            }
            do {
                try files.copyItem(atPath: from, toPath: copy + "/" + name)
                copied += 1
            } catch {
                if files.fileExists(atPath: from) { throw error }
            }
        }
        return copied
    }
}
