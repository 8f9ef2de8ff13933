// TENIOS's keys and settings in provisioning files: minted, set, changed, refused.
import Foundation
import Store
import Testing
import TestStores

@testable import Center

@Suite struct TeniosProvisionTests {
    private static func apply(_ text: String, _ stage: CenterStage) async throws -> ProvisionResult {
        try await stage.floor.provision(try ProvisionFile.read(text, name: "t.yaml"))
    }

    private static func owner(_ key: String, _ stage: CenterStage) -> String? {
        stage.floor.bearer(teniosKey: key)?.directory.name
    }

    @Test("keys are minted once, set and changed; only digests are stored", arguments: EngineKind.tested)
    func keys(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let file = """
                workspace: north
                tenios_access_keys: [{name: minted}, {name: own, key: 8d7a63bb-1f0e-4d8e}]
                """
            let result = try await Self.apply(file, stage)
            let minted = try #require(result.teniosAccessKeys["minted"])
            #expect(result.teniosAccessKeys.count == 1)
            let form = /[A-Z0-9]{5}-[A-Z0-9]{4}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{6}/
            let hasForm = minted.wholeMatch(of: form) != nil
            #expect(hasForm)
            #expect(Self.owner(minted, stage) == "north")
            #expect(Self.owner("8d7a63bb-1f0e-4d8e", stage) == "north")
            #expect(Self.owner(minted.lowercased(), stage) == nil)
            #expect(try await Self.apply(file, stage).teniosAccessKeys.isEmpty)
            #expect(Self.owner(minted, stage) == "north")
            let stored = try await stage.rows("SELECT name, digest FROM tenios_key ORDER BY id")
            #expect(stored.map { $0.text("name") } == ["minted", "own"])
            #expect(
                stored.map { $0.text("digest") } == [minted, "8d7a63bb-1f0e-4d8e"].map { sha256Hex($0.utf8) })
            // Another key under the same name ends the old one; a restart knows what is there.
            _ = try await Self.apply(
                "workspace: north\ntenios_access_keys: [{name: own, key: another-key}]", stage)
            try await stage.restart()
            #expect(Self.owner("8d7a63bb-1f0e-4d8e", stage) == nil)
            #expect(Self.owner("another-key", stage) == "north" && Self.owner(minted, stage) == "north")
        }
    }

    @Test("a key is of one workspace and one name", arguments: EngineKind.tested)
    func taken(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.provision("workspace: north\ntenios_access_keys: [{name: a, key: first-key}]")
            let taken = "this key is taken on this server already; choose another, or leave it out"
            for workspace in ["north", "south"] {
                #expect(
                    try await stage.complaint(
                        "workspace: \(workspace)\ntenios_access_keys:\n  - {name: b, key: first-key}")
                        == "t.yaml:3:20: \(taken)")
            }
            #expect(
                try await stage.complaint(
                    "workspace: north\ntenios_access_keys: [{name: b, key: twice-used}, {name: c, key: twice-used}]"
                )
                    == "t.yaml:2:65: \(taken)")
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM tenios_key") == 1)
            #expect(stage.floor.roster.workspace(named: "south") == nil)
            #expect(Self.owner("first-key", stage) == "north" && Self.owner("twice-used", stage) == nil)
        }
    }

    @Test("an agent's destinations and the settings of the wire", arguments: EngineKind.tested)
    func settings(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            func ana() -> AgentTelephony? { stage.directory.agent(login: "ana")?.telephony }
            func file(_ agent: String) -> String {
                "workspace: north\nagents:\n  - {login_name: ana, \(agent)}"
            }
            let first = try #require(ana())
            #expect(first.cloudACDEnabled && first.sipEnabled && !first.externalNumberEnabled)
            #expect(first.externalNumber == "" && !stage.directory.teniosGetRetrieve)
            let needed = "external_number_enabled needs an external_number"
            #expect(
                try await stage.complaint(file("external_number_enabled: true")) == "t.yaml:3:48: \(needed)")
            try await stage.provision(
                file("external_number_enabled: true, external_number: \"+4922155400300\", sip_enabled: false")
                    + "\ntenios: {get_retrieve: true}")
            #expect(ana()?.externalNumber == "+4922155400300" && ana()?.sipEnabled == false)
            #expect(ana()?.externalNumberEnabled == true && stage.directory.teniosGetRetrieve)
            #expect(try await stage.complaint(file("external_number: null")) == "t.yaml:3:5: \(needed)")
            try await stage.provision(file("external_number: null, external_number_enabled: false"))
            #expect(ana()?.externalNumber == "" && ana()?.sipEnabled == false)
            try await stage.provision("workspace: north\ntenios: {get_retrieve: false}")
            #expect(!stage.directory.teniosGetRetrieve)
        }
    }
}
