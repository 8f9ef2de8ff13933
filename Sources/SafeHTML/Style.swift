// A `style` attribute, declaration by declaration: properties on the list with values that parse.

enum Style {
    static let declarationsMax = 60

    /// Nothing that lays one thing over another, reaches outside, or counts on where it stands.
    private static let properties: Set<String> = {
        var names: Set<String> = [
            "background-color", "border-collapse", "border-radius", "border-spacing", "caption-side", "clear",
            "color", "direction", "empty-cells", "float", "font", "font-family", "font-size", "font-style",
            "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style-position",
            "list-style-type", "max-height", "max-width", "min-height", "min-width", "overflow-wrap",
            "table-layout", "text-align", "text-decoration", "text-decoration-line", "text-indent",
            "text-transform", "unicode-bidi", "vertical-align", "visibility", "white-space", "width",
            "word-break", "word-spacing", "word-wrap", "border", "margin", "padding", "border-color",
            "border-style", "border-width",
        ]
        for side in ["top", "right", "bottom", "left"] {
            names.formUnion([
                "margin-\(side)", "padding-\(side)", "border-\(side)", "border-\(side)-color",
                "border-\(side)-style", "border-\(side)-width",
            ])
        }
        return names
    }()
    private static let displays: Set<String> = [
        "block", "inline", "inline-block", "none", "list-item", "table", "inline-table", "table-row",
        "table-cell", "table-row-group", "table-header-group", "table-footer-group", "table-caption",
        "table-column", "table-column-group",
    ]
    /// Words of the `background` shorthand that are no color.
    private static let backgroundWords: Set<String> = [
        "none", "repeat", "no-repeat", "repeat-x", "repeat-y", "scroll", "fixed", "top", "bottom", "left",
        "right", "center", "initial", "inherit", "unset",
    ]

    /// The declarations that may stay, `;` between them; nil when none may. A second reading gives the same.
    static func value(_ given: String) -> String? {
        guard given.utf8.count <= HTMLLimits.styleMaxBytes else { return nil }
        var kept: [String] = []
        for declaration in given.utf8.split(separator: UInt8(ascii: ";")).prefix(declarationsMax) {
            guard let colon = declaration.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = Reading.trimmed(String(declaration[..<colon]) ?? "").lowercased()
            guard name == "background" || name == "display" || properties.contains(name) else { continue }
            guard let tokens = StyleTokens.parse(Array(declaration[declaration.index(after: colon)...])),
                let text = allowed(name, tokens)
            else { continue }
            kept.append(text)
        }
        return kept.isEmpty ? nil : kept.joined(separator: ";")
    }

    private static func allowed(_ name: String, _ tokens: [StyleToken]) -> String? {
        guard !tokens.isEmpty else { return nil }
        let hasString = tokens.contains { if case .string = $0 { true } else { false } }
        guard !hasString || name == "font" || name == "font-family" else { return nil }
        switch name {
        case "background":
            let color = tokens.lazy.compactMap(\.color).first { !backgroundWords.contains($0.lowercased()) }
            return color.map { "background-color:\($0)" }
        case "display":
            guard tokens.count == 1, case .word(let word) = tokens[0], displays.contains(word.lowercased())
            else { return nil }
            return "display:\(word.lowercased())"
        case _ where name.hasPrefix("margin") && tokens.contains(where: \.isNegative): return nil
        default: return "\(name):\(StyleTokens.text(tokens))"
        }
    }
}
