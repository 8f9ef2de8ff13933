// What a text in a provisioning file may look like.

/// Lengths are in Unicode code points.
package struct TextRule {
    let what: String
    let lengths: ClosedRange<Int>
    var secret = false
    /// No spaces anywhere.
    var unbroken = false

    package static let name = TextRule(what: "a name", lengths: 1...200)
    static let loginName = TextRule(what: "a login name", lengths: 1...100, unbroken: true)
    static let text = TextRule(what: "a text", lengths: 1...200)
    static let code = TextRule(what: "a code", lengths: 1...10, unbroken: true)
    static let externalID = TextRule(what: "an external id", lengths: 1...200)
    static let account = TextRule(what: "an account", lengths: 1...254)
    static let email = TextRule(what: "an e-mail address", lengths: 3...254, unbroken: true)
    static let path = TextRule(what: "a file", lengths: 1...1_024)
    static let url = TextRule(what: "a URL", lengths: 1...2_048, secret: true, unbroken: true)
    static let word = TextRule(what: "text", lengths: 1...200)
    static let tokenKey = TextRule(what: "a key", lengths: 1...1_024, secret: true)
    static let callbackSecret = TextRule(what: "a secret", lengths: 1...1_024, secret: true)
    /// Its 8 to 1,024 characters are counted as a person sees them; this bounds what is hashed.
    static let password = TextRule(what: "a password", lengths: 1...8_192, secret: true)
}

extension DocumentNode {
    package func text(_ rule: TextRule) throws -> String {
        guard case .text(let text, _) = content, !isNull else {
            throw expected(rule.what, secret: rule.secret)
        }
        if text.unicodeScalars.contains("\0") { throw problem("\(rule.what) cannot contain U+0000") }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw problem("\(rule.what) cannot contain line breaks, tabs or other control characters")
        }
        guard rule.lengths.contains(text.unicodeScalars.count) else {
            throw problem(
                "expected \(rule.what) of \(rule.lengths.lowerBound) to \(rule.lengths.upperBound) characters, "
                    + "not \(text.unicodeScalars.count)")
        }
        if rule.unbroken, text.contains(where: \.isWhitespace) {
            throw problem("\(rule.what) cannot contain spaces")
        }
        if !rule.secret, text.first!.isWhitespace || text.last!.isWhitespace {
            throw problem("\(rule.what) cannot begin or end with a space")
        }
        return text
    }

    package func locatedText(_ rule: TextRule) throws -> Located<String> {
        Located(try text(rule), at: position)
    }

    /// A password of 8 to 1,024 characters.
    func password() throws -> String {
        let password = try text(.password)
        guard (8...1_024).contains(password.count) else {
            throw problem("expected a password of 8 to 1024 characters, not \(password.count)")
        }
        return password
    }

    /// Loosely: something, one @, something; whether mail arrives there only mail can tell.
    func emailAddress() throws -> String {
        let address = try text(.email)
        guard isEmailAddress(address) else { throw expected("an e-mail address such as ana@example.com") }
        return address
    }
}
