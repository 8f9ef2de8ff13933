// A provisioning file is read as docs/provisioning.md says, and a wrong one is refused where it is wrong.

import Foundation
import Testing

@testable import Center

private let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func projectText(_ path: String) throws -> String {
    try String(contentsOf: project.appending(path: path), encoding: .utf8)
}

func readPlan(_ text: String) throws -> ProvisionPlan { try ProvisionFile.read(text, name: "t.yaml") }

func refusal(of text: String) -> ProvisionProblem? {
    do {
        _ = try ProvisionFile.read(text, name: "t.yaml")
        return nil
    } catch {
        return error
    }
}

@Suite struct ProvisionFileTests {
    @Test(arguments: wrongDocuments)
    func wrongDocumentIsRefused(wrong: WrongDocument) {
        #expect(refusal(of: wrong.text)?.description == "t.yaml:\(wrong.place): \(wrong.reason)")
    }

    @Test func noMessageRepeatsASecret() {
        let secrets = wrongDocuments.filter { $0.text.contains("hunter2") }
        #expect(secrets.count >= 6)
        for wrong in secrets {
            let problem = refusal(of: wrong.text)
            #expect(problem != nil)
            #expect(problem?.description.contains("hunter2") == false)
        }
        let secretsElsewhere = [
            "workspace: a\nagents: [{login_name: a, password:hunter2, password:hunter2}]",
            "workspace: a\nagents:\n  - login_name: a\n    password: \"hunter2",
            "workspace: a\naccess_tokens: [{name: t, key: \"hunter2\\n\"}]",
            "workspace: a\naccess_tokens: [{name: t, key: {hunter2: hunter2}}]",
            "workspace: a\ncallbacks: [{name: c, secret: [hunter2]}]",
            "workspace: a\ncallbacks: [{name: c, endpoint: \"https://a.example:99999/hunter2\"}]",
        ]
        for text in secretsElsewhere {
            let problem = refusal(of: text)
            #expect(problem != nil)
            #expect(problem?.description.contains("hunter2") == false, "\(text)")
        }
    }

