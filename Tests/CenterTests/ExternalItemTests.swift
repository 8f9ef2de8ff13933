// Calls and chats of another system go through the center as errands do, and leave nothing behind.

import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct ExternalItemTests {
    @Test(arguments: EngineKind.tested)
    func `a call is offered, answered, ended and wrapped up`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            let waiting = try await stage.calls()
            #expect(waiting.state == .waiting && waiting.position == 1)
            try await stage.ready("ana")
            stage.clock.pass(s: 1)
            let offered = try #require(try await stage.offer(to: "ana"))
            #expect(offered.id.raw == waiting.id)
            let name = OfferName(item: offered.id, epoch: offered.epoch, agent: try stage.agent("ana"))
            stage.clock.pass(s: 3)
            let active = try await stage.floor.accept(name, by: try stage.pbx)
            #expect(active.state == .active && active.agent == name.agent.raw)
            try await stage.restart(afterS: 2)
            stage.clock.pass(s: 60)
            let wrapUp = try await stage.floor.endItem(offered.id, by: try stage.pbx)
            #expect(wrapUp.state == .wrapUp)
            let again = await thrown { _ = try await stage.floor.endItem(offered.id, by: try stage.pbx) }
            #expect(
                again as? Refusal == .conflict("Its conversation is over already: it is in wrap-up."))
            stage.clock.pass(s: 20)
            try await stage.audit("after the wrap-up")
            let row = try #require(try await stage.external(waiting.id))
            #expect(row.ending == .done && row.handlingMs == 62_000 && row.agent != nil)
            #expect(
                try await stage.story(waiting.id) == [
                    "item.arrived", "offer.made", "offer.ended", "item.connected", "item.wrap_up_began",
                    "item.left",
                ])
            let sales = try stage.queue("Sales")
            let counts = try await stage.floor.statistics(
                queue: sales, from: Instant(ms: stage.clock.now - 900_000),
                to: Instant(ms: stage.clock.now + 1), in: stage.workspace)
            #expect(counts[.entered] == 1 && counts[.answered] == 1 && counts[.handled] == 1)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM errand") == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `offers fail, are declined, and are over when they are late or another's`(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            try await stage.ready("ana")
            let call = try await stage.calls()
            let offer = try #require(call.offers.first)
            #expect(call.state == .offered && offer.deadlineMs == stage.clock.now + 25_000)
            let foreign = await thrown {
                _ = try await stage.floor.accept(
                    offer.name, as: try stage.agent("bo"), by: try stage.pbx)
            }
            #expect(foreign as? Refusal == .conflict("This offer was made to another agent."))
            let unmade = OfferName(item: WorkItemID(call.id), epoch: 9, agent: offer.name.agent)
            let unknown = await thrown { _ = try await stage.floor.accept(unmade, by: try stage.pbx) }
            #expect(unknown as? Refusal == .notFound("There is no such offer here."))
            let failed = try await stage.floor.fail(offer.name, .busy, by: try stage.pbx)
            // Nobody else is there: it comes again at once.
            #expect(failed.state == .offered && failed.offers.first?.name.epoch == 2)
            let late = await thrown { _ = try await stage.floor.accept(offer.name, by: try stage.pbx) }
            #expect(late as? Refusal == .conflict("This offer is over: the line was busy."))
            let second = try #require(try await stage.offer(to: "ana"))
            #expect(second.epoch == 2)
            stage.clock.pass(s: 25)
            let expired = OfferName(item: second.id, epoch: 2, agent: offer.name.agent)
            let gone = await thrown { _ = try await stage.floor.decline(expired, by: try stage.pbx) }
            #expect(gone as? Refusal == .conflict("This offer is over: no answer."))
            let abandoned = try await stage.floor.abandonItem(second.id, by: try stage.pbx)
            #expect(abandoned.state == .abandoned)
            let twice = await thrown { _ = try await stage.floor.abandonItem(second.id, by: try stage.pbx) }
            #expect(twice as? Refusal == .conflict("This work item is over already."))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `overflow tells the other system what to do`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            let full = try await stage.calls("Full")
            #expect(full.state == .overflowed)
            #expect(
                full.overflow == ItemOverflow(cause: "size", action: "number", number: "+49301111"))
            let ringing = try await stage.calls("Night")
            #expect(ringing.state == .overflowed && ringing.overflow?.action == "ringing")
            try await stage.restart()
            stage.clock.pass(s: 301)
            try await stage.audit("rung out")
            let row = try #require(try await stage.external(ringing.id))
            #expect(row.ending == .overflowed && row.overflow?.action == "ringing")
            #expect(row.overflow?.cause == "forced_forwarding")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `calls move with their queue, come back from who leaves, and are explained`(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            try await stage.ready("ana")
            let chat = try await stage.calls("Support", .chat)
            let offer = try #require(chat.offers.first)
            _ = try await stage.floor.accept(offer.name, by: try stage.pbx)
            let root = try stage.by("root")
            let mine = try await stage.floor.explain(
                item: WorkItemID(chat.id), for: try stage.agent("ana"), in: stage.workspace)
            #expect(mine.subject == "Chat \(chat.id)" && mine.causes == ["in_hand"])
            let hers = try await stage.floor.explain(
                agent: try stage.agent("ana"), for: try stage.agent("root"), in: stage.workspace)
            #expect(hers.sentences.contains("In hand or in wrap-up: chat \(chat.id)."))
            let open = await thrown {
                try await stage.floor.deleteArea(try stage.area("Support").id, by: root)
            }
            #expect((open as? Refusal)?.message.contains("1 open work item;") == true)
            try await stage.floor.deleteArea(
                try stage.area("Support").id, movingTo: try stage.area("Spill").id, by: root)
            try await stage.audit("moved")
            try await stage.floor.deleteAgent(try stage.agent("ana"), by: root)
            let back = try await stage.look { $0.item(WorkItemID(chat.id)) }
            let spill = try stage.queue("Spill")
            #expect(back?.state == .waiting && back?.queue == spill)
            let sales = await thrown { try await stage.floor.deleteCallCenter(CallCenterID(999), by: root) }
            #expect(sales is Refusal)
            #expect(
                try await stage.story(chat.id) == [
                    "item.arrived", "offer.made", "offer.ended", "item.connected", "item.moved",
                    "item.returned",
                ])
            let facts = try await stage.floor.store.read {
                try Explaining.explain(.item(WorkItemID(chat.id)), workspace: "north", $0)
            }
            #expect(facts.causes.first == "waiting")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a transfer goes to a queue or an agent`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            try await stage.ready("ana")
            let call = try await stage.calls()
            let id = WorkItemID(call.id)
            _ = try await stage.floor.accept(try #require(call.offers.first).name, by: try stage.pbx)
            let away = await thrown {
                _ = try await stage.floor.transferItem(
                    id, to: .agent(try stage.agent("bo")), by: try stage.pbx)
            }
            #expect((away as? Refusal)?.message.contains("signed out") == true)
            try await stage.ready("bo")
            let other = try await stage.floor.transferItem(
                id, to: .agent(try stage.agent("bo")), by: try stage.by("ana"))
            let bo = try stage.agent("bo")
            #expect(other.state == .active && other.agent == bo.raw)
            let notMine = await thrown {
                _ = try await stage.floor.endItem(id, by: try stage.by("ana"))
            }
            #expect((notMine as? Refusal)?.message.contains("not got this in hand") == true)
            let moved = try await stage.floor.transferItem(
                id, to: .queue(try stage.queue("Spill"), keepWait: true), by: try stage.pbx)
            #expect(moved.state == .waiting && moved.position == 1)
            let stale = await thrown {
                _ = try await stage.floor.abandonItem(id, tag: other.tag, by: try stage.pbx)
            }
            #expect(stale as? Precondition == .tagDiffers)
            _ = try await stage.floor.abandonItem(id, tag: moved.tag, by: try stage.pbx)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a key makes a request count once`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            let once = KeptRequest(key: "k1", request: Array("POST work-items a".utf8))
            let (floor, by) = (stage.floor, try stage.pbx)
            let new = NewExternalItem(queue: try stage.queue("Sales"), channel: .call)
            async let one = floor.openItem(new, once: once, by: by)
            async let two = floor.openItem(new, once: once, by: by)
            let both = try await [one, two]
            #expect(both[0] == both[1])
            try await stage.restart()
            #expect(try await stage.calls(once: once) == both[0])
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM external_item") == 1)
            let other = await thrown {
                _ = try await stage.calls(
                    once: KeptRequest(key: "k1", request: Array("POST work-items b".utf8)))
            }
            #expect(other as? Precondition == .keyIsAnothers)
            stage.clock.pass(ms: KeptRequestLimits.keptMs + 1)
            // Old, but not forgotten yet: it counts as new, in the same row.
            #expect(try await stage.calls(once: once).id != both[0].id)
            #expect(try await stage.look { $0.office.keptRequests } == 1)
            stage.clock.pass(ms: KeptRequestLimits.keptMs + 1)
            try await stage.floor.trimKeptRequests()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM kept_request") == 0)
            #expect(try await stage.look { $0.office.keptRequests } == 0)
            #expect(try await stage.calls(once: once).id != both[0].id)
            // Too many at once: the oldest go before their time.
            var last: ItemNow?
            for n in 0..<5 {
                stage.clock.pass(ms: 1)
                last = try await stage.calls(once: KeptRequest(key: "r\(n)", request: []))
            }
            try await stage.floor.trimKeptRequests(roomMax: 2)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM kept_request") == 2)
            #expect(try await stage.look { $0.office.keptRequests } == 2)
            #expect(try await stage.calls(once: KeptRequest(key: "r4", request: [])) == last)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a caller is erased, and old calls are forgotten`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.telephony) { stage in
            let open = try await stage.calls(
                from: "+49 (30) 555-1", once: KeptRequest(key: "k", request: []))
            let other = try await stage.calls(from: "+49 30 556")
            let erased = try await stage.floor.eraseContact(
                address: "+49305551", by: stage.operatorHere)
            #expect(erased.items == 1 && erased.contacts == 0)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM kept_request") == 0)
            let row = try #require(try await stage.external(open.id))
            #expect(row.from == "" && row.subject == "" && row.externalID == "" && row.ending == .withdrawn)
            #expect(try await stage.external(other.id)?.subject == "Order 7")
            let again = await thrown {
                _ = try await stage.floor.eraseContact(address: "+49305551", by: stage.operatorHere)
            }
            #expect(again is Refusal)
            _ = try await stage.floor.abandonItem(WorkItemID(other.id), by: try stage.pbx)
            stage.clock.pass(ms: ExternalItemLimits.keptMs - 1)
            try await stage.floor.trimExternalItems()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM external_item") == 2)
            stage.clock.pass(ms: 1)
            try await stage.floor.trimExternalItems()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM external_item") == 0)
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM work_item") == 0)
        }
    }
}
