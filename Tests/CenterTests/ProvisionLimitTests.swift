// However large, deep or twisted a provisioning file is, it is refused soon and in words.

import Testing

@testable import Center

@Suite struct ProvisionLimitTests {
    @Test(arguments: TooMuch.all)
    func tooMuchIsRefused(too: TooMuch) {
        #expect(refusal(of: too.text())?.description == "t.yaml:\(too.place): \(too.reason)")
    }

    /// 9³⁰ values if they were written out, in the place where the parser would do so: a key.
    @Test func aliasBombIsRefused() {
        var text = "a0: &a0 [x, x, x]\n"
        for level in 1...30 {
            text +=
                "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(refusal(of: text + "? *a30\n: x\n")?.description == "t.yaml:2:10: \(aliasReason)")
    }

    /// Each level of keys within keys would be compared with all that is in it.
    @Test func keysWithinKeysAreRefused() {
        let text = String(repeating: "? ", count: 400) + "[" + String(repeating: "a,", count: 100_000) + "]"
        #expect(
            refusal(of: text)?.description
                == "t.yaml:1:1: keys that begin with '?' are not read: write 'key: value'")
    }

    @Test func textThatLooksLikeMarksIsNoBomb() throws {
        let names = (0..<20).map { "  - name: \"R &D *\($0) *bold* what ?\"\n    external_id: \"&x\($0)\"\n" }
        let lines = (0..<20).map { "  - Really \($0) ?\n" }
        let plan = try readPlan("workspace: a\nareas:\n\(names.joined())tags:\n\(lines.joined())# *a *a &a\n")
        #expect(plan.areas.count == 20)
        #expect(plan.tags.count == 20)
    }

    @Test func byteOrderMarkAndLineEndsDoNotMatter() throws {
        let text = try projectText("examples/demo.yaml")
        let plain = try readPlan(text)
        #expect(try readPlan("\u{FEFF}" + text) == plain)
        #expect(try readPlan(text.replacing("\n", with: "\r\n")) == plain)
        #expect(
            refusal(of: "workspace: a\r\ntags: [x]\r\n\u{1}")?.description.hasPrefix(
                "t.yaml:3:1: the character U+0001") == true)
    }
}

/// A document that is too much of something; made when it is needed, as it would fill the test's log.
struct TooMuch: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let place: String
    let reason: String
    let text: @Sendable () -> String

    static let all = [
        TooMuch(testDescription: "bytes", place: "1:1", reason: "the file is larger than 4194304 bytes") {
            "workspace: a\n#" + String(repeating: "x", count: documentBytesMax)
        },
        TooMuch(testDescription: "values", place: "2:1000000", reason: "the file has more than 500000 values")
        {
            "workspace: a\nskills: [" + String(repeating: "a,", count: 600_000) + "]"
        },
        TooMuch(testDescription: "levels", place: "2:40", reason: "nested deeper than 32 levels") {
            "workspace: a\nskills: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        },
        TooMuch(
            testDescription: "levels for the parser", place: "2:10", reason: "nested deeper than 32 levels"
        ) {
            "workspace: a\nskills: " + String(repeating: "[", count: 100_000)
        },
        TooMuch(testDescription: "agents", place: "20003:3", reason: "more than 20000 agents") {
            "workspace: a\nagents:\n" + (0...20_000).map { "- {login_name: a\($0)}\n" }.joined()
        },
        TooMuch(
            testDescription: "letters", place: "2:15",
            reason: "expected a name of 1 to 200 characters, not 201"
        ) {
            "workspace: a\norganisation: " + String(repeating: "x", count: 201)
        },
        TooMuch(
            testDescription: "password", place: "2:36",
            reason: "expected a password of 8 to 1024 characters, not 1025"
        ) {
            "workspace: a\nagents: [{login_name: a, password: " + String(repeating: "é", count: 1_025) + "}]"
        },
    ]
}
