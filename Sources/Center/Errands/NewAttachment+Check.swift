// What a file must be that somebody at the desk sends.

extension NewAttachment {
    /// - Throws: `Refusal.tooLarge`; `Refusal.invalid` for a name or a type that no row should hold.
    func check(bytesMax: Int) throws {
        guard bytes.count <= bytesMax else {
            throw Refusal.tooLarge("A file has at most \(bytesMax >> 20) MiB; send a smaller one.")
        }
        guard !name.isEmpty, name.utf8.count <= ErrandLimits.attachmentNameMax,
            contentType.utf8.count <= ErrandLimits.attachmentNameMax
        else {
            throw Refusal.invalid(
                "A file needs a name, of at most \(ErrandLimits.attachmentNameMax) bytes; rename it.")
        }
    }
}
