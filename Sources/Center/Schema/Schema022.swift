// Presets of exports, and what is known of an errand's call.

import Store

extension Schema {
    static let exports = Migration(
        number: 22, name: "exports",
        script: [])
}
