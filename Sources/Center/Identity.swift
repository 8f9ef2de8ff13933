// Typed ids: per workspace and noun, below 2⁵³, never reused.

public import Routing
public import Store

/// An id of the noun `Noun`; the raw value is what rows and wires carry.
public struct Numbered<Noun>: Sendable, Hashable, Comparable, Codable, Bindable, CustomStringConvertible {
    public let raw: Int64

    public init(_ raw: Int64) { self.raw = raw }

    public init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(raw)
    }

    public var value: Value { .integer(raw) }
    public var description: String { String(raw) }
    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

public enum WorkspaceNoun {}
public enum AreaNoun {}
public enum GroupNoun {}
public enum ErrandNoun {}
public enum MessageNoun {}
public enum AnswerNoun {}
public enum ResponseNoun {}
public enum AttachmentNoun {}
public enum ArchiveNoun {}
public enum ContactNoun {}
public enum OfferNoun {}
public enum TokenNoun {}
public enum KeyNoun {}
public enum CallbackNoun {}
public enum DeliveryNoun {}
public enum CalendarNoun {}
public enum NoteNoun {}
public enum CallCenterNoun {}
public enum LibraryNoun {}
public enum LibraryCategoryNoun {}
public enum LibraryQuestionNoun {}
public enum LibraryAttachmentNoun {}

public typealias WorkspaceID = Numbered<WorkspaceNoun>
public typealias AreaID = Numbered<AreaNoun>
public typealias GroupID = Numbered<GroupNoun>
public typealias ErrandID = Numbered<ErrandNoun>
public typealias MessageID = Numbered<MessageNoun>
public typealias AnswerID = Numbered<AnswerNoun>
public typealias ResponseID = Numbered<ResponseNoun>
public typealias AttachmentID = Numbered<AttachmentNoun>
public typealias ArchiveID = Numbered<ArchiveNoun>
public typealias ContactID = Numbered<ContactNoun>
public typealias OfferID = Numbered<OfferNoun>
public typealias TokenID = Numbered<TokenNoun>
public typealias KeyID = Numbered<KeyNoun>
public typealias CallbackID = Numbered<CallbackNoun>
public typealias DeliveryID = Numbered<DeliveryNoun>
public typealias CalendarID = Numbered<CalendarNoun>
public typealias NoteID = Numbered<NoteNoun>
public typealias CallCenterID = Numbered<CallCenterNoun>
public typealias LibraryID = Numbered<LibraryNoun>
public typealias LibraryCategoryID = Numbered<LibraryCategoryNoun>
public typealias LibraryQuestionID = Numbered<LibraryQuestionNoun>
public typealias LibraryAttachmentID = Numbered<LibraryAttachmentNoun>

extension AgentID: Bindable { public var value: Value { .integer(raw) } }
extension QueueID: Bindable { public var value: Value { .integer(raw) } }
extension SkillID: Bindable { public var value: Value { .integer(raw) } }
extension ReasonID: Bindable { public var value: Value { .integer(raw) } }
extension WorkItemID: Bindable { public var value: Value { .integer(raw) } }
extension Instant: Bindable { public var value: Value { .integer(ms) } }

/// The nouns that have a high-water row. The raw value is what the row holds.
public enum Noun: String, Sendable, CaseIterable {
    case agent, skill, tag, reason, calendar, group, area, queue, archive
    case contact, contactAddress, errand, message, answer, response, recipient, attachment
    case history, workItem, offer, loginRecord
    case token, key, callback, delivery
    case note
    case callCenter
    case teniosKey, userGroup, thresholdProfile
    case export, exportPreset
    case library, libraryCategory, libraryQuestion, libraryAttachment
    case facebookPage, facebookRating
}
