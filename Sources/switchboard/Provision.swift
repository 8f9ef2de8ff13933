// switchboard provision FILE: a workspace from a file, through the running server or beside it.

import ArgumentParser
import AsyncHTTPClient
import Center
import Foundation
import Hummingbird
import Logging
import NIOCore
import Web

struct Provision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes or changes a workspace from a YAML file; prints ids and new secrets as JSON.")
    static let fileMaxBytes = 4 << 20

    @Argument(help: "The provisioning file; docs/provisioning.md has every key.")
    var file: String

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let plan = try read()
        let result: String
        if let answer = try await askServer(plan, settings) {
            result = answer
        } else {
            result = try await applyHere(plan, settings)
        }
        print(result, terminator: "")
    }

    /// The plan with the files that it names.
    private func read() throws -> ProvisionPlan {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Sentence("\(file) cannot be read.")
        }
        guard bytes.count <= Self.fileMaxBytes else {
            throw Sentence("\(file) is larger than \(Self.fileMaxBytes) bytes.")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Sentence("\(file) is no UTF-8 text.")
        }
        var plan = try ProvisionFile.read(text, name: file)
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        for path in plan.referencedFiles {
            let url = URL(fileURLWithPath: path.value, relativeTo: folder)
            guard let content = FileManager.default.contents(atPath: url.path) else {
                throw plan.problem(at: path.position, "the file '\(path.value)' cannot be read")
            }
            try plan.attach([UInt8](content), for: path)
        }
        return plan
    }

    /// Nil when no server uses the data folder.
    private func askServer(_ plan: ProvisionPlan, _ settings: StoreSettings) async throws -> String? {
        guard let socket = try? ControlSocket(folder: settings.folder),
            FileManager.default.fileExists(atPath: settings.folder + "/" + ControlSocket.name)
        else { return nil }
        let escaped = socket.path.replacingOccurrences(of: "/", with: "%2F")
        var request = HTTPClientRequest(url: "http+unix://\(escaped)/provision")
        request.method = .POST
        request.headers.add(name: "Host", value: "switchboard")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(try JSONEncoder().encode(plan))
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
        } catch {
            // A socket that nobody serves: a killed server's. The folder's lock decides.
            return nil
        }
        let body = try await response.body.collect(upTo: ServerLimits.control.bodyMaxBytes)
        let text = String(buffer: body)
        switch response.status {
        case .ok: return text
        case .unprocessableEntity:
            throw try JSONDecoder().decode(ProvisionProblem.self, from: Data(text.utf8))
        default:
            let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
            throw Sentence(words.isEmpty ? "The running server refused: \(response.status)." : words)
        }
    }

    private func applyHere(_ plan: ProvisionPlan, _ settings: StoreSettings) async throws -> String {
        var logger = makeLogger()
        logger.logLevel = .error
        let folder = try DataFolder(settings.folder)
        let (floor, lock) = try openFloor(settings, logger: logger) { _ in }
        defer { withExtendedLifetime((folder, lock)) {} }
        do {
            let result = try await floor.provision(plan)
            await floor.close()
            return result.json
        } catch let refusal as Refusal {
            await floor.close()
            throw Sentence(refusal.message)
        } catch {
            await floor.close()
            throw error
        }
    }
}

/// What the running server offers to the folder's owner.
func controlRoutes(_ floor: Floor) -> Routes {
    let routes = Routes()
    let dialect = routes.dialect(at: "/") { _, _, _ in
        Response(status: .notFound, body: .init(byteBuffer: .init(string: "unknown\n")))
    }
    dialect.post("provision") { request, context in
        let body = try await context.collectBody(request, upTo: ServerLimits.control.bodyMaxBytes)
        let plan = try JSONDecoder().decode(ProvisionPlan.self, from: Data(buffer: body.buffer))
        do {
            let result = try await floor.provision(plan)
            return Response(status: .ok, body: .init(byteBuffer: .init(string: result.json)))
        } catch let problem as ProvisionProblem {
            let data = try JSONEncoder().encode(problem)
            return Response(status: .unprocessableContent, body: .init(byteBuffer: .init(bytes: data)))
        }
    }
    return routes
}

extension ServerLimits {
    /// Plans carry files: up to 128 MiB of them, in base64.
    static let control: ServerLimits = {
        var limits = ServerLimits()
        limits.bodyMaxBytes = 192 << 20
        limits.bodyMaxMs = 600_000
        return limits
    }()
}