    @Test func demoReads() throws {
        let plan = try ProvisionFile.read(projectText("examples/demo.yaml"), name: "demo.yaml")
        #expect(plan.workspace.value == "demo")
        #expect(plan.agents.map(\.loginName.value) == ["ana", "bo", "cy", "dora"])
        #expect(plan.agents.allSatisfy { $0.password != nil && $0.emailAddress.value != nil })
        #expect(plan.agents.map(\.adminLevel) == [nil, nil, nil, .administrator])
        #expect(plan.agents[0].skills?.map(\.name.value) == ["billing", "swedish"])
        #expect(plan.agents[0].skills?.map(\.level) == [nil, 1])
        #expect(plan.agents[1].capacity == CapacityEntry(errand: 3, chat: nil, call: nil))
        #expect(plan.agents[1].language == .sv)
        #expect(plan.areas.map(\.name.value) == ["Support", "Billing", "Kundtjänst"])
        #expect(plan.areas[1].queue.requiredSkills?.map(\.value) == ["billing"])
        #expect(plan.areas[2].queue.desiredTimeoutMs == 90_000)
        #expect(plan.areas[0].slaResponseS == .value(14_400))
        #expect(
            plan.calendars[0].hours.value?[.fri] == [
                OpenMinutes(start: 480, end: 720), OpenMinutes(start: 780, end: 960),
            ])
        #expect(plan.calendars[0].hours.value?[.sun] == [])
        #expect(plan.calendars[0].holidays?.map(\.date) == ["2026-12-24", "2026-12-25", "2027-01-01"])
        #expect(plan.notReadyReasons.filter { $0.isDefault == true }.map(\.code.value) == ["COF"])
        #expect(plan.accessTokens[0].claims == [.createErrand])
        #expect(plan.accessTokens[0].channel == .form)
        #expect(plan.accessTokens[1].claims?.contains(.logio) == true)
        #expect(plan.callbacks.isEmpty)
        // Whoever the file refers to is in the file.
        let skills = Set(plan.skills.map(\.value))
        let logins = Set(plan.agents.map(\.loginName.value))
        let areas = Set(plan.areas.map(\.name.value))
        #expect(plan.agents.allSatisfy { ($0.skills ?? []).allSatisfy { skills.contains($0.name.value) } })
        #expect(plan.agentGroups.allSatisfy { ($0.agents ?? []).allSatisfy { logins.contains($0.value) } })
        #expect(plan.agentGroups.allSatisfy { ($0.areas ?? []).allSatisfy { areas.contains($0.value) } })
    }

    @Test func demoReadsWithItsCommentedCallback() throws {
        let parts = try projectText("examples/demo.yaml").components(
            separatedBy: "take the comments away:\n#\n")
        #expect(parts.count == 2)
        let callback = parts[1].split(separator: "\n").map { $0.dropFirst(2) }.joined(separator: "\n")
        let plan = try readPlan(parts[0] + "\n" + callback)
        #expect(plan.callbacks.map(\.endpoint) == ["http://127.0.0.1:9000/hook"])
        #expect(plan.callbackNetworks?.map(\.description) == ["127.0.0.0/8"])
    }

    @Test func absentClearedAndGivenAreApart() throws {
        let plan = try readPlan(
            """
            workspace: a
            agents:
              - login_name: absent
              - {login_name: cleared, email_address: null, device_id: ~, skills: , capacity: {}}
              - {login_name: given, email_address: A@b.example, device_id: 0, skills: [], extension_id: 7}
            areas:
              - {name: x}
              - {name: y, calendar: null, required_skills: [], external_id: , sla_done_s: null}
              - {name: z, calendar: c, external_id: 007, sla_done_s: 1, wrap_up_s: 0}
            agent_groups: null
            callback_networks:
            """)
        #expect(plan.agents[0].emailAddress == .absent)
        #expect(plan.agents[0].skills == nil)
        #expect(plan.agents[0].capacity == nil)
        #expect(plan.agents[1].emailAddress == .cleared)
        #expect(plan.agents[1].deviceID == .cleared)
        #expect(plan.agents[1].skills == [])
        #expect(
            plan.agents[2].emailAddress == .value(Located("A@b.example", at: Position(line: 5, column: 40))))
        #expect(plan.agents[2].deviceID.value?.value == 0)
        #expect(plan.agents[2].extensionID.over(nil)?.value == 7)
        #expect(plan.areas[0].calendar == .absent)
        #expect(plan.areas[0].queue.requiredSkills == nil)
        #expect(plan.areas[1].calendar == .cleared)
        #expect(plan.areas[1].externalID == .cleared)
        #expect(plan.areas[1].queue.requiredSkills == [])
        #expect(plan.areas[1].slaDoneS.over(5) == nil)
        #expect(plan.areas[0].slaDoneS.over(5) == 5)
        #expect(plan.areas[2].slaDoneS.over(5) == 1)
        #expect(plan.areas[2].externalID == .value("007"))
        #expect(plan.areas[2].queue.wrapUpMs == 0)
        #expect(plan.agentGroups.isEmpty)
        #expect(plan.callbackNetworks == [])
        #expect(plan.embedOrigins == nil)
    }

    @Test func planSurvivesJSON() throws {
        var plan = try readPlan(
            """
            workspace: a
            callback_networks: [10.0.0.0/8, "fd00::/8"]
            agents:
              - {login_name: b, email_address: null}
              - {login_name: c, device_id: 3}
            areas: [{name: x, archives: [t/a.pdf]}]
            calendars: [{name: c, hours: {mon: ["00:00-24:00"]}, holidays: [2028-02-29]}]
            not_ready_reasons: [{code: A, default: false}]
            access_tokens: [{name: t, claims: [acd, create_errand], channel: line, account: x, expiry: 0}]
            """)
        try plan.attach([0, 255, 7], for: plan.referencedFiles[0])
        let demo = try readPlan(projectText("examples/demo.yaml"))
        for plan in [plan, demo] {
            let json = try JSONEncoder().encode(plan)
            #expect(try JSONDecoder().decode(ProvisionPlan.self, from: json) == plan)
        }
        let json = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
        #expect(json.contains(#""t\/a.pdf":"AP8H""#))
    }

    @Test func valuesAreTyped() throws {
        let plan = try readPlan(
            """
            workspace: a
            embed_origins: ["HTTPS://Intranet.Example:443", "http://localhost:8081", "http://[::1]:80"]
            callback_networks: [0.0.0.0/0, 192.168.1.7/32, "::1/128"]
            areas: [{name: x, offer_timeout_s: 20, desired_timeout_s: 0, archives: [b/c.pdf, d.pdf]}, {name: y, archives: [d.pdf]}]
            callbacks: [{name: c, endpoint: "http://127.0.0.1:9000/a?b=c", areas: []}]
            """)
        #expect(plan.embedOrigins == ["https://intranet.example", "http://localhost:8081", "http://[::1]"])
        #expect(plan.areas[0].queue.offerTimeoutMs == 20_000)
        #expect(plan.areas[0].queue.desiredTimeoutMs == 0)
        #expect(plan.referencedFiles.map(\.value) == ["b/c.pdf", "d.pdf"])
        #expect(AreaEntry.archiveName("b/c.pdf") == "c.pdf")
        #expect(plan.callbacks[0].areas == [])
        let networks = plan.callbackNetworks ?? []
        #expect(networks.map(\.description) == ["0.0.0.0/0", "192.168.1.7/32", "::1/128"])
    }

    @Test func unknownReferenceSaysWhereAndWhatWasMeant() throws {
        let plan = try readPlan("workspace: a\nagent_groups:\n  - name: g\n    areas: [Suport]")
        let area = try #require(plan.agentGroups[0].areas?[0])
        #expect(
            plan.unknown("area", area, among: ["Billing", "Support"]).description
                == "t.yaml:4:13: unknown area 'Suport'; did you mean 'Support'?")
        #expect(
            plan.unknown("area", area, among: ["Billing"]).description == "t.yaml:4:13: unknown area 'Suport'"
        )
    }

    @Test func messageStaysOnOneLine() {
        let problem = refusal(
            of: "workspace: a\n\"evil\\nkey \u{202E}\(String(repeating: "x", count: 90))\": 1")
        #expect(problem?.reason == "unknown key 'evil?key ?\(String(repeating: "x", count: 30))…'")
    }
}
