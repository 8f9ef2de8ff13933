// Which list a page's address asks for, and the addresses of its neighbours.
import Center
import Foundation
import Routing
import Web

/// A list's query, read and checked.
struct ListRequest {
    /// Longest address of a customer that is looked for.
    private static let addressMaxBytes = 1_000

    let scope: ListScope
    let path: String
    let list: ErrandList
    let after: ListCursor?
    let newestFirst: Bool
    private(set) var filter = ListFilter()
    /// The filter's fields as they came.
    let kept: [(name: String, value: String)]

    /// What a filter's form may send.
    static let filterFields = ["address", "agent", "channel", "tag", "from", "until"]

    init(_ query: Fields, _ scope: ListScope, _ lists: [ErrandList], _ seat: Seat) throws {
        self.scope = scope
        path =
            switch scope {
            case .area(let area): "\(seat.base)/areas/\(area)"
            case .own: "\(seat.base)/mine"
            }
        guard let list = ErrandList(rawValue: query["list"] ?? lists[0].rawValue), lists.contains(list) else {
            throw Refusal.invalid("The lists are \(lists.map(\.rawValue).joined(separator: ", ")).")
        }
        self.list = list
        switch query["order"] {
        case nil: newestFirst = list.isNewestFirst
        case "newest": newestFirst = true
        case "oldest": newestFirst = false
        default: throw Refusal.invalid("The orders are newest and oldest.")
        }
        after = try query["after"].map { text in
            guard let cursor = ListCursor(text) else {
                throw Refusal.invalid("This place in the list is not known. Begin at its first page.")
            }
            return cursor
        }
        kept = Self.filterFields.compactMap { name in
            query[name].flatMap { $0.isEmpty ? nil : (name, $0) }
        }
        for (name, value) in kept { try take(name, value, seat) }
    }

    private mutating func take(_ name: String, _ value: String, _ seat: Seat) throws {
        switch name {
        case "address":
            guard value.utf8.count <= Self.addressMaxBytes else {
                throw Refusal.invalid("An address has at most \(Self.addressMaxBytes) bytes.")
            }
            filter.address = value
        case "agent":
            guard let id = Int64(value), seat.directory.agent(AgentID(id)) != nil else {
                throw Refusal.invalid("There is no such agent. Choose one from the list.")
            }
            // Who has it in hand is no question where nobody or only one's own self has.
            if list == .taken || list == .closed { filter.agent = AgentID(id) }
        case "channel":
            guard let channel = ErrandChannel(rawValue: value) else {
                throw Refusal.invalid("There is no such channel. Choose one from the list.")
            }
            filter.channel = channel
        case "tag":
            guard let id = Int64(value), seat.directory.tags.contains(where: { $0.id == id }) else {
                throw Refusal.invalid("There is no such tag. Choose one from the list.")
            }
            filter.tag = id
        case "from", "until":
            guard let day = seat.times.day(value) else {
                throw Refusal.invalid("Write a day as year-month-day, such as 2026-03-31.")
            }
            if name == "from" { filter.from = day.begins } else { filter.until = day.ends }
        default: preconditionFailure("no filter \(name)")
        }
    }

    func address(list: ErrandList) -> String { address(list, order: nil, after: nil) }

    func address(newestFirst: Bool) -> String { address(list, order: newestFirst, after: nil) }

    func address(after: ListCursor?) -> String { address(list, order: newestFirst, after: after) }

    /// The list without its filter.
    var unfiltered: String { "\(path)?list=\(list.rawValue)" }

    private func address(_ list: ErrandList, order: Bool?, after: ListCursor?) -> String {
        var text = "\(path)?list=\(list.rawValue)"
        if let order, order != list.isNewestFirst { text += "&order=\(order ? "newest" : "oldest")" }
        for (name, value) in kept { text += "&\(name)=\(queryEncoded(value))" }
        if let after { text += "&after=\(after)" }
        return text
    }
}

extension ErrandList {
    /// What waits is worked from its oldest; of the rest the latest is of interest.
    fileprivate var isNewestFirst: Bool { self == .closed }
}

/// The text as a value in an address's query.
func queryEncoded(_ text: String) -> String {
    var plain = CharacterSet(charactersIn: "-._~")
    plain.insert(charactersIn: "a"..."z")
    plain.insert(charactersIn: "A"..."Z")
    plain.insert(charactersIn: "0"..."9")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
}
