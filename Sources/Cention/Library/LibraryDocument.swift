// A piece of the library as a compound document: what was asked for in `data`, everything else that is reached once
// in `included`. Source: seed 001, lines 883-1035, 1062-1182; cention.md §7.
import Center
import Web

struct LibraryDocument {
    let graph: LibraryGraph
    let ask: LibraryAsk
    let pictures: DataURLs?
    /// What libraries are in `data`.
    let primaryType: StaticString?

    init(
        _ graph: LibraryGraph, _ ask: LibraryAsk, pictures: DataURLs?, primaryType: StaticString? = nil
    ) {
        self.graph = graph
        self.ask = ask
        self.pictures = pictures
        self.primaryType = primaryType
    }

    /// The document of one node; a question's own link stands beside `data`.
    func one() -> [UInt8] {
        JSONWriter.object { document in
            for node in graph.primary {
                document.object("data") { write(node, to: &$0, isPrimary: true, withLinks: false) }
            }
            writeIncluded(to: &document)
            if let node = graph.primary.first, node.kind == .question {
                document.links(self: "\(ask.base)/\(LibraryType.questions)/\(node.id)")
            }
        }
    }

    func list() -> [UInt8] {
        JSONWriter.object { document in
            document.array("data") { data in
                for node in graph.primary {
                    data.object { write(node, to: &$0, isPrimary: true, withLinks: true) }
                }
            }
            writeIncluded(to: &document)
            // A client must be able to tell a search that was cut off.
            if graph.hasMore {
                document.object("meta") { meta in
                    meta.member("found", Int64(graph.primary.count))
                    meta.member("more", true)
                }
            }
        }
    }

    private func writeIncluded(to document: inout JSONWriter) {
        // An external library in `data` is another resource than the library among what something holds.
        if graph.nodeCount == graph.primary.count, primaryType == nil, graph.attachments.isEmpty,
            graph.archives.isEmpty
        {
            return
        }
        let again = primaryType == nil ? [] : graph.heldNodes
        let primary = Set(graph.primary)
        let libraries = graph.libraries.map { LibraryNode.library($0.id) }.filter {
            !primary.contains($0) || again.contains($0)
        }
        let others =
            graph.questions.map { LibraryNode.question($0.id) }.filter { !primary.contains($0) } + libraries
            + graph.categories.map { LibraryNode.category($0.id) }.filter { !primary.contains($0) }
        guard !others.isEmpty || !graph.attachments.isEmpty || !graph.archives.isEmpty else { return }
        document.array("included") { included in
            for file in graph.attachments {
                included.object { $0.members(of: file, .attachments, ask) }
            }
            for file in graph.archives { included.object { $0.members(of: file, .archives, ask) } }
            for node in others {
                included.object { write(node, to: &$0, isPrimary: false, withLinks: true) }
            }
        }
    }

    private func write(
        _ node: LibraryNode, to resource: inout JSONWriter, isPrimary: Bool, withLinks: Bool
    ) {
        let type = isPrimary && node.kind == .library ? primaryType ?? node.kind.type : node.kind.type
        resource.member("type", type.description)
        resource.member("id", String(node.id))
        func has(_ name: String) -> Bool { ask.fields.has(name, of: type) }
        switch node.kind {
        case .library:
            resource.object("attributes") { attributes in
                if has("c3_id") { attributes.member("c3_id", node.id) }
                guard let library = graph.library(node.id) else { return }
                if !(isPrimary && primaryType != nil), has("external") {
                    attributes.member("external", library.isExternal)
                }
                if has("name") { attributes.member("name", library.name) }
            }
            writeHeld(by: node, to: &resource)
        case .category:
            resource.object("attributes") { attributes in
                if has("c3_id") { attributes.member("c3_id", node.id) }
                if has("name") { attributes.member("name", graph.category(node.id)?.name ?? "") }
            }
            writeHeld(by: node, to: &resource)
        case .question:
            guard let question = graph.question(node.id) else { return }
            resource.object("attributes") { attributes in
                if has("answer") { attributes.member("answer", text(question.answer)) }
                if has("c3_id") { attributes.member("c3_id", node.id) }
                if has("question") { attributes.member("question", text(question.question)) }
                if has("subject") { attributes.member("subject", question.subject) }
            }
            let own = "\(ask.base)/\(LibraryType.questions)/\(node.id)"
            writeFiles(of: question, own, to: &resource)
            if withLinks { resource.links(self: own) }
        }
    }

    private func text(_ text: String) -> String { pictures?.put(into: text) ?? text }

    /// Empty relations are left out, as in the samples.
    private func writeHeld(by node: LibraryNode, to resource: inout JSONWriter) {
        let held = [LibraryKind.category, .library, .question].map { ($0, graph.held($0, by: node)) }
            .filter { !$0.1.isEmpty }
        guard !held.isEmpty else { return }
        resource.object("relationships") { relationships in
            for (kind, ids) in held {
                relationships.object(kind.relation) { $0.linkage(kind.type, ids) }
            }
        }
    }

    private func writeFiles(of question: LibraryQuestion, _ own: String, to resource: inout JSONWriter) {
        let files = [
            (QuestionFiles.attachments, graph.attachments(of: question.id)),
            (.archives, graph.archives(in: question.id)),
        ].filter { !$0.1.isEmpty }
        guard !files.isEmpty else { return }
        resource.object("relationships") { relationships in
            for (kind, ids) in files {
                relationships.object(kind.relation) { relation in
                    relation.linkage(kind.type, ids)
                    relation.relationLinks(own, kind.relation)
                }
            }
        }
    }
}

extension JSONWriter {
    /// `data` of a relation.
    mutating func linkage(_ type: StaticString, _ ids: [Int64]) {
        array("data") { data in
            for id in ids {
                data.object { link in
                    link.member("type", type.description)
                    link.member("id", String(id))
                }
            }
        }
    }

    mutating func links(self own: String) {
        object("links") { links in links.object("self") { $0.member("href", own) } }
    }

    /// The links of a relation of the resource at `own`.
    mutating func relationLinks(_ own: String, _ relation: StaticString) {
        object("links") { links in
            links.object("related") { $0.member("href", "\(own)/\(relation)") }
            links.object("self") { $0.member("href", "\(own)/relationships/\(relation)") }
        }
    }

    /// A file without its content.
    mutating func members(of file: LibraryFile, _ kind: QuestionFiles, _ ask: LibraryAsk) {
        member("type", kind.type.description)
        member("id", String(file.id))
        object("attributes") { attributes in
            if ask.fields.has("attachment", of: kind.type) {
                attributes.object("attachment") { attachment in
                    attachment.member("c3_id", file.id)
                    attachment.member("content_type", file.contentType)
                    attachment.member("name", file.name)
                }
            }
            if ask.fields.has("c3_id", of: kind.type) { attributes.member("c3_id", file.id) }
        }
        links(self: "\(ask.base)/\(kind.type)/\(file.id)")
    }
}
