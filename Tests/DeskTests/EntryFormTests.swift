// The administrator's plain forms: what they change, what they refuse and where they say so, and who gets there.
import Center
import Foundation
import HTTPTypes
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct EntryFormTests {
    private static let file = """
        workspace: north
        calendars: [{name: office, hours: {mon: ["08:00-17:00"]}, holidays: [{date: 2026-12-25, name: Yule}]}]
        agents:
          - {login_name: ed, user_name: Ed Stone, password: \(DeskStage.password), admin_level: administrator}
          - {login_name: gil, user_name: Gil Rae, password: \(DeskStage.password), admin_level: group_administrator}
        call_centers:
          - service_user_id: sales@example.com
            name: Sales line
            phone_number: "+4930123456"
            queue_length: 20
            agents: [{login_name: ana}, {login_name: bo}]
            supervisors: [{login_name: ed, agents: [ana]}]
            dnis: [{name: main, phone_number: "+4930123457", priority: 1, allow_outgoing: true}]
          - {service_user_id: help@example.com, name: Help, overflow: {size: 9, action: {call_center: sales@example.com}}}
        agent_groups:
          - {name: sellers, agents: [ana, bo, ole, gil], areas: [Sales]}
        """

    /// A workspace with an administrator at the desk.
    private struct Office: Sendable {
        let stage: DeskStage
        let ed: Browser

        var directory: Directory { get throws { try stage.agent("ed").directory } }
        var admin: String { "\(ed.base)/admin" }

        func center(_ name: String = "Sales line") throws -> CallCenter {
            try #require(try directory.callCenters.first { $0.name == name })
        }

        func agent(_ login: String) throws -> Agent { try #require(try directory.agent(login: login)) }

        /// What is wrong beside a field, empty where nothing is.
        func problem(_ field: String, _ page: TestResponse) -> String {
            between(
                "id=\"\(field)-why\" role=\"alert\" data-test=\"field-problem\">", "</span>", in: page.text)
        }
    }

    private func run(
        _ kind: EngineKind, clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        _ body: @escaping @Sendable (Office) async throws -> Void
    ) async throws {
        try await DeskStage.run(kind, clock: clock) { stage in
            _ = try await stage.floor.provision(try ProvisionFile.read(Self.file, name: "office.yaml"))
            try await body(Office(stage: stage, ed: try await stage.signIn("ed")))
        }
    }

    private static let settings: [(String, String)] = [
        ("name", "Sales & more"), ("group", "Berlin"), ("type", "Premium"), ("phone_number", "+49 30 555"),
        ("extension", "700"), ("priority", "3"), ("queue_length", ""), ("bounced_after", "2"),
        ("calendar", "office"), ("joinable", "yes"),
    ]

    @Test(arguments: EngineKind.tested)
    func `a call center's own settings are changed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let id = try office.center().id
            let path = "\(office.admin)/call-centers/\(id)"
            let saved = try await office.stage.postAll("\(path)/settings", Self.settings, as: office.ed)
            #expect(saved.status == .seeOther)
            let center = try office.center("Sales & more")
            #expect(center.group == "Berlin" && center.type == .premium && center.phoneNumber == "+4930555")
            #expect(center.extensionNumber == "700" && center.priority == 3 && center.queueLength == nil)
            #expect(center.bouncedAfter == 2 && center.joinable && !center.logOffAllowed)
            #expect(center.calendar == (try office.directory.calendars.first?.id))
            #expect(center.dnis.count == 1 && center.agents.count == 2, "what the form does not say stays")
            let page = try await office.stage.get(path, as: office.ed).text
            #expect(page.contains("value=\"Sales &amp; more\"") && page.contains("value=\"700\""))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what is refused is said beside its field, and stays as typed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let center = try office.center()
            let path = "\(office.admin)/call-centers/\(center.id)"
            for (field, typed, sentence) in [
                ("queue_length", "9999", "Expected a whole number from 0 to 525, not &#39;9999&#39;."),
                ("priority", "", "Expected a whole number from 0 to 1000000, not an empty field."),
                ("phone_number", "030 1", "in E.164"),
                ("name", "", "not an empty field"),
                ("bounced_after", "6", "from 1 to 5"),
            ] {
                let fields = Self.settings.filter { $0.0 != field } + [(field, typed)]
                let page = try await office.stage.postAll("\(path)/settings", fields, as: office.ed)
                #expect(page.status.code == 422 || page.status == .badRequest, "\(field)")
                let told = office.problem("center-settings-\(field)", page)
                #expect(told.contains(sentence), "\(field): \(told)")
                #expect(page.text.contains("name=\"\(field)\" value=\"\(typed)\""), "\(field)")
                #expect(page.text.contains("value=\"Berlin\""), "the other fields stay as typed, too")
            }
            // What no field can be blamed for stands above them: the number is another call center's.
            _ = try await office.stage.postAll("\(path)/settings", Self.settings, as: office.ed)
            let help = try office.center("Help")
            let twice = try await office.stage.postAll(
                "\(office.admin)/call-centers/\(help.id)/numbers",
                [
                    ("name.0", "a"), ("phone_number.0", "+4930555"), ("priority.0", "0"),
                ], as: office.ed)
            #expect(twice.status.code >= 400 && twice.text.contains("+4930555"))
            #expect(try office.center("Help") == help)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `numbers and supervisors are added, changed and removed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let center = try office.center()
            let path = "\(office.admin)/call-centers/\(center.id)"
            let numbers = [
                ("name.0", "Main"), ("phone_number.0", "+4930123458"), ("priority.0", "2"),
                ("name.1", "Spare"), ("phone_number.1", "+49 30 777"), ("priority.1", "0"),
                ("allow_outgoing.1", "yes"), ("name.2", ""), ("phone_number.2", ""),
            ]
            #expect(
                try await office.stage.postAll("\(path)/numbers", numbers, as: office.ed).status == .seeOther)
            let dnis = try office.center().dnis
            #expect(dnis.map(\.name) == ["Main", "Spare"] && dnis[1].phoneNumber == "+4930777")
            #expect(dnis.map(\.priority) == [2, 0] && dnis.map(\.allowOutgoing) == [false, true])
            let wrong = try await office.stage.postAll(
                "\(path)/numbers", [("name.0", "Main"), ("phone_number.0", "")], as: office.ed)
            #expect(office.problem("center-numbers-phone_number.0", wrong).contains("E.164"))
            _ = try await office.stage.postAll("\(path)/numbers", [("name.0", "")], as: office.ed)
            #expect(try office.center().dnis.isEmpty)

            let (ed, bo, ana) = (try office.agent("ed"), try office.agent("bo"), try office.agent("ana"))
            _ = try await office.stage.postAll(
                "\(path)/supervisors",
                [("agent.\(ed.id.raw).\(bo.id.raw)", "yes"), ("add", "\(ana.id.raw)")], as: office.ed)
            let led = try office.center().supervisors
            #expect(Set(led.map(\.agent)) == [ed.id, ana.id])
            #expect(led.first { $0.agent == ed.id }?.agents == [bo.id])
            _ = try await office.stage.postAll(
                "\(path)/supervisors", [("remove.\(ana.id.raw)", "yes"), ("remove.\(ed.id.raw)", "yes")],
                as: office.ed)
            #expect(try office.center().supervisors.isEmpty)
        }
    }

    /// A list that the form does not show must not be emptied by it either.
    @Test(arguments: EngineKind.tested)
    func `more numbers than a page holds are set by a file`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let numbers = (1...201).map { "{name: n\($0), phone_number: \"+4930200\(1_000 + $0)\"}" }
            let file = """
                workspace: north
                call_centers:
                  - {service_user_id: help@example.com, dnis: [\(numbers.joined(separator: ", "))]}
                """
            _ = try await office.stage.floor.provision(try ProvisionFile.read(file, name: "n.yaml"))
            let path = "\(office.admin)/call-centers/\(try office.center("Help").id)"
            let page = try await office.stage.get(path, as: office.ed).text
            #expect(page.contains("201, set by a provisioning file") && !page.contains("center-numbers"))
            #expect(page.contains("center-supervisors"))
            _ = try await office.stage.postAll("\(path)/settings", Self.settings, as: office.ed)
            #expect(try office.center("Sales & more").dnis.count == 201)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a call center is added and deleted`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let list = "\(office.admin)/call-centers"
            let known = try await office.stage.post(
                list, ["service_user_id": "help@example.com", "name": "Other"], as: office.ed)
            #expect(
                office.problem("new-center-service_user_id", known) == "This is the id of Help already.")
            let nameless = try await office.stage.post(
                list, ["service_user_id": "new@example.com", "name": ""], as: office.ed)
            #expect(!office.problem("new-center-name", nameless).isEmpty)
            let made = try await office.stage.post(
                list, ["service_user_id": "new@example.com", "name": "New line"], as: office.ed)
            let center = try office.center("New line")
            #expect(made.headers[.location] == "\(list)/\(center.id)?said=queue-changed")

            let inUse = try office.center()
            let refused = try await office.stage.post("\(list)/\(inUse.id)/delete", [:], as: office.ed)
            #expect(refused.status == .conflict && refused.text.contains("data-test=\"problem\""))
            #expect(try office.center() == inUse)
            let gone = try await office.stage.post("\(list)/\(center.id)/delete", [:], as: office.ed)
            #expect(gone.headers[.location] == "\(list)?said=center-deleted")
            #expect(!(try office.directory.callCenters.contains { $0.id == center.id }))
            let again = try await office.stage.post("\(list)/\(center.id)/delete", [:], as: office.ed)
            #expect(again.status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `calendars are made and changed`(_ kind: EngineKind) async throws {
        // 2026-11-21, a Saturday, 12:00 in Berlin.
        try await run(kind, clock: { 1_795_258_800_000 }) { office in
            let list = "\(office.admin)/calendars"
            let office1 = try #require(try office.directory.calendars.first)
            let page = try await office.stage.get("\(list)/\(office1.id)", as: office.ed).text
            #expect(page.contains("value=\"08:00-17:00\"") && page.contains("2026-12-25 Yule"))
            let twice = try await office.stage.post(list, ["name": "office"], as: office.ed)
            #expect(
                office.problem("new-calendar-name", twice) == "There is a calendar of this name already.")
            _ = try await office.stage.post(list, ["name": "weekend"], as: office.ed)
            let weekend = try #require(try office.directory.calendars.first { $0.name == "weekend" })
            let center = try office.center()
            _ = try await office.stage.postAll(
                "\(office.admin)/call-centers/\(center.id)/settings",
                Self.settings.filter { $0.0 != "calendar" } + [("calendar", "weekend")], as: office.ed)
            let path = "\(list)/\(weekend.id)"
            func service() throws -> Service { try office.center("Sales & more").settings.service }
            #expect(try service() == .open)
            _ = try await office.stage.postAll(
                path, [("sat", "13:00 – 18:00"), ("time_zone", ""), ("holidays", "")], as: office.ed)
            #expect(try service() == .night)
            _ = try await office.stage.postAll(
                path, [("sat", "08:00-11:30, 11:45-24:00"), ("time_zone", "Europe/Berlin")], as: office.ed)
            #expect(try service() == .open)
            _ = try await office.stage.postAll(
                path, [("always", "yes"), ("holidays", "2026-12-24\n2026-11-21  Open house ")], as: office.ed)
            #expect(try service() == .holiday)
            let stored = try await office.stage.floor.calendarSettings(
                weekend.id, in: try office.directory.workspace)
            #expect(stored?.hours == nil && stored?.holidays.map(\.name) == [nil, "Open house"])
            for (field, typed) in [
                ("mon", "8-17"), ("tue", "08:00-12:00, 11:00-13:00"), ("time_zone", "Mars"),
                ("holidays", "tomorrow"),
            ] {
                let refused = try await office.stage.postAll(path, [(field, typed)], as: office.ed)
                #expect(!office.problem("calendar-\(field)", refused).isEmpty, "\(field)")
                #expect(refused.text.contains(typed), "\(field)")
            }
            #expect(
                try await office.stage.floor.calendarSettings(
                    weekend.id, in: try office.directory.workspace) == stored)
            #expect(try await office.stage.get("\(list)/99", as: office.ed).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an agent's rules are changed`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let bo = try office.agent("bo")
            let path = "\(office.admin)/agents/\(bo.id.raw)"
            #expect(try await office.stage.get(path, as: office.ed).text.contains("Bo Lind"))
            let fields = [
                ("capacity.errand", "2"), ("capacity.chat", "0"), ("capacity.call", "1"),
                ("no_answer", "0"), ("busy", "3"), ("error", "4"), ("bounced_after", "5"),
                ("bounced_reason", "code:meet"), ("do_not_disturb", "code:coffee"),
                ("personal_call", "yes:"), ("not_reachable", ""), ("guard_timer_s", "7"),
                ("wrap_up_s", "45"), ("interrupts.errand.call", "yes"), ("interrupts.errand.chat", "yes"),
                ("interrupts.call.errand", "yes"),
            ]
            #expect(
                try await office.stage.postAll("\(path)/rules", fields, as: office.ed).status == .seeOther)
            let changed = try office.agent("bo")
            let reasons = try office.directory.reasons
            func reason(_ code: String) -> ReasonID? { reasons.first { $0.code == code }?.id }
            let rules = changed.rules.settings
            #expect(changed.capacity == Capacity(errand: 2, chat: 0, call: 1))
            #expect(rules.unansweredLimit == 0 && rules.busyLimit == 3 && rules.errorLimit == 4)
            #expect(changed.rules.bouncedAfter == 5 && rules.bouncedReason == reason("meet"))
            #expect(rules.forcing.doNotDisturb == .yes(reason("coffee")))
            #expect(rules.forcing.personalCall == .yes(nil) && rules.forcing.notReachable == .no)
            #expect(rules.guardMs == 7_000 && rules.wrapUpMs == 45_000)
            #expect(rules.interrupts[.call, during: .errand] && rules.interrupts[.errand, during: .call])
            #expect(!rules.interrupts[.call, during: .call] && !rules.interrupts[.errand, during: .chat])
            // The page shows what is stored: sending it again changes nothing.
            let page = try await office.stage.get(path, as: office.ed).text
            #expect(page.contains("<option value=\"code:coffee\" selected>"))
            let cleared = fields.filter { !["guard_timer_s", "bounced_after"].contains($0.0) }
            _ = try await office.stage.postAll(
                "\(path)/rules", cleared + [("guard_timer_s", ""), ("bounced_after", "")], as: office.ed)
            #expect(try office.agent("bo").rules.settings.guardMs == nil)
            #expect(try office.agent("bo").rules.bouncedAfter == nil)
            let wrong = try await office.stage.postAll(
                "\(path)/rules", fields.filter { $0.0 != "guard_timer_s" } + [("guard_timer_s", "26")],
                as: office.ed)
            #expect(
                office.problem("agent-rules-guard_timer_s", wrong)
                    == "Expected a whole number of seconds from 0 to 25, not &#39;26&#39;.")
            let madeUp = try await office.stage.postAll(
                "\(path)/rules", fields.filter { $0.0 != "bounced_reason" } + [("bounced_reason", "code:x")],
                as: office.ed)
            #expect(office.problem("agent-rules-bounced_reason", madeUp).contains("Unknown not-ready reason"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an area's priority and calendar, and a queue's T`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let area = try #require(try office.directory.areas.first { $0.name == "Sales" })
            _ = try await office.stage.postAll(
                "\(office.admin)/areas/\(area.id)/settings", [("priority", "9"), ("calendar", "office")],
                as: office.ed)
            let changed = try #require(try office.directory.area(area.id))
            #expect(changed.settings.priority == 9 && changed.calendar != nil)
            let settings = [
                ("policy", "1"), ("routing_type", "1"), ("offer_timeout_s", "20"), ("reoffer_pause_s", "32"),
                ("wrap_up_s", "0"), ("guard_timer_s", "0"),
            ]
            let path = "\(office.admin)/queues/\(area.queue.raw)/settings"
            _ = try await office.stage.postAll(path, settings + [("service_level_s", "90")], as: office.ed)
            let workspace = try office.directory.workspace
            #expect(office.stage.floor.serviceLevelS(of: area.queue, in: workspace) == 90)
            let none = try await office.stage.postAll(
                path, settings + [("service_level_s", "0")], as: office.ed)
            #expect(none.text.contains("The service level&#39;s T takes 1 to 86400 seconds here."))
            #expect(office.stage.floor.serviceLevelS(of: area.queue, in: workspace) == 90)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the day of each agent is on the page of those who lead`(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await run(kind, clock: clock.read) { office in
            let path = "\(office.admin)/agents"
            #expect(
                try await office.stage.get(path, as: office.ed).text.contains("Nobody has signed in today."))
            let ana = try await office.stage.signIn("ana")
            let cy = try await office.stage.signIn("cy")
            for browser in [ana, cy] { try await office.stage.ready(browser) }
            let errand = try await office.stage.arrives("One")
            _ = try await office.stage.post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
            clock.move(ms: 60_000)
            let version = between(
                "name=\"version\" value=\"", "\"",
                in: try await office.stage.get("\(ana.base)/errands/\(errand)", as: ana).text)
            _ = try await office.stage.post(
                "\(ana.base)/errands/\(errand)/close", ["version": version], as: ana)
            _ = try await office.stage.post(
                "\(ana.base)/presence", ["to": "not-ready", "reason": "meet"], as: ana)
            clock.move(ms: 120_000)
            // The next booking.
            _ = try await office.stage.arrives("Two")
            let page = try await office.stage.get(path, as: office.ed).text
            let line = between("Ana Berg</th>", "</tr>", in: page)
            #expect(between("data-test=\"handled\">", "<", in: line) == "1", "\(line)")
            #expect(between("data-test=\"talk\">", "<", in: line) == "1:00 min")
            #expect(line.contains("Meeting 2:00 min") && line.contains("data-test=\"occupancy\">100 %"))
            #expect(page.contains("Cy Holm"))
            let gil = try await office.stage.signIn("gil")
            let led = try await office.stage.get(path, as: gil).text
            #expect(led.contains("Ana Berg") && !led.contains("Cy Holm"), "Cy serves another area")
            #expect(try await office.stage.get(path, as: ana).status == .forbidden)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `nobody else gets to the forms`(_ kind: EngineKind) async throws {
        try await run(kind) { office in
            let center = try office.center()
            let calendar = try #require(try office.directory.calendars.first)
            let bo = try office.agent("bo")
            for login in ["ana", "gil"] {
                let other = try await office.stage.signIn(login)
                let admin = "\(other.base)/admin"
                for path in ["calendars", "calendars/\(calendar.id)", "agents/\(bo.id.raw)"] {
                    #expect(
                        try await office.stage.get("\(admin)/\(path)", as: other).status == .forbidden,
                        "\(path)")
                }
                for path in [
                    "calendars", "calendars/\(calendar.id)", "agents/\(bo.id.raw)/rules", "call-centers",
                    "call-centers/\(center.id)/settings", "call-centers/\(center.id)/numbers",
                    "call-centers/\(center.id)/supervisors", "call-centers/\(center.id)/delete",
                    "areas/1/settings",
                ] {
                    let told = try await office.stage.postAll("\(admin)/\(path)", Self.settings, as: other)
                    #expect(told.status == .forbidden, "\(login) \(path)")
                }
            }
            #expect(try office.center() == center)
        }
    }
}
