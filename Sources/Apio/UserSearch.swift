// The search criteria of lists of users, all 25 of them. Source: seed 004, lines 205-232; apio.md §3.5.
import Center
import Web

struct UserSearch {
    fileprivate enum Field: Sendable {
        case lastName, firstName, userID, number, extensionNumber, department
    }

    fileprivate enum Mode: Sendable {
        case starts, contains, equals
    }

    fileprivate struct Kind: Sendable {
        let name: StaticString
        let field: Field
        let mode: Mode
        var isSensitive = true
        let valueMax: Int
    }

    fileprivate struct Criterion {
        let kind: Kind
        /// As it is looked for: in lower case where case does not count.
        let wanted: [UInt8]
    }

    private static let nameMax = 200
    private static let userIDMax = 161
    private static let numberMax = 23
    private static let extensionMax = 20
    private static let pathMax = 2_000

    private static let kinds: [Kind] = [
        Kind(name: "sensitiveUserLastNameStarts", field: .lastName, mode: .starts, valueMax: nameMax),
        Kind(name: "sensitiveUserLastNameContains", field: .lastName, mode: .contains, valueMax: nameMax),
        Kind(name: "sensitiveUserLastNameEquals", field: .lastName, mode: .equals, valueMax: nameMax),
        loose("insensitiveUserLastNameStarts", .lastName, .starts, nameMax),
        loose("insensitiveUserLastNameContains", .lastName, .contains, nameMax),
        loose("insensitiveUserLastNameEquals", .lastName, .equals, nameMax),
        Kind(name: "sensitiveUserFirstNameStarts", field: .firstName, mode: .starts, valueMax: nameMax),
        Kind(name: "sensitiveUserFirstNameContains", field: .firstName, mode: .contains, valueMax: nameMax),
        Kind(name: "sensitiveUserFirstNameEquals", field: .firstName, mode: .equals, valueMax: nameMax),
        loose("insensitiveUserFirstNameStarts", .firstName, .starts, nameMax),
        loose("insensitiveUserFirstNameContains", .firstName, .contains, nameMax),
        loose("insensitiveUserFirstNameEquals", .firstName, .equals, nameMax),
        Kind(name: "sensitiveUserIdStarts", field: .userID, mode: .starts, valueMax: userIDMax),
        Kind(name: "sensitiveUserIdContains", field: .userID, mode: .contains, valueMax: userIDMax),
        Kind(name: "sensitiveUserIdEquals", field: .userID, mode: .equals, valueMax: userIDMax),
        loose("insensitiveUserIdStarts", .userID, .starts, userIDMax),
        loose("insensitiveUserIdContains", .userID, .contains, userIDMax),
        loose("insensitiveUserIdEquals", .userID, .equals, userIDMax),
        loose("insensitiveDnStarts", .number, .starts, numberMax),
        loose("insensitiveDnContains", .number, .contains, numberMax),
        loose("insensitiveDnEquals", .number, .equals, numberMax),
        loose("insensitiveExtensionStarts", .extensionNumber, .starts, extensionMax),
        loose("insensitiveExtensionContains", .extensionNumber, .contains, extensionMax),
        loose("insensitiveExtensionEquals", .extensionNumber, .equals, extensionMax),
        Kind(name: "sensitiveUserDepartmentEquals", field: .department, mode: .equals, valueMax: pathMax),
    ]

    private static func loose(_ name: StaticString, _ field: Field, _ mode: Mode, _ max: Int) -> Kind {
        Kind(name: name, field: field, mode: mode, isSensitive: false, valueMax: max)
    }

    private let criteria: [Criterion]
    private let combinesWithOr: Bool
    private let sizeLimit: Int?

    /// Finds everybody.
    init() {
        criteria = []
        combinesWithOr = false
        sizeLimit = nil
    }

    init(_ members: Members) throws {
        criteria = try Self.kinds.compactMap { kind in
            guard let value = try members.text(kind.name, 1...kind.valueMax) else { return nil }
            return Criterion(kind: kind, wanted: Array((kind.isSensitive ? value : value.lowercased()).utf8))
        }
        combinesWithOr = try members.flag("combineWithOr") ?? false
        sizeLimit = try members.integer("responseSizeLimit", in: 1...Int64(Int32.max)).map(Int.init)
        guard !combinesWithOr || !criteria.isEmpty else {
            throw ApioError.invalid("combineWithOr needs at least one search criterion.")
        }
    }

    /// Those of the agents that are found, by user id: places in the directory's list, given and found.
    /// - Throws: 400 when they are more than were to be sent.
    func found(among places: some Sequence<Int>, _ directory: Directory) throws -> [Int] {
        var found = places.filter { directory.agents[$0].active && takes($0, directory) }
        if let sizeLimit, found.count > sizeLimit {
            throw ApioError.invalid("More than \(sizeLimit) users are found; narrow the search.")
        }
        guard found.count > 1 else { return found }
        let userIDs = found.map { directory.userID(directory.agents[$0]) }
        found = userIDs.indices.sorted { userIDs[$0] < userIDs[$1] }.map { found[$0] }
        return found
    }

    private func takes(_ place: Int, _ directory: Directory) -> Bool {
        guard !criteria.isEmpty else { return true }
        return combinesWithOr
            ? criteria.contains { $0.takes(place, directory) }
            : criteria.allSatisfy { $0.takes(place, directory) }
    }
}

extension UserSearch.Criterion {
    /// An agent is looked at where it stands: copies of ten thousand would cost more than the search.
    fileprivate func takes(_ place: Int, _ directory: Directory) -> Bool {
        switch kind.field {
        case .lastName: fits(directory.agents[place].lastName)
        case .firstName: fits(directory.agents[place].firstName)
        case .userID: fits(directory.userID(directory.agents[place]))
        case .number: fits(directory.agents[place].telephony.phoneNumber)
        case .extensionNumber: fits(directory.agents[place].telephony.extensionNumber)
        case .department:
            directory.departmentPath(of: directory.agents[place]).map {
                fits(directory.agents[place].profile.department) || fits($0)
            } ?? false
        }
    }

    private func fits(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            if kind.isSensitive || bytes.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) {
                return fits(bytes)
            }
            if bytes.allSatisfy({ $0 < 0x80 }) {
                return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { lower in
                    for (index, byte) in bytes.enumerated() {
                        lower[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                    }
                    return fits(UnsafeBufferPointer(lower))
                }
            }
            return Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
                .withUnsafeBufferPointer(fits)
        }
    }

    private func fits(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch kind.mode {
        case .equals: return bytes.elementsEqual(wanted)
        case .starts: return bytes.starts(with: wanted)
        case .contains:
            guard bytes.count >= wanted.count else { return false }
            return (0...bytes.count - wanted.count).contains { start in
                bytes[start] == wanted[0] && bytes[start...].starts(with: wanted)
            }
        }
    }
}
