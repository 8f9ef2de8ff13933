// A second opinion on a result: reads it by its own small grammar, and says what is not allowed in it.

/// The grammar: text without `<` and `>`, end tags, and start tags whose attributes are in double quotes.
enum Strict {
    static let elements: Set<String> = [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
        "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em",
        "figcaption",
        "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins",
        "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
        "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u",
        "ul",
        "var", "wbr",
    ]
    static let attributes: Set<String> = [
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "clear", "color", "colspan", "dir",
        "face", "height", "href", "hspace", "lang", "noshade", "nowrap", "referrerpolicy", "rel", "reversed",
        "rowspan", "scope", "size", "span", "src", "start", "style", "target", "title", "type", "valign",
        "value", "vspace", "width",
    ]
    static let voids: Set<String> = ["br", "col", "hr", "img", "wbr"]

    /// Why the HTML is not strict; nil when it is.
    static func fault(_ html: String) -> String? {
        var rest = html[...]
        var open: [String] = []
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            guard rest[start] == "<" else { return "a > outside of a tag" }
            guard let end = rest[start...].firstIndex(of: ">") else { return "a tag without end" }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    return "</\(tag.dropFirst())> closes nothing"
                }
                continue
            }
            let name = String(tag.prefix { $0 != " " })
            guard elements.contains(name) else { return "element \(name)" }
            if !voids.contains(name) { open.append(name) }
            if let fault = attributes(tag.dropFirst(name.count)) { return "\(name): \(fault)" }
        }
        return open.isEmpty ? nil : "\(open) left open"
    }

    private static func attributes(_ text: Substring) -> String? {
        var rest = text
        var seen: Set<String> = []
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: #/\ ([a-z]+)="([^"<>`']*)"/#) else {
                return "reads \(rest)"
            }
            let name = String(match.1)
            let value = match.2.lowercased()
            guard attributes.contains(name) else { return "attribute \(name)" }
            guard seen.insert(name).inserted else { return "attribute \(name) twice" }
            if name == "href", value.prefixMatch(of: #/https?:|mailto:|tel:/#) == nil {
                return "href \(value)"
            }
            if name == "src", value.prefixMatch(of: #/https?:|cid:/#) == nil { return "src \(value)" }
            if name == "style", value.contains(#/url|expression|@|\\|\/\*|position|[{}]/#) {
                return "style \(value)"
            }
            rest = rest[match.range.upperBound...]
        }
        return nil
    }
}
