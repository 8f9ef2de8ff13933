// The prepared statements of one connection, by text, the oldest leaving first.

/// A bounded map from a statement's template to what the engine prepared for it.
struct StatementCache<Prepared> {
    /// How many templates stay prepared on a connection.
    static var maximum: Int { 500 }

    private var prepared: [String: Prepared] = [:]
    /// Templates in the order they came; those before `head` have left.
    private var order: [String] = []
    private var head = 0

    subscript(template: String) -> Prepared? {
        prepared[template]
    }

    /// Remembers a new template; gives back what had to leave for it.
    mutating func insert(_ new: Prepared, for template: String) -> Prepared? {
        if prepared.updateValue(new, forKey: template) != nil { return nil }
        order.append(template)
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
