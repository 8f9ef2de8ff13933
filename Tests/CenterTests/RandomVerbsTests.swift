// Random verbs of every kind, restarts among them: rows always make the router that is there.

import Foundation
import Routing
import SeededRandom
import TestStores
import Testing

@testable import Center

extension Seeded {
    mutating func pickIfAny<T>(_ list: [T]) -> T? { list.isEmpty ? nil : pick(list) }
}

/// A morning in which anything may happen.
private final class Morning {
    let stage: CenterStage
    var random: Seeded
    var told: [String: Int] = [:]
    var errands: [ErrandID] = []
    var items: [ItemNow] = []
    let logins = ["ana", "bo", "cy"]

    init(_ stage: CenterStage, seed: UInt64) {
        self.stage = stage
        random = Seeded(seed: seed)
    }

    /// One verb; a refusal is an answer too. Tells what was tried.
    func step() async throws -> String {
        let login = logins[random.below(logins.count)]
        let (name, verb) = pick(login)
        do {
            try await verb()
            told[name, default: 0] += 1
        } catch let refusal as Refusal {
            told["\(name): \(refusal.kind)", default: 0] += 1
        } catch let precondition as Precondition {
            told["\(name): \(precondition)", default: 0] += 1
        }
        return "\(name) \(login)"
    }

    private func pick(_ login: String) -> (String, () async throws -> Void) {
        let stage = stage
        let errand = random.pickIfAny(errands) ?? ErrandID(1)
        let n = random.below(1_000)
        if random.below(4) == 0 { return pickExternal(login, n) }
        switch random.below(100) {
        case 0..<22:
            let token = ["sales", "support", "german"][random.below(3)]
            return (
                "open",
                {
                    self.errands.append(try await stage.arrives(token, from: "k\(n % 9)@example.com"))
                }
            )
        case 22..<37: return ("accept", { _ = try await stage.accepts(login) })
        case 37..<42:
            return (
                "decline",
                {
                    guard let offer = try await stage.offer(to: login) else { return }
                    try await stage.floor.declineOffer(offer.id, epoch: offer.epoch, by: try stage.by(login))
                }
            )
        case 42..<50: return ("ready", { try await stage.ready(login) })
        case 50..<54:
            return (
                "not ready",
                {
                    try await stage.floor.setPresence(
                        try stage.agent(login), [.unavailable, .signedOut, .signedIn][n % 3],
                        reason: nil, by: try stage.by(login))
                }
            )
        case 54..<58: return ("take", { try await stage.floor.takeErrand(errand, by: try stage.by(login)) })
        case 58..<61:
            return ("return", { try await stage.floor.returnErrand(errand, by: try stage.by(login)) })
        case 61..<72:
            return (
                "close",
                {
                    let id = try stage.agent(login)
                    let desk = try await stage.floor.desk(id, in: stage.workspace)
                    guard let held = desk.inHand.first else { return }
                    try await stage.floor.closeErrand(held.id, version: held.version, by: try stage.by(login))
                }
            )
        case 72..<74:
            return (
                "end wrap-up",
                { try await stage.floor.endWrapUp(try stage.agent(login), by: try stage.by(login)) }
            )
        case 74:
            return (
                "extend wrap-up",
                {
                    try await stage.floor.extendWrapUp(
                        try stage.agent(login), until: stage.floor.now + Int64(n * 90),
                        by: try stage.by(login))
                }
            )
        case 75:
            return (
                "details",
                {
                    let details = ACDDetails(
                        cloudACDEnabled: n % 4 > 0, sipEnabled: n % 2 > 0, externalNumberEnabled: false,
                        externalNumber: "", isReady: n % 3 > 0,
                        skills: stage.directory.skills.map { .init(name: $0.name, has: n % 5 > 1) })
                    try await stage.floor.setACDDetails(
                        try stage.agent(login), details, by: stage.operatorHere)
                }
            )
        case 76..<78: return ("desk", { try await stage.hasDesk(login, n % 2 == 0) })
        case 78..<90: return ("time", { stage.clock.pass(ms: Int64(n) * (n % 5 == 0 ? 60 : 8)) })
        case 90..<92: return ("restart", { try await stage.restart(afterS: Int64(n % 90)) })
        case 92..<95:
            return (
                "delete agent",
                { try await stage.floor.deleteAgent(try stage.agent(login), by: stage.operatorHere) }
            )
        case 95..<98:
            return (
                "revive agents",
                {
                    for login in self.logins {
                        try await stage.floor.reviveAgent(try stage.agent(login), by: stage.operatorHere)
                    }
                }
            )
        case 98:
            return (
                "delete area",
                {
                    try await stage.floor.deleteArea(
                        try stage.area("Sales").id, movingTo: try stage.area("Support").id,
                        by: stage.operatorHere)
                    try await self.makeSales()
                }
            )
        default:
            return ("settings", { try await self.makeSales() })
        }
    }

