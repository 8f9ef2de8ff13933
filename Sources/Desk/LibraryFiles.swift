// Files of the library's questions: downloads for agents, uploads for administrators.
import Center
import HTTPTypes
import Hummingbird
import Web

extension AgentDesk {
    /// Always a download, whatever the file claims to be.
    func libraryFile(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let question = try Self.libraryQuestion(context)
        let id = try Self.libraryFile(context)
        let view = try await floor.questionView(question, by: seat.principal)
        guard view.attachments.contains(where: { $0.id == id.raw }) else {
            throw Refusal.notFound("There is no such file here.")
        }
        let file = try await floor.libraryAttachment(id, by: seat.principal)
        return try await download(file)
    }

    /// Takes a file as its raw bytes; its name stands in the query.
    func addLibraryFile(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard isGenuine(request.headers[.csrfToken] ?? "", seat) else {
            throw Refusal.forbidden("This page is no longer valid. Load it again, then add the file again.")
        }
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let question = try Self.libraryQuestion(context)
        let file = try await sentFile(
            request, context, name: try Fields(queryOf: request)["name"] ?? "",
            max: LibraryLimits.attachmentBytesMax)
        _ = try await floor.addLibraryAttachment(file, to: question, by: seat.principal)
        return .text(.created, "added")
    }

    func removeLibraryFile(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let question = try Self.libraryQuestion(context)
        try await floor.removeLibraryAttachment(
            try Self.libraryFile(context), of: question, by: seat.principal)
        return .seeOther(
            "\(seat.base)/admin/library/questions/\(question)?said=\(Said.librarySaved.rawValue)")
    }

    private static func libraryFile(_ context: Context) throws -> LibraryAttachmentID {
        guard let id = context.segment("file").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such file here.")
        }
        return LibraryAttachmentID(id)
    }
}
