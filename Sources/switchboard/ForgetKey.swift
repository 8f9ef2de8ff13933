// switchboard forget-key: the way back when a database outlived its secret.key.

import ArgumentParser
import Center
import Logging
import Store

struct ForgetKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget-key",
        abstract: "Lets the database be served with another secret.key, when its own is lost for good.",
        discussion:
            "Callback secrets and access keys cannot be read any more and must be provisioned anew. Passwords "
            + "and access tokens go on working. No server may be running.")

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try StoreSettings(store, try SettingsSource(config: store.config))
        let folder = try DataFolder(settings.folder)
        let lock = try DatabaseLock(settings.location)
        defer { withExtendedLifetime((folder, lock)) {} }
        do {
            let database = try Store.open(settings.location, logger: makeLogger())
            try MasterKey.forget(in: database)
        } catch StoreError.fenced {
            throw InUse(what: "database (\(settings.location))", holder: "")
        } catch StoreError.unavailable(let why) {
            throw Sentence("The database (\(settings.location)) cannot be used: \(why)")
        }
        print("The next start takes the secret.key of its data folder, or makes one.")
    }
}
