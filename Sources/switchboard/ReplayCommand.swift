// switchboard replay: plays the router's journal again and compares every answer.

import ArgumentParser
import Center
import Foundation

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Plays the router's journalled inputs again and compares its answers byte for byte.",
        discussion:
            "It begins with the last snapshot. It only reads: a running server is not disturbed, and none is "
            + "needed. It leaves with 1 when an answer differs.")

    @Option(
        help:
            "Begins with the last snapshot before this time, such as 2026-03-31T08:00:00Z; 'start' is the oldest."
    )
    var from: String?

    @Option(help: "The workspace's name. Default: all.")
    var workspace: String?

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let fromMs = try from.map(instant)
        let watched = isatty(STDERR_FILENO) == 1
        let reports = try await readOnly(settings) { store in
            try await Replay.run(store, workspace: workspace, fromMs: fromMs) { report in
                guard watched else { return }
                FileHandle.standardError.write(
                    Data("\r\(report.workspace): \(report.batches) batches, \(report.inputs) inputs".utf8))
            }
        }
        if watched { FileHandle.standardError.write(Data("\n".utf8)) }
        for report in reports { print(report.line) }
        if reports.contains(where: { $0.difference != nil }) { throw ExitCode(1) }
    }

    private func instant(_ text: String) throws -> Int64 {
        if text == "start" { return 0 }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw Sentence("--from: '\(text)' is no time such as 2026-03-31T08:00:00Z.")
        }
        return Int64(date.timeIntervalSince1970 * 1_000)
    }
}

extension ReplayReport {
    fileprivate var line: String {
        var words = "\(workspace): "
        if batches == 0, difference == nil {
            words += "nothing to play"
        } else {
            words += "\(batches) batches with \(inputs) inputs played"
            if let fromMs, let toMs { words += ", from \(Self.time(fromMs)) to \(Self.time(toMs))" }
            words += ", from \(snapshots) \(snapshots == 1 ? "snapshot" : "snapshots")"
        }
        if skipped > 0 {
            words += "; \(skipped) not played (another version's, or no snapshot before them)"
        }
        if let difference { return words + ".\nDIFFERENT: \(difference)" }
        return words + (batches == 0 ? "." : "; every answer is the same.")
    }

    private static func time(_ ms: Int64) -> String {
        Date(timeIntervalSince1970: Double(ms) / 1_000).formatted(.iso8601)
    }
}
