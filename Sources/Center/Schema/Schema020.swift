// What customers say of their errands, and sign-in from other pages.

import Store

extension Schema {
    static let satisfaction = Migration(
        number: 20, name: "satisfaction",
        script: [])
}
