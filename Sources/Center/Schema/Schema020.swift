// What customers say of their errands, and sign-in from other pages.

import Store

extension Schema {
    static let satisfaction = Migration(
        number: 20, name: "satisfaction",
        script: [
            // The key that made the session; nil for one made with a password.
            "ALTER TABLE session ADD COLUMN access_key INTEGER"
        ])
}
