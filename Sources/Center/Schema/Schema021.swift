// Facebook's pages and ratings, and what the desk sets of APIs.

import Store

extension Schema {
    static let ratings = Migration(
        number: 21, name: "ratings",
        script: [])
}
