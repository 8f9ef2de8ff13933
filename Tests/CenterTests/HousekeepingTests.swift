// What is kept for a while only goes when its time has come, and not before.

import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

private let dayS: Int64 = 24 * 3_600

@Suite struct HousekeepingTests {
    @Test(arguments: EngineKind.tested)
    func `requests are forgotten after a day`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let first = try await stage.arrives(messageID: "a")
            stage.clock.pass(s: dayS - 1)
            let young = try await stage.arrives(messageID: "b")
            try await stage.floor.trimReplays()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM replay") == 2)
            #expect(try await stage.arrives(messageID: "a") == first)
            stage.clock.pass(s: 1)
            try await stage.floor.trimReplays()
            #expect(try await stage.rows("SELECT errand FROM replay").map { $0.int("errand") } == [young.raw])
            #expect(try await stage.arrives(messageID: "b") == young)
            #expect(try await stage.arrives(messageID: "a") != first)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `many requests are forgotten batch by batch`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.look { work in
                for n in 0..<(TrimLimits.rowsMax + 7) {
                    try work.execute(
                        """
                        INSERT INTO replay (workspace, errand, token, digest, at)
                        VALUES (\(work.workspace), \(n), \(1), \("d\(n)"), \(work.now + Int64(n)))
                        """)
                }
            }
            stage.clock.pass(s: dayS + 1)
            try await stage.floor.trimReplays()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM replay") == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the journal's floor follows its age, and never takes the newest event`(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind) { stage in
            try await stage.floor.deleteArea(
                try stage.area("Support").id, movingTo: try stage.area("Sales").id, by: stage.operatorHere)
            stage.clock.pass(s: 60 * dayS)
            try await stage.arrives()
            let before = try await stage.events()
            try await stage.floor.trimJournal()
            #expect(try await stage.events() == before)
            #expect(try await stage.floor.journalFloor(of: stage.workspace) == 0)

            stage.clock.pass(s: 31 * dayS)
            try await stage.floor.trimJournal()
            let young = before.filter { $0.1 > stage.clock.now - TrimLimits.journalMs }
            #expect(try await stage.events() == young && young.count < before.count)
            #expect(try await stage.floor.journalFloor(of: stage.workspace) == young[0].0 - 1)
            try await stage.audit("some are gone")

            stage.clock.pass(s: 200 * dayS)
            try await stage.floor.trimJournal()
            let newest = try #require(before.last)
            #expect(try await stage.events() == [newest])
            #expect(try await stage.floor.journalFloor(of: stage.workspace) == newest.0 - 1)
            try await stage.restart()
            try await stage.arrives()
            #expect(try await stage.events()[1].0 == newest.0 + 1, "counted on, over a restart")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `content that nothing refers to goes after a day`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            func bytes(_ seed: UInt8) -> [UInt8] {
                (0..<(Blobs.chunkBytes + 5)).map { UInt8(truncatingIfNeeded: $0 &* 7) &+ seed }
            }
            func put(_ seed: UInt8) async throws -> String {
                let file = NewAttachment(name: "f", contentType: "text/plain", bytes: bytes(seed))
                let kept = try await stage.floor.blobs.keep([file], in: stage.workspace)
                return try #require(kept[0].digest)
            }
            func exists(_ digest: String) async -> Bool {
                let found = try? await stage.floor.blobs.read(digest, in: stage.workspace)
                return found?.isEmpty == false
            }
            _ = try await stage.arrives(file: bytes(1))
            let referred = sha256Hex(bytes(1))
            let refused = try await put(2)
            let again = try await put(3)
            stage.clock.pass(s: dayS)
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 0, "a day has to pass")
            // About to be referred to: stored again just before its verb.
            #expect(try await put(3) == again)
            stage.clock.pass(ms: 1)
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 1)
            let left = (await exists(referred), await exists(refused), await exists(again))
            #expect(left == (true, false, true))
            _ = try await stage.arrives(from: "lea@example.com", file: bytes(3))
            stage.clock.pass(s: 2 * dayS)
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 0)
            try await stage.look { try $0.execute("DELETE FROM attachment WHERE digest = \(again)") }
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 1)
            let end = (await exists(referred), await exists(again))
            #expect(end == (true, false))
        }
    }

    @Test func `what a crash left of a file goes, and what is being written stays`() async throws {
        try await CenterStage.run(.sqlite) { stage in
            let parent = "\(stage.folder)/blobs/\(stage.workspace)/ab"
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            let names = ["ab01.new", "ab02.new"]
            for (name, age) in zip(names, [dayS + 1, dayS - 1]) {
                let path = "\(parent)/\(name)"
                #expect(FileManager.default.createFile(atPath: path, contents: Data([1])))
                let at = timeval(tv_sec: Int(stage.clock.now / 1_000 - age), tv_usec: 0)
                #expect(utimes(path, [at, at]) == 0)
            }
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["ab02.new"])
        }
    }

    /// A table whose rows have content of a size is one whose content must not be swept.
    @Test func `every table that refers to content is asked`() {
        let tables = Schema.migrations.flatMap(\.script).filter {
            $0.hasPrefix("CREATE TABLE") && $0.contains(" digest TEXT") && $0.contains(" size INTEGER")
        }.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) }
        #expect(Set(tables) == Set(BlobReferences.tables))
    }
}

extension CenterStage {
    /// Each event's position and time.
    fileprivate func events() async throws -> [(Int64, Int64)] {
        try await rows("SELECT seq, at FROM journal WHERE workspace = \(workspace) ORDER BY seq")
            .map { ($0.int("seq"), $0.int("at")) }
    }
}

private func == (a: [(Int64, Int64)], b: [(Int64, Int64)]) -> Bool { a.elementsEqual(b, by: ==) }
