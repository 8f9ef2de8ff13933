// Groups, departments and user ids from files: what is made of them, and what is refused and where.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct UserProvisionTests {
    static let file = """
        workspace: north
        groups:
          - id: G
            departments: [{name: Europe}, {name: Sales, parent: Europe}, {name: Inside, parent: Sales}]
          - {id: H, departments: [{name: Sales}]}
        threshold_profiles: [Patient]
        agents:
          - {login_name: ana, user_id: ana@sip.example.com, group: G, department: Inside}
          - {login_name: bo, user_id: bo@sip.example.com, group: H}
          - {login_name: cy}
          - {login_name: root, admin_level: administrator}
        call_centers:
          - {service_user_id: sales@example.com, group: Called, agents: [{login_name: ana}]}

        """

    @Test(arguments: EngineKind.tested)
    func `are as the file says, and stay as they are where it says nothing`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            func user(_ login: String) throws -> Agent { try #require(stage.directory.agent(login: login)) }
            #expect(stage.directory.departmentPath(of: try user("ana")) == "Europe \\ Sales \\ Inside")
            #expect(stage.directory.agent(userID: "ana@sip.example.com")?.loginName == "ana")
            #expect(stage.directory.agent(userID: "cy@north")?.loginName == "cy")
            #expect(stage.directory.group(of: try user("cy")) == "north")
            let groups = ["G", "H", "Called", "north"]
            #expect(groups.allSatisfy(stage.directory.users.hasGroup))
            #expect(!stage.directory.users.hasGroup("g"))
            #expect(
                stage.directory.users.thresholdProfiles == [AgentProfile.defaultThresholdProfile, "Patient"])
            #expect(!stage.directory.users.enrichesCallCenters)

            // They change places, and ana's department is gone with the list that had it.
            try await stage.provision(
                """
                workspace: north
                apio: {enrich_cc_info: true}
                groups: [{id: G, departments: [{name: Sales}]}]
                agents:
                  - {login_name: ana, user_id: bo@sip.example.com}
                  - {login_name: bo, user_id: ana@sip.example.com, group: Called}
                  - {login_name: cy, group: G, department: Sales}
                """)
            #expect(try user("ana").profile.group == "G" && user("ana").profile.department == "")
            #expect(stage.directory.agent(userID: "ana@sip.example.com")?.loginName == "bo")
            #expect(try user("bo").profile.group == "Called")
            #expect(stage.directory.departmentPath(of: try user("cy")) == "Sales")
            #expect(stage.directory.users.enrichesCallCenters)
            try await stage.restart()
            #expect(stage.directory.departmentPath(of: try user("cy")) == "Sales")
            try await stage.provision(
                "workspace: north\nagents: [{login_name: cy, group: null, user_id: null}]")
            #expect(try user("cy").profile.group == "" && user("cy").profile.department == "")
        }
    }

    static let refused: [(text: String, complaint: String)] = [
        ("agents: [{login_name: ana, group: J}]", "2:35: unknown group 'J'"),
        (
            "agents: [{login_name: ana, department: Sale}]",
            "2:40: unknown department 'Sale'; did you mean 'Sales'?"
        ),
        ("agents: [{login_name: cy, department: Sales}]", "2:39: unknown department 'Sales'"),
        ("agents: [{login_name: bo, department: Europe}]", "2:39: unknown department 'Europe'"),
        (
            "agents: [{login_name: ana, group: H}]",
            "2:35: the group 'H' has no department 'Inside', which the agent is in; give 'department' too"
        ),
        (
            "agents: [{login_name: cy, user_id: ana@sip.example.com}]",
            "2:36: the user id 'ana@sip.example.com' is taken on this server; choose another one"
        ),
        (
            "agents: [{login_name: cy, user_id: ana@north}]",
            "2:36: the user id 'ana@north' is taken on this server; choose another one"
        ),
        (
            "agents: [{login_name: cy, user_id: dora@south}]",
            "2:36: the user id 'dora@south' is taken on this server; choose another one"
        ),
        (
            "agents: [{login_name: cy, user_id: shared@south}]",
            "2:36: the user id 'shared@south' is taken on this server; choose another one"
        ),
        (
            "agents: [{login_name: odd}]",
            "2:23: 'odd@north', by which the agent would sign in, is another agent's user id"
        ),
        (
            "agents: [{login_name: cy, user_id: new}, {login_name: bo, user_id: new}]",
            "2:68: 'new' is already on line 2"
        ),
        ("agents: [{login_name: cy, user_id: \"a b\"}]", "2:36: a user id cannot contain spaces"),
        (
            "groups: [{id: G, departments: [{name: A, parent: B}, {name: B, parent: A}]}]",
            "2:50: departments would stand above themselves: A → B → A; leave one parent out"
        ),
        (
            "groups: [{id: G, departments: [{name: A, parent: A}]}]",
            "2:50: departments would stand above themselves: A → A; leave one parent out"
        ),
        (
            "groups: [{id: G, departments: [{name: Above, parent: Abov}]}]",
            "2:54: unknown department 'Abov'; did you mean 'Above'?"
        ),
        ("groups: [{id: G, departments: [{name: A}, {name: A}]}]", "2:50: 'A' is already on line 2"),
        ("groups: [{departments: []}]", "2:10: the key 'id' is missing: a group needs it"),
        ("apio: {enrich: true}", "2:8: unknown key 'enrich'; did you mean 'enrich_cc_info'?"),
    ]

    @Test(arguments: EngineKind.tested)
    func `a reference that leads nowhere and an id that is taken change nothing`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            try await stage.provision(
                """
                workspace: south
                agents: [{login_name: dora, user_id: shared@south}, {login_name: eve, user_id: odd@north}]
                """)
            let before = try await stage.stored()
            for (text, complaint) in Self.refused {
                let said = try await stage.complaint("workspace: north\n" + text)
                #expect(said == "t.yaml:" + complaint)
            }
            #expect(try await stage.stored() == before)
        }
    }
}
