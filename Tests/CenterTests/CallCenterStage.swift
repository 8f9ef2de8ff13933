// A workspace with call centers, for the tests of provisioning, of changes and of calendars.

import Routing
import Store
import Testing

@testable import Center

extension CenterStage {
    static let centers = """
        workspace: north
        time_zone: Europe/Stockholm
        queue_order: priority
        skills: [german]
        not_ready_reasons:
          - {code: LUN, text: Lunch, default: true}
          - {code: DND, text: Do not disturb}
        calendars:
          - name: office
            hours: {mon: ["08:00-17:00"], tue: ["08:00-17:00"]}
            holidays: [2026-12-25]
        agents:
          - login_name: ana
            limits: {no_answer: 3, busy: 0, error: 4}
            bounced_after: 2
            bounced_reason: DND
            forced_unavailable: {do_not_disturb: DND, personal_call: true, not_reachable: false}
            guard_timer_s: 7
            wrap_up_s: 90
            interrupts: {errand: [call], chat: [], call: [errand, call]}
          - {login_name: bo, capacity: {call: 2}}
          - {login_name: cy}
          - {login_name: root, admin_level: administrator}
        areas:
          - name: Support
            priority: 3
            policy: weighted
            routing_type: skill_based
            guard_timer_s: 5
            offers_in_wrap_up: true
            overflow: {size: 10, wait_s: 3600, estimated_wait_s: 7200, action: {queue: Spill, keep_wait: false}}
            night: {queue: Spill}
            holiday: {queue: Spill}
            stranded: {queue: Spill}
            forced_forwarding: {action: {queue: Spill}, active: false}
            agents: [{login_name: bo, weight: 30}, {login_name: ana, weight: 70, skill_level: 2}]
          - {name: Spill, policy: uniform}
        agent_groups:
          - {name: all, agents: [ana, bo, cy], areas: [Support, Spill]}
        access_tokens:
          - {name: support, key: k, claims: [create_errand], channel: form, area: Support}
        call_centers:
          - service_user_id: sales@example.com
            name: Sales
            group: G1
            type: Premium
            routing_type: skill_based
            policy: circular
            phone_number: "+4930123456"
            extension: "700"
            priority: 2
            queue_length: 5
            log_off_allowed: true
            joinable: true
            calendar: office
            wrap_up_s: 20
            guard_timer_s: 3
            offer_timeout_s: 25
            bounced_after: 3
            required_skills: [german]
            overflow: {size: 9, wait_s: 60, estimated_wait_s: 120, action: {call_center: help@example.com}}
            night: {number: "+49301111"}
            holiday: busy
            forced_forwarding: {action: ringing, active: true}
            stranded: {queue: Spill, keep_wait: true}
            agents:
              - {login_name: cy, skill_level: 1}
              - {login_name: ana, available: false, skill_level: 20, weight: 40}
            supervisors: [{login_name: root, agents: [ana, cy]}]
            dnis:
              - {name: main, phone_number: "+4930123457", priority: 1, allow_outgoing: true}
              - {name: second, phone_number: "+4930123458"}
          - {service_user_id: help@example.com, agents: [{login_name: bo}, {login_name: cy}]}

        """

    func provision(_ text: String) async throws {
        _ = try await floor.provision(try ProvisionFile.read(text, name: "t.yaml"))
    }

    /// What is said against the file, with its place; nil when it was applied.
    func complaint(_ text: String) async throws -> String? {
        do {
            try await provision(text)
            return nil
        } catch let problem as ProvisionProblem {
            return problem.description
        }
    }

    func center(_ id: String) -> CallCenter? { directory.callCenter(serviceUserID: id) }

    func snapshot() async throws -> Snapshot { try await look { $0.office.router.snapshot() } }

    func queueSettings(_ queue: QueueID) async throws -> QueueSettings? {
        try await snapshot().queues.first { $0.0 == queue }?.1
    }

    func agentSettings(_ login: String) async throws -> AgentSettings {
        let id = try agent(login)
        let snapshot = try await snapshot()
        return zip(snapshot.agents, snapshot.agentSettings).first { $0.0.id == id }!.1
    }

    /// How many journal lines there are, and of how many queues and agents the rows tell.
    func stored() async throws -> [Int64] {
        var counts: [Int64] = []
        for table in ["journal", "queue", "queue_treatment", "queue_member", "call_center", "dnis", "agent"] {
            counts.append(try await count(SQL(name: "SELECT COUNT(*) AS n FROM \(table)")))
        }
        return counts
    }
}
