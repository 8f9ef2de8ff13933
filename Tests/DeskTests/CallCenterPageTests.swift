// The pages of call centers and queues: who gets them, what they change, what they refuse.
import Center
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct CallCenterPageTests {
    static let file = """
        workspace: north
        agents:
          - {login_name: ed, user_name: Ed Stone, password: \(DeskStage.password), admin_level: administrator}
        call_centers:
          - service_user_id: sales@example.com
            name: Sales <line>
            type: Premium
            phone_number: "+4930123456"
            overflow: {wait_s: 60, action: busy}
            agents: [{login_name: ana, skill_level: 2}, {login_name: bo, available: false, weight: 7}]
            supervisors: [{login_name: ed, agents: [ana]}]
            dnis: [{name: main, phone_number: "+4930123457", priority: 1, allow_outgoing: true}]
          - {service_user_id: help@example.com, name: Help}
        """

    private func run(
        _ kind: EngineKind, _ body: @escaping @Sendable (DeskStage, Browser, CallCenter) async throws -> Void
    ) async throws {
        try await DeskStage.run(kind) { stage in
            _ = try await stage.floor.provision(try ProvisionFile.read(Self.file, name: "centers.yaml"))
            let ed = try await stage.signIn("ed")
            let sales = try #require(try stage.agent("ed").directory.callCenters.first)
            try await body(stage, ed, sales)
        }
    }

    /// What the settings form sends when nothing was changed.
    private static let settings: [(String, String)] = [
        ("policy", "1"), ("routing_type", "1"), ("offer_timeout_s", "20"), ("reoffer_pause_s", "32"),
        ("wrap_up_s", "0"), ("guard_timer_s", "0"), ("overflow_size", ""), ("overflow_wait_s", "60"),
        ("overflow_estimated_wait_s", ""), ("overflow.action", "busy"),
    ]

    @Test(arguments: EngineKind.tested)
    func anAdministratorSeesAndChangesACallCenter(_ kind: EngineKind) async throws {
        try await run(kind) { stage, ed, sales in
            let list = try await stage.get("\(ed.base)/admin/call-centers", as: ed).text
            #expect(list.contains("Sales &lt;line&gt;") && list.contains(">1 of 2</td>"))
            let path = "\(ed.base)/admin/call-centers/\(sales.id)"
            let page = try await stage.get(path, as: ed).text
            for shown in [
                "sales@example.com", "+4930123456", "Premium", "+4930123457", "Ed Stone", "Ana Berg",
            ] {
                #expect(page.contains(shown), "\(shown)")
            }
            let queue = "\(ed.base)/admin/queues/\(sales.queue.raw)"
            var fields = Self.settings.filter { $0.0 != "policy" && $0.0 != "wrap_up_s" }
            fields += [
                ("policy", "5"), ("wrap_up_s", "15"), ("night.action", "number"),
                ("night.number", "+49 30 999"), ("forced_forwarding.action", "ringing"),
            ]
            let saved = try await stage.postAll("\(queue)/settings", fields, as: ed)
            #expect(saved.status == .seeOther)
            #expect(
                try await stage.get("\(path)?said=queue-changed", as: ed).text.contains(
                    "It counts from now on"))
            func now() throws -> CallCenter {
                try #require(try stage.agent("ed").directory.callCenter(sales.id))
            }
            let settings = try now().settings
            #expect(settings.policy == .weighted && settings.wrapUpMs == 15_000 && settings.night == .number)
            #expect(try now().treatments.first { $0.kind == .night }?.number == "+4930999")
            #expect(settings.forcedForwarding == nil, "chosen, but not switched on")
            _ = try await stage.post("\(queue)/forwarding", ["to": "on"], as: ed)
            #expect(try now().settings.forcedForwarding == .ringing)
            #expect(try await stage.get(path, as: ed).text.contains("data-test=\"forward-off\""))
            _ = try await stage.post("\(queue)/forwarding", ["to": "off"], as: ed)
            #expect(try now().settings.forcedForwarding == nil)

            let directory = try stage.agent("ed").directory
            let (ana, bo, cy) = (
                try #require(directory.agent(login: "ana")).id.raw,
                try #require(directory.agent(login: "bo")).id.raw,
                try #require(directory.agent(login: "cy")).id.raw
            )
            let members = [
                ("agent", "\(ana)"), ("place.\(ana)", "2"), ("level.\(ana)", ""), ("weight.\(ana)", "0"),
                ("remove.\(ana)", "yes"), ("agent", "\(bo)"), ("place.\(bo)", "1"), ("level.\(bo)", "3"),
                ("weight.\(bo)", "60"), ("joined.\(bo)", "yes"), ("add", "\(cy)"),
            ]
            let changed = try await stage.postAll("\(queue)/agents", members, as: ed)
            #expect(changed.status == .seeOther)
            #expect(try now().agents.map(\.agent.raw) == [bo, cy])
            #expect(try now().agents.map(\.level) == [3, 0] && now().agents.allSatisfy(\.isJoined))
        }
    }

    @Test(arguments: EngineKind.tested)
    func whatCannotBeIsSaidOnThePageAndWhatWasTypedStays(_ kind: EngineKind) async throws {
        try await run(kind) { stage, ed, sales in
            let queue = "\(ed.base)/admin/queues/\(sales.queue.raw)"
            let before = try #require(try stage.agent("ed").directory.callCenter(sales.id))
            let wrong: [([(String, String)], String)] = [
                ([("overflow.action", "queue:\(sales.queue.raw)")], "would send its work to itself"),
                (
                    [("night.action", "number"), ("night.number", "030 1")],
                    "Write the number with its country"
                ),
                ([("guard_timer_s", "99")], "The guard time takes 0 to 25 seconds"),
                ([("wrap_up_s", "soon")], "Wrap-up is a whole number"),
                ([("overflow.action", "")], "nothing says what happens then"),
            ]
            for (fields, sentence) in wrong {
                let rest = Self.settings.filter { known in !fields.contains { $0.0 == known.0 } }
                let response = try await stage.postAll("\(queue)/settings", rest + fields, as: ed)
                #expect(response.status.code >= 400 && response.text.contains(sentence), "\(sentence)")
            }
            let typed = try await stage.postAll(
                "\(queue)/settings", Self.settings.filter { $0.0 != "wrap_up_s" } + [("wrap_up_s", "soon")],
                as: ed)
            #expect(typed.text.contains("name=\"wrap_up_s\" inputmode=\"numeric\" value=\"soon\""))
            #expect(try stage.agent("ed").directory.callCenter(sales.id) == before)
        }
    }

    @Test(arguments: EngineKind.tested)
    func nobodyElseGetsThere(_ kind: EngineKind) async throws {
        try await run(kind) { stage, _, sales in
            let ana = try await stage.signIn("ana")
            let before = try #require(try stage.agent("ed").directory.callCenter(sales.id))
            for path in ["call-centers", "call-centers/\(sales.id)", "areas/1"] {
                #expect(try await stage.get("\(ana.base)/admin/\(path)", as: ana).status == .forbidden)
            }
            for path in ["settings", "agents", "forwarding"] {
                let queue = "\(ana.base)/admin/queues/\(sales.queue.raw)/\(path)"
                #expect(try await stage.postAll(queue, Self.settings, as: ana).status == .forbidden)
                #expect(try await stage.postAll(queue, Self.settings).status == .seeOther)
            }
            let ed = try await stage.signIn("ed")
            let forged = try await stage.postAll(
                "\(ed.base)/admin/queues/\(sales.queue.raw)/settings", Self.settings, as: ed, csrf: false)
            #expect(forged.status == .forbidden)
            #expect(try stage.agent("ed").directory.callCenter(sales.id) == before)
            #expect(try await stage.get("\(ed.base)/admin/call-centers/99", as: ed).status == .notFound)
            #expect(
                try await stage.postAll("\(ed.base)/admin/queues/99/settings", [], as: ed).status == .notFound
            )
        }
    }

    @Test(arguments: EngineKind.tested)
    func anAreasQueueIsChangedAtItsPage(_ kind: EngineKind) async throws {
        try await run(kind) { stage, ed, _ in
            let directory = try stage.agent("ed").directory
            let area = try #require(directory.areas.first { $0.name == "Sales" })
            let vault = try #require(directory.areas.first { $0.name == "Vault" })
            let page = try await stage.get("\(ed.base)/admin/areas/\(area.id)", as: ed).text
            #expect(page.contains("to Vault") && !page.contains("busy tone"))
            var fields = Self.settings.filter { !["overflow.action", "offer_timeout_s"].contains($0.0) }
            fields += [("offer_timeout_s", "3600"), ("overflow.action", "queue:\(vault.queue.raw)")]
            let saved = try await stage.postAll(
                "\(ed.base)/admin/queues/\(area.queue.raw)/settings", fields, as: ed)
            #expect(saved.headers[.location] == "\(ed.base)/admin/areas/\(area.id)?said=queue-changed")
            let settings = try #require(try stage.agent("ed").directory.area(area.id)).settings
            #expect(settings.overflow.action == .queue(vault.queue, keepWait: false))
            #expect(settings.overflow.waitMs == 60_000)
        }
    }
}