    /// What another system does with its calls and chats.
    private func pickExternal(_ login: String, _ n: Int) -> (String, () async throws -> Void) {
        let stage = stage
        let item = random.pickIfAny(items)
        let id = WorkItemID(item?.id ?? 1)
        let area = ["Sales", "Support", "German"][n % 3]
        let once = n % 4 == 0 ? KeptRequest(key: "\(n % 40)", request: [UInt8(n % 7)]) : nil
        let tag = n % 5 == 0 ? item?.tag : nil
        switch random.below(12) {
        case 10:
            return (
                "open with its call",
                {
                    self.errands.append(
                        try await stage.comesWithCall(["sales", "support"][n % 2], extensionID: 2) {
                            $0.hasEnded = n % 3 == 0
                            $0.queueNumber = "\(n % 4)"
                        })
                }
            )
        case 11:
            return (
                "end call",
                {
                    var ended = EndedCall()
                    (ended.integration, ended.deviceID, ended.extensionID) = ("aventa", 1, 2)
                    ended.dialedNumber = "+49\(n % 3)"
                    _ = try await stage.floor.endCall(ended, by: try stage.site(["sales", "support"][n % 2]))
                }
            )
        case 0..<3:
            return (
                "open item",
                {
                    var new = NewExternalItem(
                        queue: try stage.area(area).queue, channel: Channel.allCases[n % 3])
                    new.from = "+49\(n % 9)"
                    new.priority = n % 2 == 0 ? nil : Int64(n % 5)
                    new.requiredSkills = n % 11 == 0 ? ["german"] : []
                    self.items.append(
                        try await stage.floor.openItem(new, once: once, by: try stage.pbx))
                }
            )
        case 3..<7:
            return (
                "answer offer",
                {
                    guard let offer = try await stage.offer(to: login) else { return }
                    let name = OfferName(item: offer.id, epoch: offer.epoch, agent: try stage.agent(login))
                    let by = try stage.pbx
                    switch n % 6 {
                    case 0: _ = try await stage.floor.decline(name, by: by)
                    case 1: _ = try await stage.floor.fail(name, Failure.allCases[n % 3], by: by)
                    default: _ = try await stage.floor.accept(name, once: once, by: by)
                    }
                }
            )
        case 7:
            return (
                "abandon item",
                { _ = try await stage.floor.abandonItem(id, tag: tag, by: try stage.pbx) }
            )
        case 8:
            return ("end item", { _ = try await stage.floor.endItem(id, tag: tag, by: try stage.pbx) })
        default:
            return (
                "transfer item",
                {
                    let target: ItemTarget =
                        n % 2 == 0
                        ? .queue(try stage.area(area).queue, keepWait: n % 4 == 0)
                        : .agent(try stage.agent(login))
                    _ = try await stage.floor.transferItem(id, to: target, by: try stage.pbx)
                }
            )
        }
    }

    /// Makes the area again, with other settings each time.
    private func makeSales() async throws {
        let pause = random.below(60)
        _ = try await stage.floor.provision(
            try ProvisionFile.read(
                """
                workspace: north
                areas:
                  - {name: Sales, reoffer_pause_s: \(pause), wrap_up_s: \(pause % 3 * 5)}
                agent_groups:
                  - {name: sellers, agents: [ana, bo], areas: [Sales]}
                access_tokens:
                  - {name: sales, area: Sales, claims: [create_errand], channel: form}
                """, name: "again.yaml"))
    }
}

@Suite struct RandomVerbsTests {
    static let steps = 400

    /// `SWITCHBOARD_TEST_SEED` repeats a run.
    static let seed =
        ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 1...1_000_000)

    @Test(arguments: EngineKind.tested)
    func `after random verbs rows make the router that is there`(_ kind: EngineKind) async throws {
        let seed = Self.seed
        print("random verbs on \(kind): SWITCHBOARD_TEST_SEED=\(seed)")
        try await CenterStage.run(kind, file: CenterStage.file + "integrations: [aventa]\n") { stage in
            let morning = Morning(stage, seed: seed)
            for number in 1...Self.steps {
                let verb = try await morning.step()
                let problems = try await stage.problems()
                try #require(problems.isEmpty, "seed \(seed), step \(number), \(verb): \(problems)")
            }
            let told = morning.told.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            print("  \(kind): \(told.joined(separator: ", "))")
            for verb in ["open", "accept", "close", "ready", "take", "time", "open item", "answer offer"] {
                let tried = morning.told.filter { $0.key.hasPrefix(verb) }.values.reduce(0, +)
                #expect(tried > 1, "seed \(seed): hardly ever \(verb)")
            }
        }
    }
}
