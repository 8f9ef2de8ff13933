// The list: elements and attributes that may be in a result, and how an attribute's value is read.

/// What becomes of an element.
enum Fate: Sendable {
    /// Stays, with these attributes besides those that all have.
    case kept(Element)
    /// Goes, with all that is in it.
    case dropped
    /// Goes, its content stays.
    case unwrapped
}

struct Element: Sendable {
    /// As it is written; `body` becomes a `div`.
    var name: String
    var attributes: [String: Reading] = [:]
    /// Has no content and no end tag.
    var isVoid = false
    /// Ends a paragraph that it would stand in directly, as it does in every browser.
    var endsParagraph = false
}

/// How an attribute's value is read; what does not fit is left out.
enum Reading: Sendable {
    case words
    case number(max: Int)
    /// A number, or one with `%` or `px`.
    case length
    case color
    /// Names of fonts.
    case fonts
    /// A font's size, with a sign.
    case fontSize
    case language
    case oneOf([String])
    /// The value does not matter.
    case flag
}

enum Allowed {
    static func fate(of name: String) -> Fate { fates[name] ?? .unwrapped }

    static let everywhere: [String: Reading] = [
        "align": .oneOf(["left", "right", "center", "justify", "middle", "top", "bottom", "absmiddle"]),
        "dir": .oneOf(["ltr", "rtl", "auto"]), "lang": .language, "title": .words,
    ]

    private static let vertical = Reading.oneOf(["top", "middle", "bottom", "baseline"])
    private static let cell: [String: Reading] = [
        "colspan": .number(max: 1_000), "rowspan": .number(max: 1_000), "valign": vertical, "width": .length,
        "height": .length, "bgcolor": .color, "nowrap": .flag,
        "scope": .oneOf(["row", "col", "rowgroup", "colgroup"]),
    ]
    private static let row: [String: Reading] = ["valign": vertical, "bgcolor": .color, "height": .length]
    private static let column: [String: Reading] = [
        "span": .number(max: 1_000), "width": .length, "valign": vertical, "bgcolor": .color,
    ]
    private static let mark = Reading.oneOf(["1", "a", "A", "i", "I", "disc", "circle", "square"])

    private static let fates: [String: Fate] = {
        var fates: [String: Fate] = [:]
        for name in [
            "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd",
            "mark",
            "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "caption",
        ] {
            fates[name] = .kept(Element(name: name))
        }
        for name in [
            "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption",
            "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav", "p", "pre",
            "section",
        ] {
            fates[name] = .kept(Element(name: name, endsParagraph: true))
        }
        fates["body"] = .kept(Element(name: "div", endsParagraph: true))
        fates["font"] = .kept(
            Element(name: "font", attributes: ["color": .color, "face": .fonts, "size": .fontSize]))
        fates["ul"] = .kept(Element(name: "ul", attributes: ["type": mark], endsParagraph: true))
        fates["ol"] = .kept(
            Element(
                name: "ol", attributes: ["type": mark, "start": .number(max: 1_000_000), "reversed": .flag],
                endsParagraph: true))
        fates["li"] = .kept(
            Element(name: "li", attributes: ["type": mark, "value": .number(max: 1_000_000)]))
        fates["table"] = .kept(
            Element(
                name: "table",
                attributes: [
                    "border": .number(max: 100), "cellpadding": .number(max: 500), "bgcolor": .color,
                    "cellspacing": .number(max: 500), "width": .length, "height": .length,
                ], endsParagraph: true))
        for name in ["thead", "tbody", "tfoot", "tr"] {
            fates[name] = .kept(Element(name: name, attributes: row))
        }
        for name in ["td", "th"] { fates[name] = .kept(Element(name: name, attributes: cell)) }
        fates["colgroup"] = .kept(Element(name: "colgroup", attributes: column))
        fates["col"] = .kept(Element(name: "col", attributes: column, isVoid: true))
        fates["br"] = .kept(
            Element(
                name: "br", attributes: ["clear": .oneOf(["left", "right", "all", "both"])], isVoid: true)
        )
        fates["hr"] = .kept(
            Element(
                name: "hr",
                attributes: [
                    "width": .length, "size": .number(max: 100), "noshade": .flag, "color": .color,
                ], isVoid: true, endsParagraph: true))
        fates["wbr"] = .kept(Element(name: "wbr", isVoid: true))
        fates["img"] = .kept(
            Element(
                name: "img",
                attributes: [
                    "alt": .words, "width": .length, "height": .length, "border": .number(max: 100),
                    "hspace": .number(max: 500), "vspace": .number(max: 500),
                ], isVoid: true))
        for name in [
            "applet", "audio", "canvas", "datalist", "frameset", "iframe", "math", "noembed", "noframes",
            "object", "script", "select", "style", "svg", "template", "title", "video", "xml",
        ] {
            fates[name] = .dropped
        }
        return fates
    }()
}
