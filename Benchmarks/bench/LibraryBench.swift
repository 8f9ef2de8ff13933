// What bin/bench needs to ask the library: a token that may, and as many questions as are searched.

import Center
import SeededRandom

struct LibraryBench {
    /// None: no library.
    let questions: Int
    var seed: UInt64 = 42

    /// Questions in one provisioning file, which has a largest size.
    private static let atOnce = 4_000
    /// As many different ones as a language has in common use.
    private static let syllables = [
        "", "b", "br", "d", "f", "gr", "h", "k", "l", "m", "n", "p", "s", "st", "t", "v",
    ]
    .flatMap { onset in
        ["a", "e", "i", "o", "u", "y", "å", "ö"].flatMap { vowel in
            ["", "l", "n", "r", "s", "t", "ck", "nd"].map { onset + vowel + $0 }
        }
    }

    /// Fills the library, and gives a token that reads it.
    func open(_ floor: Floor) async throws -> String? {
        guard questions > 0 else { return nil }
        var random = Seeded(seed: seed)
        // Most words are rare: the further down the list, the rarer.
        let words = (0..<20_000).map { _ in
            (0..<(2 + random.below(3))).map { _ in Self.syllables[random.below(Self.syllables.count)] }
                .joined()
        }
        func text(_ count: Int) -> String {
            (0..<count).map { _ in
                let share = Double(random.below(1 << 20)) / Double(1 << 20)
                return words[Int(share * share * share * Double(words.count))]
            }.joined(separator: " ")
        }
        var number = 0
        while number < questions {
            var file = "workspace: \(BenchWorkspace.name)\nlibrary_questions:\n"
            for _ in 0..<min(Self.atOnce, questions - number) {
                number += 1
                file += "  - {subject: \"\(number) \(text(5))\", question: \"<p>\(text(20))</p>\", "
                file += "answer: \"<p>\(text(45))</p>\", toplist: \(number % 50 == 0)"
                if number % 10 == 0 { file += ", attachments: [{name: a.txt, content: QXBwbGU=}]" }
                file += "}\n"
            }
            _ = try await floor.provision(try ProvisionFile.read(file, name: "library.yaml"))
        }
        let token =
            "workspace: \(BenchWorkspace.name)\naccess_tokens: [{name: library, key: k, claims: [library]}]"
        let made = try await floor.provision(try ProvisionFile.read(token, name: "token.yaml"))
        return made.accessTokens["library"]
    }
}
