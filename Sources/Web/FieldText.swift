// A header's text, as it stands there.
package import HTTPTypes

extension HTTPFields {
    /// What the subscript gives, without putting together what is one text already.
    package func text(_ name: HTTPField.Name) -> String? {
        var only: String?
        for field in self where field.name == name {
            guard only == nil else { return self[name] }
            only = field.value
        }
        return only
    }
}
