// How much may be read on the thread of who asks.

/// A few rows of an embedded database are read sooner than another thread wakes; what is more would hold up the
/// thread's other work.
enum Glance {
    static let rowsMax = 256
    static let bytesMax = 256 << 10

    /// What is left of it.
    struct Allowance {
        private var rows = Glance.rowsMax
        private var bytes = Glance.bytesMax

        mutating func spend(_ row: Row) throws {
            rows -= 1
            for value in row.values { bytes -= value.byteCount }
            if rows < 0 || bytes < 0 { throw Exceeded() }
        }
    }

    struct Exceeded: Error {}
}

extension Value {
    fileprivate var byteCount: Int {
        switch self {
        case .null, .integer, .real: 0
        case .text(let text): text.utf8.count
        case .blob(let blob): blob.count
        }
    }
}
