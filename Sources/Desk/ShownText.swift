// A letter's text as the page shows it: the plain body, or what can be read in the HTML.
import SafeHTML

struct ShownText {
    /// Most of a text that one page shows.
    static let maxBytes = 256 << 10

    let text: String
    /// What is missing, in words; nil when all is shown.
    let cut: String?

    init(body: String, html: String) {
        let whole = body.isEmpty && !html.isEmpty ? SafeHTML.text(html) : body
        guard whole.utf8.count > Self.maxBytes else {
            text = whole
            cut = nil
            return
        }
        var end = whole.utf8.index(whole.startIndex, offsetBy: Self.maxBytes)
        while end.samePosition(in: whole.unicodeScalars) == nil { whole.utf8.formIndex(before: &end) }
        text = String(whole[..<end])
        let rest = Int64(whole.utf8.count - text.utf8.count)
        cut = "The rest of this message, \(fileSize(rest)), is not shown."
    }
}
