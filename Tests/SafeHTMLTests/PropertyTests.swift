// Over generated hostile HTML: a result is strict, and cleaning it again changes nothing.
import Foundation
import Testing

@testable import SafeHTML

@Suite("Hostile HTML")
struct PropertyTests {
    /// `SWITCHBOARD_TEST_HTML_CASES` sets another number for a long run.
    static let cases =
        ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_HTML_CASES"].flatMap(Int.init) ?? 1_500

    @Test("is strict and stays as it is")
    func settles() {
        let seed =
            ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_SEED"].flatMap(UInt64.init)
            ?? UInt64.random(in: 1...UInt64(Int64.max))
        print("hostile HTML: SWITCHBOARD_TEST_SEED=\(seed), \(Self.cases) cases")
        var hostile = Hostile(seed: seed)
        for n in 0..<Self.cases {
            let html = hostile.mail()
            let remote = n % 2 == 0
            func clean(_ html: String) -> SafeHTML.Cleaned {
                SafeHTML.clean(html, remoteImages: remote) { $0.count % 2 == 0 ? "cid:\($0)" : nil }
            }
            let once = clean(html)
            let fault = Strict.fault(once.html)
            #expect(fault == nil, "seed \(seed), case \(n): \(html.debugDescription)")
            let twice = clean(once.html)
            #expect(twice.html == once.html, "seed \(seed), case \(n): \(html.debugDescription)")
            #expect(twice.blockedImages == 0)
            #expect(!twice.isCut)
            _ = SafeHTML.text(html)
        }
    }
}

/// Makes HTML out of pieces that break parsers.
struct Hostile {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
    private mutating func pick(_ list: [String]) -> String { list[next(list.count)] }

    mutating func mail() -> String {
        var html = ""
        for _ in 0..<(1 + next(40)) { html += piece() }
        return html
    }

    private mutating func piece() -> String {
        switch next(10) {
        case 0...3: "<" + pick(Self.names) + attributes() + pick([">", "/>", " >", "", "<", "\n>"])
        case 4, 5: "</" + pick(Self.names) + pick([">", " x>", "", ">>"])
        case 6: pick(Self.texts)
        case 7: pick(Self.openers)
        case 8: pick(Self.classics)
        default: String(UnicodeScalar(UInt8(next(256)))) + pick(Self.texts)
        }
    }

    private mutating func attributes() -> String {
        var text = ""
        for _ in 0..<next(4) {
            let quote = pick(["\"", "'", "", "`"])
            text += pick([" ", "/", "\n", "\t", ""]) + pick(Self.attributes)
            text += pick(["=", " = ", ""]) + quote + pick(Self.values) + pick([quote, quote, quote, ""])
        }
        return text
    }

    static let names = [
        "p", "div", "b", "i", "a", "table", "tr", "td", "tbody", "ul", "li", "ol", "span", "font", "img",
        "br",
        "svg", "math", "style", "script", "title", "textarea", "noscript", "template", "plaintext", "xmp",
        "select", "option", "form", "iframe", "object", "embed", "html", "head", "body", "frameset", "base",
        "meta", "link", "mglyph", "mtext", "annotation-xml", "foreignObject", "desc", "h1", "pre", "hr",
        "wbr",
        "center", "blockquote", "dl", "dt", "dd", "caption", "col", "colgroup", "image", "o:p", "x-mail", "P",
        "SCRIPT", "button", "section", "marquee", "noembed", "isindex", "A", "address", "q", "del", "bdo",
    ]
    static let attributes = [
        "href", "src", "style", "onclick", "onerror", "id", "name", "class", "title", "alt", "width",
        "bgcolor",
        "srcset", "background", "color", "face", "size", "xlink:href", "xmlns", "formaction", "action",
        "HREF",
        "align", "dir", "lang", "type", "target", "rel", "\"", "'", "=", "<", "on\u{0}click", "style\u{0}",
        "colspan", "start", "value", "nowrap", "href\u{C}src",
    ]
    static let values = [
        "javascript:alert(1)", "java\tscript:alert(1)", "http://x.example/?a=1&b=2", "https://x.example/\"x",
        "cid:a@b", "cid:ab", "data:text/html,x", "//x.example", "mailto:a@b.example", "red", "#fff", "10",
        "5%",
        "color:red;position:fixed", "background:url(x)", "font-family:'a b',\"c\"",
        "x\"><script>alert(1)</script>",
        "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;", "--><img src=x>", "</style><img src=x>", "left",
        "rtl",
        "&#x6a;avascript:1", "`", "'", "\"", "", " ", "\u{0}", "expression(1)", "rgb(1,2,3)", "&#13;&#10;",
        "+3",
        "<!--", "]]>", "&", "&amp;amp;", "é\u{2028}\u{FFFE}", "tel:1", "http:x", "https:\\\\x", "1\r2",
        "\u{96}",
    ]
    static let texts = [
        "words", " ", "\n", "&lt;", "&amp;lt;script&gt;", "&#0;", "&#x80;", "&#xD800;", "&#1114112;",
        "&nosuch;",
        "&", "<", ">", "\"", "'", "\u{0}", "\r\n", "\r", "é", "📦", "\u{FEFF}", "\u{FFFF}", "\u{85}",
        "\u{C2}\u{80}",
        "5 < 6", "&#13;", "&#x9;", "&notit;", "&#x", "&#38;lt;", "\t",
    ]
    static let openers = [
        "<!--", "-->", "--!>", "<!-->", "<!--->", "<![CDATA[", "]]>", "<![if !mso]>", "<![endif]-->",
        "<!DOCTYPE html>",
        "<?xml version=\"1.0\"?>", "<?php", "<!", "</", "<%", "</ p>", "<!doctype", "<?", "<//a>", "</>",
        "<>",
    ]
    static let classics = [
        "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<a href=\"javascript&colon;alert(1)\">", "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<p><object><div>x</div></object>", "<a><div><a>", "<b><p></b><p>", "<table><p><tr>x<td><table>",
        "<select><style></select><script>", "<textarea></p><img src=x onerror=alert(1)></textarea>",
    ]
}
