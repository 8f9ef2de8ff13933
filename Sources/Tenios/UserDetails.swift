// /acd/details/user: where calls reach an agent, and skills. Source: seed 003, lines 151-415; tenios.md §2.3, §2.4.
import Center
import Hummingbird
import Web

extension TeniosRoutes {
    @Sendable func retrieveDetails(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "email")
        let agent = try read.agent()
        let directory = read.caller.directory
        let isReady = floor.isReady(agent, in: directory.workspace)
        let has = Set(agent.skills.map(\.skill))
        return Self.answer(
            .ok, [:],
            JSONWriter.object { answer in
                answer.member("success", true)
                answer.member("cloud_acd_enabled", agent.telephony.cloudACDEnabled)
                answer.member("sip_enabled", agent.telephony.sipEnabled)
                answer.member("external_number_enabled", agent.telephony.externalNumberEnabled)
                answer.member("external_number", agent.telephony.externalNumber)
                answer.member("state", Self.word(isReady))
                answer.member("current_destination", orNull: Self.destination(agent.telephony))
                answer.array("user_skills") { list in
                    for skill in directory.skills {
                        list.object { element in
                            element.member("name", skill.name)
                            element.member("has_skill", has.contains(skill.id))
                        }
                    }
                }
            })
    }

    private static func destination(_ telephony: AgentTelephony) -> String? {
        if telephony.sipEnabled { return "SIP" }
        return telephony.externalNumberEnabled ? "EXTERNAL_NUMBER" : nil
    }

    @Sendable func changeDetails(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(
            request, context, "email", "cloud_acd_enabled", "sip_enabled", "external_number_enabled",
            "external_number", "state", "user_skills", upTo: TeniosRequest.skillsBodyMaxBytes)
        let agent = try read.agent()
        let details = try ACDDetails(read)
        do {
            try await floor.setACDDetails(agent.id, details, by: read.caller.principal)
        } catch Refusal.notFound {
            throw TeniosError.agentNotFound()
        } catch Refusal.invalid(_, pointer: "/skills") {
            throw TeniosError.allSkills
        }
        return Self.success
    }
}

extension ACDDetails {
    /// Every member in the documented order.
    fileprivate init(_ read: TeniosRequest) throws {
        let cloudACDEnabled = try read.flag("cloud_acd_enabled")
        let sipEnabled = try read.flag("sip_enabled")
        let externalNumberEnabled = try read.flag("external_number_enabled")
        let number = try read.externalNumber(isNeeded: externalNumberEnabled)
        let isReady = try read.isReady()
        let skills = try read.array("user_skills").map { element in
            guard element.kind == .object, let name = element["name"]?.string,
                let has = element["has_skill"].flatMap(TeniosRequest.flag),
                element.members.allSatisfy({ $0.name == "name" || $0.name == "has_skill" })
            else { throw TeniosRequest.wrong("user_skills") }
            return Skill(name: name, has: has)
        }
        self.init(
            cloudACDEnabled: cloudACDEnabled, sipEnabled: sipEnabled,
            externalNumberEnabled: externalNumberEnabled, externalNumber: number, isReady: isReady,
            skills: skills)
    }
}

extension TeniosRequest {
    /// The number in E.164; empty and null are none, which only a number that is not called may be.
    fileprivate func externalNumber(isNeeded: Bool) throws -> String {
        guard has("external_number"), let number = try textOrNil("external_number") else {
            if isNeeded || !has("external_number") { throw TeniosError.required("external_number") }
            return ""
        }
        guard isE164(number) else { throw Self.wrong("external_number") }
        return number
    }
}
