// What an agent does with the errand on the page: take, return, close, answer, note, tag, move, reopen.
import Center
import Hummingbird
import Routing
import Web

extension AgentDesk {
    func takeErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            try await floor.takeErrand(id, by: seat.principal)
            return page
        }
    }

    func returnErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, _ in
            try await floor.returnErrand(id, by: seat.principal)
            return "\(seat.base)?said=\(Said.returned.rawValue)"
        }
    }

    func closeErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, _ in
            try await floor.closeErrand(id, version: try fields.version(), by: seat.principal)
            return "\(seat.base)?said=\(Said.closed.rawValue)"
        }
    }

    func answerErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, _ in
            let written = try WrittenAnswer(fields)
            let view = try await floor.errand(id, for: seat.agent.id, in: seat.workspace)
            var answer = NewAnswer()
            answer.userType = .cention
            answer.userID = String(seat.agent.id.raw)
            // As the vendor's sample does: the errand's own subject, without "Re:".
            answer.subject = view.errand.subject
            answer.body = written.body
            answer.htmlBody = written.html
            try await floor.answerErrand(
                id, answer, files: written.files, version: try fields.version(), by: seat.principal)
            return "\(seat.base)?said=\(Said.answered.rawValue)"
        }
    }

    func noteErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            let note = (fields["note"] ?? "").replacing("\r\n", with: "\n")
            try await floor.addNote(note, to: id, by: seat.principal)
            return "\(page)#notes"
        }
    }

    func tagErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            if let tag = fields["remove"].flatMap({ Int64($0) }) {
                try await floor.untagErrand(id, tag, by: seat.principal)
            } else if let tag = fields["tag"].flatMap({ Int64($0) }) {
                try await floor.tagErrand(id, tag, by: seat.principal)
            } else {
                throw Refusal.invalid("Choose a tag.")
            }
            return page
        }
    }

    /// The page says by itself whether it has an unsent answer.
    func noteDraft(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            try await floor.noteDraft(id, isThere: fields["has"] == "1", by: seat.principal)
            return page
        }
    }

    func setErrandPriority(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            guard let priority = fields["priority"].flatMap({ Int64($0) }) else {
                throw Refusal.invalid("A priority is a whole number; 0 goes first.")
            }
            try await floor.setPriority(priority, of: id, by: seat.principal)
            return page
        }
    }

    func transferErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            guard let target = TransferTarget(field: fields["to"] ?? "") else {
                throw Refusal.invalid("Choose an area or an agent to transfer the errand to.")
            }
            try await floor.transferErrand(id, to: target, version: try fields.version(), by: seat.principal)
            if target == .agent(seat.agent.id) { return page }
            return "\(seat.base)?said=\(Said.transferred.rawValue)"
        }
    }

    func reopenErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, page in
            let target: ReopenTarget = fields["to"] == "queue" ? .queue : .hands
            try await floor.reopenErrand(id, to: target, by: seat.principal)
            return target == .hands ? page : "\(page)?said=\(Said.reopened.rawValue)"
        }
    }

    /// Runs a verb on the path's errand; a refusal shows the errand again, with the sentence and what was typed.
    /// - Parameter verb: gets the errand and its page's address; answers where to go.
    private func onErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context,
        _ verb: (ErrandID, String) async throws -> String
    ) async throws -> Response {
        let id = try errandID(context)
        do {
            return .done(request, goTo: try await verb(id, "\(seat.base)/errands/\(id)"))
        } catch let refusal as Refusal {
            switch refusal {
            case .conflict, .invalid, .forbidden, .tooLarge, .tooMany, .unavailable, .storageFull:
                guard !request.isFetched else { throw refusal }
                return try await errandPage(
                    id, seat, status: refusal.status, notice: refusal.message, draft: ErrandDraft(fields))
            case .unauthenticated, .notFound, .unsupported:
                throw refusal
            }
        }
    }
}

extension Fields {
    /// The version of the errand that the form was made for.
    fileprivate func version() throws -> Int64 {
        guard let version = self["version"].flatMap({ Int64($0) }) else {
            throw Refusal.invalid("The form does not say which version of the errand it was made for.")
        }
        return version
    }
}

extension TransferTarget {
    /// `area:3` or `agent:5`.
    init?(field: String) {
        let parts = field.split(separator: ":")
        guard parts.count == 2, let id = Int64(parts[1]) else { return nil }
        switch parts[0] {
        case "area": self = .area(AreaID(id))
        case "agent": self = .agent(AgentID(id))
        default: return nil
        }
    }
}
