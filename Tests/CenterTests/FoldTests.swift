// The form in which names and addresses are compared.
import Testing

@testable import Center

@Suite struct FoldTests {
    @Test func spaceCaseAndCompositionDoNotMatter() {
        #expect(fold(" \tKim.Lund@Example.COM\r\n") == "kim.lund@example.com")
        #expect(fold("\u{2003}A\u{30A}SA\u{85}") == "\u{E5}sa")
        #expect(fold("") == "" && fold(" \n ") == "")
    }

    @Test func theShortWayMeansTheSame() {
        for byte in UInt8(0)..<0x80 {
            let one = String(UnicodeScalar(byte))
            for text in [one, one + "B", "B" + one, " B" + one + "c ", one + one] {
                #expect(foldASCII(text) == foldAny(text), "\(Array(text.utf8))")
            }
        }
        for seed in UInt64(1)...2_000 {
            var state = seed
            let bytes = (0..<Int(seed % 40)).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(state >> 57)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(foldASCII(text) == foldAny(text), "\(bytes)")
        }
        #expect(foldASCII("\u{E5}") == nil)
    }
}
