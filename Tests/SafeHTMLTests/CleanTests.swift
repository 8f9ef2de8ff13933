// What cleaning keeps and what it drops, one thing at a time.
import Testing

@testable import SafeHTML

func cleaned(_ html: String, remoteImages: Bool = false) -> String {
    SafeHTML.clean(html, remoteImages: remoteImages) { _ in nil }.html
}

@Suite("Cleaning")
struct CleanTests {
    @Test(
        "what a mail looks like stays",
        arguments: [
            ("<b>Hi</b> there <i>you</i>", "<b>Hi</b> there <i>you</i>"),
            ("5 < 6 & 7 > 3 <3", "5 &lt; 6 &amp; 7 &gt; 3 &lt;3"),
            ("<p>a<p>b<div>c</div>", "<p>a</p><p>b</p><div>c</div>"),
            ("<table><tr><td>1<td>2</table>", "<table><tr><td>1</td><td>2</td></tr></table>"),
            ("a<wbr>b<br/>c<hr>", "a<wbr>b<br>c<hr>"),
            ("&#150; &euro; \u{96} 荷物 📦", "– € – 荷物 📦"),
            (
                "<body bgcolor=#FFEEDD style=\"color:#111\">x",
                "<div style=\"background-color:#ffeedd;color:#111\">x</div>"
            ),
            ("<font color=336699 size=+1>x</font>", "<font color=\"#336699\" size=\"+1\">x</font>"),
            ("<td width=50% colspan=2 onclick=x>x", "<td width=\"50%\" colspan=\"2\">x</td>"),
            ("<form action=/x>a<button>b</button></form>", "ab"),
            ("\u{0}a\u{1}b\r\nc\rd", "\u{FFFD}ab\nc\nd"),
            ("", ""), ("   ", ""), ("<", "&lt;"), ("<p", "<p></p>"), ("</p", ""),
        ])
    func kept(_ html: String, _ expected: String) { #expect(cleaned(html) == expected) }

    @Test(
        "links lead to the web, to mail or to a telephone",
        arguments: [
            ("http://a.example/?x=1&y=\"", true), ("HTTPS://a.example/", true), ("mailto:a@b.example", true),
            ("tel:+4912345", true), ("  https://a.example/\n", true), ("ht\ntps://a.example", true),
            ("javascript:alert(1)", false), (" JaVa\tScRiPt:alert(1)", false), ("java&#10;script:x", false),
            ("&#x6a;avascript:alert(1)", false), ("&#1;javascript:alert(1)", false), ("vbscript:x", false),
            ("data:text/html,<script>alert(1)</script>", false), ("/relative", false), ("#anchor", false),
            ("file:///etc/passwd", false), ("blob:x", false), ("javascript\u{A0}:x", false), ("", false),
            ("cid:x", false), ("view-source:http://a", false), ("http", false), (":", false),
        ])
    func links(_ address: String, _ stays: Bool) {
        let quoted = address.replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
        let html = cleaned("<a href=\"\(quoted)\">x</a>")
        #expect(html.contains("href") == stays)
        #expect(html.contains(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"") == stays)
        #expect(!html.lowercased().contains("script:"))
    }

    @Test("an address without a scheme of its own is the web's")
    func schemeless() {
        #expect(cleaned("<a href=//a.example/x>x</a>").contains("href=\"https://a.example/x\""))
    }

    @Test(
        "styles are read, not searched",
        arguments: [
            ("color:red;margin:4px 0", "color:red;margin:4px 0"),
            ("COLOR : RED !important", "color:RED"),
            ("background:#FFF none repeat", "background-color:#fff"),
            ("font:12px/1.5 'Segoe UI',Arial", "font:12px / 1.5 &#39;Segoe UI&#39;, Arial"),
            ("color:rgb(1,2,3)", "color:rgb(1,2,3)"), ("text-indent:-18.0pt", "text-indent:-18.0pt"),
            ("display:NONE", "display:none"),
            ("background:url(http://t.example/x)", nil), ("background-image:url(x)", nil),
            ("color:expression(alert(1))", nil), ("width:e/**/xpression(alert(1))", nil),
            ("color:r\\65 d", nil), ("position:fixed;top:0", nil), ("position:absolute", nil),
            ("margin-left:-9999px", nil), ("z-index:9", nil), ("behavior:url(x)", nil),
            ("-moz-binding:url(x)", nil), ("@import 'x'", nil), ("width:calc(1px)", nil),
            ("color:var(--x)", nil), ("--x:1", nil), ("content:'x'", nil), ("display:fixed", nil),
            ("color:'x'", nil), ("list-style:url(x)", nil), ("cursor:url(x),auto", nil),
            ("width:99999999999px", nil), ("color:red}body{color:blue", nil), ("animation:x 1s", nil),
            ("transform:scale(9)", nil), ("filter:url(x)", nil), ("color:</style>", nil),
        ] as [(String, String?)])
    func styles(_ style: String, _ expected: String?) {
        let html = cleaned("<p style=\"\(style)\">x</p>")
        #expect(html == (expected.map { "<p style=\"\($0)\">x</p>" } ?? "<p>x</p>"))
    }

    @Test("images of the mail are shown, those of the web when asked for")
    func images() {
        let html = """
            <img src="cid:logo%40mail" alt="Logo"><img src=http://t.example/p.png width=1 srcset="http://t.example/2 2x">
            <img src="data:image/png;base64,AAAA"><img src="cid:gone"><img src=//t.example/q onerror=alert(1)>
            """
        func clean(_ remote: Bool) -> SafeHTML.Cleaned {
            SafeHTML.clean(html, remoteImages: remote) { $0 == "logo@mail" ? "/inline/1?a=\"&b='" : nil }
        }
        let closed = clean(false)
        #expect(closed.blockedImages == 2)
        #expect(
            closed.html == """
                <img src="/inline/1?a=&quot;&amp;b=&#39;" alt="Logo"><img width="1" alt="">
                <img alt=""><img alt=""><img alt="">
                """)
        let opened = clean(true)
        #expect(opened.blockedImages == 0)
        #expect(
            opened.html.contains(
                "<img src=\"http://t.example/p.png\" referrerpolicy=\"no-referrer\" width=\"1\""))
        #expect(
            opened.html.contains("<img src=\"https://t.example/q\" referrerpolicy=\"no-referrer\" alt=\"\">"))
        #expect(!opened.html.contains("srcset"))
        #expect(!opened.html.contains("data:"))
    }

    @Test("an agent's own pictures keep their names")
    func ownPictures() {
        let once = SafeHTML.clean("<img src=\"cid:attachment_788\">", remoteImages: false) { "cid:\($0)" }
        #expect(once.html == "<img src=\"cid:attachment_788\" alt=\"\">")
    }

    @Test("a huge mail is cut, and says so", .timeLimit(.minutes(2)))
    func huge() {
        let long = SafeHTML.clean(
            String(repeating: "<p>åäö</p>", count: 500_000), remoteImages: false
        ) { _ in nil }
        #expect(long.isCut)
        #expect(long.html.hasPrefix("<p>åäö</p><p>åäö</p>"))
        #expect(long.html.utf8.count <= HTMLLimits.outputMaxBytes + 1_000)
        #expect(cleaned(long.html) == long.html)
        let whole = SafeHTML.clean(
            "<img src=\"data:image/png;base64,\(String(repeating: "A", count: 2_000_000))\"><p>end",
            remoteImages: false
        ) { _ in nil }
        #expect(!whole.isCut)
        #expect(whole.html == "<img alt=\"\"><p>end</p>")
    }

    @Test("deep nesting ends, and its words stay")
    func deep() {
        let some = cleaned(String(repeating: "<div>", count: 500) + "words")
        #expect(some.contains("words"))
        #expect(some.components("<div>") == HTMLLimits.depthMax)
        let tooDeep = SafeHTML.clean(
            "first" + String(repeating: "<b>", count: 100_000) + "last", remoteImages: false
        ) { _ in nil }
        #expect(tooDeep.isCut)
        #expect(tooDeep.html.hasPrefix("first"))
    }

    @Test("a tag with too many attributes ends the mail")
    func attributes() {
        let many = (0..<100_000).map { "a\($0)=1" }.joined(separator: " ")
        for html in ["<a \(many)>", "<!-- <a \(many)> ", "<a x=\"<a \(many)", "<a/\(many)>"] {
            let result = SafeHTML.clean("first " + html + " last", remoteImages: false) { _ in nil }
            #expect(result.isCut)
            #expect(result.html.hasPrefix("first"))
        }
    }
}

extension String {
    /// How often a piece is in it.
    func components(_ piece: String) -> Int { ranges(of: piece).count }
}
