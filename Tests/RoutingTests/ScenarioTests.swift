// Every scenario a supervisor can read, played against the router.

import Routing
import Testing

@Test(arguments: try Scenario.all())
func scenario(_ scenario: Scenario) throws {
    if let difference = try scenario.difference() {
        Issue.record("\(scenario.file): \(scenario.title)\n\(difference)")
    }
}

@Test func `a wrong expectation is told with what was expected and what came`() throws {
    let scenario = try Scenario(
        file: "wrong",
        text: """
            # wrong on purpose
            09:00:00 agent ana ready sales
            09:00:10 call c1 arrives sales
                     > offer c1 bo because idle 10s
            """)
    let difference = try #require(try scenario.difference())
    #expect(difference.contains("expected  > offer c1 bo because idle 10s"))
    #expect(difference.contains("but got   > offer c1 ana because only candidate"))
}
