// The prepared statements of one connection, by shape, the oldest leaving first.

/// A bounded map from a statement's shape to what the engine prepared for it.
struct StatementCache<Prepared> {
    /// How many shapes stay prepared on a connection.
    static var maximum: Int { 500 }

    private var prepared: [SQLShape: Prepared] = [:]
    /// Shapes in the order they came; those before `head` have left.
    private var order: [SQLShape] = []
    private var head = 0

    subscript(shape: SQLShape) -> Prepared? {
        prepared[shape]
    }

    /// Remembers a new shape; gives back what had to leave for it.
    mutating func insert(_ new: Prepared, for shape: SQLShape) -> Prepared? {
        if prepared.updateValue(new, forKey: shape) != nil { return nil }
        order.append(shape)
        guard order.count - head > Self.maximum else { return nil }
        let oldest = order[head]
        head += 1
        if head >= Self.maximum {
            order.removeFirst(head)
            head = 0
        }
        return prepared.removeValue(forKey: oldest)
    }

    mutating func removeAll() {
        prepared.removeAll()
        order.removeAll()
        head = 0
    }
}
