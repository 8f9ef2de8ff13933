// /cloud-pbx/list: the workspace's agents as users of a telephone system. Source: tenios.md §4.
import Center
import Hummingbird
import Web

extension TeniosRoutes {
    private static let pageSizeMax: Int64 = 1_000
    /// Far beyond every last page, and small enough to count with.
    private static let pageMax: Int64 = 1 << 31

    @Sendable func listUsers(_ request: Request, _ context: Context) async throws -> Response {
        let read = try await read(request, context, "page", "page_size")
        let page = try read.number("page", in: 1...Self.pageMax)
        let size = try read.number("page_size", in: 1...Self.pageSizeMax)
        let agents = read.caller.directory.agents.filter(\.active)
        return Self.answer(
            .ok, [:],
            JSONWriter.object { answer in
                answer.member("success", true)
                answer.array("items") { list in
                    for agent in agents.dropFirst(Int((page - 1) * size)).prefix(Int(size)) {
                        list.object { Self.write(agent, to: &$0) }
                    }
                }
                answer.member("total_items", Int64(agents.count))
                answer.member("page_size", size)
                answer.member("page", page)
            })
    }

    private static func write(_ agent: Agent, to item: inout JSONWriter) {
        item.member("user_name", agent.loginName)
        item.member("first_name", agent.telephony.firstName)
        item.member("last_name", agent.telephony.lastName)
        item.member("internal_extension", agent.telephony.extensionNumber)
        // Neither outgoing calls nor histories of calls are kept here.
        item.member("outbound_allowed", false)
        item.member("sip_login_enabled", agent.telephony.sipEnabled)
        item.member("call_history_enabled", false)
        item.member("email", agent.emailAddress)
    }
}
