// Libraries, their categories and questions.

import Store

extension Schema {
    static let library = Migration(
        number: 19, name: "library",
        script: [])
}
