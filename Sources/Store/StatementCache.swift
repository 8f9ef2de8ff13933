// The prepared statements of one connection, by shape, the oldest leaving first.

/// A bounded map from a statement's shape to what the engine prepared for it.
struct StatementCache<Prepared> {
    /// How many shapes stay prepared on a connection.
    static var maximum: Int { 500 }

    /// Places that are looked at before the dictionary, whose hashing costs as much as a small statement.
    private static var nearCount: Int { 256 }

    private var prepared: [SQLShape: Prepared] = [:]
    private var near = [(shape: SQLShape, prepared: Prepared)?](repeating: nil, count: nearCount)
    /// Shapes in the order they came; those before `head` have left.
    private var order: [SQLShape] = []
    private var head = 0

    /// What was prepared for a shape.
    mutating func find(_ shape: SQLShape) -> Prepared? {
        let place = shape.place(among: Self.nearCount)
        if let found = near[place], found.shape == shape { return found.prepared }
        guard let found = prepared[shape] else { return nil }
        near[place] = (shape, found)
        return found
    }

    /// Remembers a new shape; gives back what had to leave for it.
    mutating func insert(_ new: Prepared, for shape: SQLShape) -> Prepared? {
        near[shape.place(among: Self.nearCount)] = nil
        if prepared.updateValue(new, forKey: shape) != nil { return nil }
        order.append(shape)
        guard order.count - head > Self.maximum else { return nil }
        let oldest = order[head]
        head += 1
        if head >= Self.maximum {
            order.removeFirst(head)
            head = 0
        }
        near[oldest.place(among: Self.nearCount)] = nil
        return prepared.removeValue(forKey: oldest)
    }

    mutating func removeAll() {
        prepared.removeAll()
        near = Array(repeating: nil, count: Self.nearCount)
        order.removeAll()
        head = 0
    }
}
