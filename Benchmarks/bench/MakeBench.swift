// Makes a data set of many errands, the same for the same seed, as if they had been created and worked.

import ArgumentParser
import Center
import Foundation
import Logging
import SeededRandom
import Store

struct MakeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "make", abstract: "Fills a new database.")

    @Option var data: String
    @Option var database: String?
    @Option(help: "Errands, closed or waiting.") var errands = 10_000
    @Option(help: "Of them waiting in a queue.") var waiting = 200
    @Option var agents = 50
    @Option var areas = 20
    @Option(help: "Senders; each has several errands.") var senders: Int?
    @Option(help: "Access tokens, one an area.") var tokens = 1
    @Option(
        help:
            "Agents who are signed in (one alone is an administrator); their cookies go to cookies.txt in the data folder."
    ) var desks =
        1
    @Option(help: "The last of them, on the list of changed errands.") var changed = 0
    @Option var seed: UInt64 = 42

    func run() async throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let location = try Location.parse(database ?? data + "/switchboard.sqlite")
        let (floor, made, doors) = try await BenchWorkspace.open(
            store: try Store.open(location, logger: logger), folder: data, agents: agents, areas: areas,
            tokens: tokens, administrator: desks == 1)
        guard !made.isEmpty, let directory = floor.roster.workspace(named: BenchWorkspace.name) else {
            throw ValidationError("The database has the workspace already; give a new one.")
        }
        await floor.close()
        let connection = try Store.open(location, logger: logger).engine.connect()
        var maker = ErrandMaker(
            connection: connection, directory: directory, senders: senders ?? max(errands / 20, 1), seed: seed
        )
        let cookies = try maker.signIn(desks)
        try Data((cookies.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: data + "/cookies.txt"))
        try maker.make(errands, waiting: waiting)
        try maker.mark(last: changed, of: errands)
        connection.close()
        report([
            "tokens": made, "doors": doors, "cookie": cookies.first ?? "", "errands": errands,
            "waiting": waiting,
            // The workspace's only preset.
            "export": 1,
        ])
    }
}

/// Writes rows in the form that the verbs write them.
private struct ErrandMaker {
    static let commitEvery = 20_000
    /// Workers' states as rows hold them: waiting, done.
    static let waitingState: Int64 = 1
    static let doneState: Int64 = 9
    static let apartMs: Int64 = 2_000

    let connection: any Connection
    let directory: Directory
    let senders: Int
    var random: Seeded

    init(connection: any Connection, directory: Directory, senders: Int, seed: UInt64) {
        self.connection = connection
        self.directory = directory
        self.senders = senders
        random = Seeded(seed: seed)
    }

    /// A session for each of the first agents, as signing in would make it; passwords take too long here.
    func signIn(_ desks: Int) throws -> [String] {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        try connection.begin()
        let cookies = try directory.agents.prefix(desks).map { agent in
            let token = "bench-session-of-agent-\(agent.id.raw)-not-a-secret"
            try connection.execute(
                """
                INSERT INTO session (workspace, digest, agent, csrf, via, created_at, seen_at, expires_at)
                VALUES (\(directory.workspace), \(sha256Hex(token.utf8)), \(agent.id), \("bench"), \("desk"), \(now),
                    \(now), \(now + 12 * 3_600_000))
                """)
            return "switchboard_session=\(token)"
        }
        try connection.commit()
        return cookies
    }

    mutating func make(_ errands: Int, waiting: Int) throws {
        let workspace = directory.workspace
        let started = Int64(Date().timeIntervalSince1970 * 1_000) - Int64(errands) * Self.apartMs
        try connection.begin()
        for sender in 1...senders {
            let id = Int64(sender)
            try connection.execute(
                """
                INSERT INTO contact (workspace, id, name, created_at)
                VALUES (\(workspace), \(id), \("Sender \(sender)"), \(started))
                """)
            let address = "sender\(sender)@customers.example.com"
            try connection.execute(
                """
                INSERT INTO contact_address (workspace, id, contact, kind, address, folded)
                VALUES (\(workspace), \(id), \(id), \("email"), \(address), \(address))
                """)
        }
        for errand in 1...errands {
            try make(
                Int64(errand), at: started + Int64(errand) * Self.apartMs,
                isWaiting: errand > errands - waiting)
            if errand % Self.commitEvery == 0 {
                try connection.commit()
                try connection.begin()
                FileHandle.standardError.write(Data("\(errand) of \(errands) errands\n".utf8))
            }
        }
        for (noun, value) in [
            ("contact", senders), ("contactAddress", senders), ("errand", errands), ("workItem", errands),
            ("message", errands), ("recipient", errands * 2), ("history", errands * 3), ("answer", errands),
            ("response", errands),
        ] {
            try connection.execute(
                """
                INSERT INTO high_water (workspace, noun, value) VALUES (\(workspace), \(noun), \(value))
                ON CONFLICT (workspace, noun) DO UPDATE SET value = excluded.value
                """)
        }
        try connection.commit()
        try connection.executeNow("ANALYZE")
    }

