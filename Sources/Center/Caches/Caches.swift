// What the center keeps of what was read: errands' reports, questions of the library.

import Routing

final class Caches: Sendable {
    /// Whole documents.
    let reports = ReadCache<[UInt8]>(bytesMax: 64 << 20, thingBytesMax: 128 << 10)
    /// Whole documents of single questions.
    let questions = ReadCache<[UInt8]>(bytesMax: 64 << 20, thingBytesMax: 64 << 10)

    let listed = ListedErrands()

    /// After a commit, before its answers.
    func forget(_ events: [Event]) {
        for event in events {
            switch event.kind {
            case .libraryMade, .libraryChanged, .libraryDeleted: questions.empty()
            // It does not say which.
            case .errandsMarked: reports.empty()
            // A large file's import: many places at once.
            case .provisioned: questions.empty()
            default:
                if let errand = event.number("errand") {
                    reports.forget(errand, in: event.workspace)
                } else if event.noun == .errand {
                    reports.forget(event.nounID, in: event.workspace)
                }
            }
        }
    }

    /// The database is away: another server may change what is here.
    func close() {
        reports.empty(isClosed: true)
        questions.empty(isClosed: true)
    }

    func open() {
        reports.empty(isClosed: false)
        questions.empty(isClosed: false)
    }
}
