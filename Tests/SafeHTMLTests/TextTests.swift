// HTML as plain text.
import Testing

@testable import SafeHTML

@Suite("Plain text of HTML")
struct TextTests {
    @Test(
        "lines, marks, quotes and addresses",
        arguments: [
            ("Hello <b>World</b>,\n  how  are you?", "Hello World, how are you?"),
            ("<p>one<p>two<br>three", "one\n\ntwo\nthree"),
            ("<div>one</div><div>two</div>", "one\ntwo"),
            ("<ul><li>a<li>b<ol><li>x<li>y</ol></ul>end", "- a\n- b\n  1. x\n  2. y\n\nend"),
            ("<ol><li><p>a</p><li><p>b</p></ol>", "1. a\n2. b"),
            ("see <a href=https://x.example/a>here</a>.", "see here <https://x.example/a>."),
            ("<a href=https://x.example/a>https://x.example/a</a>", "https://x.example/a"),
            ("<a href=mailto:a@b.example>a@b.example</a>", "a@b.example"),
            ("<a href=javascript:x>here</a>", "here"),
            ("Hi<blockquote>one<br>two<p>three</blockquote>bye", "Hi\n\n> one\n> two\n>\n> three\n\nbye"),
            ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"),
            ("a<hr>b", "a\n\n----\n\nb"),
            ("<img src=x alt=Logo> <img src=y alt=''>x", "[Logo] x"),
            ("<style>p{}</style><title>t</title>x<script>y</script>", "x"),
            ("5 &lt; 6 &amp;amp; &nbsp;é", "5 < 6 &amp; \u{A0}é"), ("", ""), ("<p></p>", ""),
        ])
    func text(_ html: String, _ expected: String) { #expect(SafeHTML.text(html) == expected) }
}
