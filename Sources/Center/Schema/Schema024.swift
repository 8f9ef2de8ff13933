// What grew out of an errand, found by the errand.

import Store

extension Schema {
    static let children = Migration(
        number: 24, name: "children",
        script: [
            "CREATE INDEX errand_child ON errand (workspace, parent) WHERE parent IS NOT NULL"
        ])
}