    /// Puts the last of them on the list of changed errands.
    func mark(last count: Int, of errands: Int) throws {
        try connection.execute(
            """
            INSERT INTO dirty (workspace, errand, seq)
            SELECT workspace, id, 1 FROM errand WHERE workspace = \(directory.workspace)
                AND id > \(Int64(errands - count)) AND id <= \(Int64(errands))
            """)
    }

    private mutating func make(_ id: Int64, at: Int64, isWaiting: Bool) throws {
        let workspace = directory.workspace
        let area = directory.areas[random.below(directory.areas.count)]
        let agent = isWaiting ? nil : directory.agents[random.below(directory.agents.count)].id.raw
        let sender = random.below(senders) + 1
        let address = "sender\(sender)@customers.example.com"
        let subject = "Matter \(id): \(["parcel", "invoice", "address", "password"][random.below(4)])"
        let closed: Int64? = isWaiting ? nil : at + 600_000
        try connection.execute(
            """
            INSERT INTO errand (workspace, id, state, area, channel, work_item, contact, agent, priority, thread,
                subject, from_name, from_address, arrived_at, opened_at, answered_at, closed_at, handling_ms,
                changed_at, version)
            VALUES (\(workspace), \(id), \(Int64(isWaiting ? 1 : 2)), \(area.id), \("form"), \(id),
                \(Int64(sender)), \(agent), \(Int64(5)), \(id), \(subject), \("Sender \(sender)"), \(address),
                \(at), \(closed), \(closed), \(closed), \(Int64(isWaiting ? 0 : 300_000)), \(closed ?? at), \(Int64(3)))
            """)
        try connection.execute(
            """
            INSERT INTO message (workspace, errand, id, n, message_id, from_name, from_address, subject, body,
                html_body, at)
            VALUES (\(workspace), \(id), \(id), \(Int64(1)), \("m\(id)@bench.example.com"), \("Sender \(sender)"),
                \(address), \(subject), \(String(repeating: "Where is it? ", count: 20 + random.below(40))), \(""),
                \(at))
            """)
        try connection.execute(
            """
            INSERT INTO work_item (workspace, id, noun, noun_id, queue, channel, priority, credit_ms, entered_at,
                required_skills, desired_skills, state, until_at, epoch, pauses)
            VALUES (\(workspace), \(id), \("errand"), \(id), \(area.queue), \(Int64(1)), \(Int64(5)), \(Int64(0)),
                \(at), \(""), \(""), \(isWaiting ? Self.waitingState : Self.doneState), \(closed), \(Int64(0)),
                \(""))
            """)
        try history(id, id * 3, at, "arrived", "token", 1)
        guard let closed, let agent else { return }
        try connection.execute(
            """
            INSERT INTO answer (workspace, errand, id, agent, user_type, user_id, response, at)
            VALUES (\(workspace), \(id), \(id), \(agent), \("cention"), \(String(agent)), \(id), \(closed))
            """)
        try connection.execute(
            """
            INSERT INTO response (workspace, errand, id, answer, subject, body, html_body, at)
            VALUES (\(workspace), \(id), \(id), \(id), \(subject), \("It is on its way."), \(""), \(closed))
            """)
        try history(id, id * 3 + 1, closed, "answered", "agent", agent)
        try history(id, id * 3 + 2, closed, "closed", "agent", agent)
    }

    private func history(
        _ errand: Int64, _ id: Int64, _ at: Int64, _ kind: String, _ actorKind: String, _ actor: Int64
    ) throws {
        try connection.execute(
            """
            INSERT INTO history (workspace, errand, id, at, kind, actor_kind, actor, via, data)
            VALUES (\(directory.workspace), \(errand), \(id), \(at), \(kind), \(actorKind), \(actor), \("cention"),
                \("{}"))
            """)
    }
}
