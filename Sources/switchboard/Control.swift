// The control socket: how a subcommand asks the running server, and what that server offers.

import AsyncHTTPClient
import Center
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Web

/// An erasure of a large customer, or a plan with many files, takes its time.
private let controlAnswerMaxS: Int64 = 3_600

/// Posts to the server that uses the data folder; nil when there is none.
func askRunningServer(
    _ path: String, _ order: some Encodable, _ settings: StoreSettings
) async throws -> (HTTPResponse.Status, String)? {
    guard let socket = try? ControlSocket(folder: settings.folder),
        FileManager.default.fileExists(atPath: settings.folder + "/" + ControlSocket.name)
    else { return nil }
    let escaped = socket.path.replacingOccurrences(of: "/", with: "%2F")
    var request = HTTPClientRequest(url: "http+unix://\(escaped)/\(path)")
    request.method = .POST
    request.headers.add(name: "Host", value: "switchboard")
    request.headers.add(name: "Content-Type", value: "application/json")
    request.body = .bytes(try JSONEncoder().encode(order))
    let response: HTTPClientResponse
    do {
        response = try await HTTPClient.shared.execute(request, timeout: .seconds(controlAnswerMaxS))
    } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
        throw Sentence("The running server did not answer in time; ask again, it goes on where it is.")
    } catch {
        // A socket that nobody serves: a killed server's. The folder's lock decides.
        return nil
    }
    let body = try await response.body.collect(upTo: ServerLimits.control.bodyMaxBytes)
    return (.init(code: Int(response.status.code)), String(buffer: body))
}

/// The text of a good answer; the server's own sentence of any other.
func answered(_ status: HTTPResponse.Status, _ text: String) throws -> String {
    guard status != .ok else { return text }
    let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
    throw Sentence(words.isEmpty ? "The running server refused: \(status)." : words)
}

/// Opens the data folder without a server, for one piece of work.
func withFloor<T: Sendable>(
    _ settings: StoreSettings, _ body: (Floor) async throws -> T
) async throws -> T {
    var logger = makeLogger()
    logger.logLevel = .error
    let folder = try DataFolder(settings.folder)
    let (floor, lock) = try openFloor(settings, logger: logger) { _ in }
    defer { withExtendedLifetime((folder, lock)) {} }
    do {
        let result = try await body(floor)
        await floor.close()
        return result
    } catch let refusal as Refusal {
        await floor.close()
        throw Sentence(refusal.message)
    } catch {
        await floor.close()
        throw error
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
    dialect.post("erase") { request, context in
        let body = try await context.collectBody(request, upTo: ServerLimits.control.bodyMaxBytes)
        let order = try JSONDecoder().decode(ErasureOrder.self, from: Data(buffer: body.buffer))
        let text = try await order.carryOut(on: floor)
        return Response(status: .ok, body: .init(byteBuffer: .init(string: text)))
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
