// The migrations, in order, append-only once released.

public import Store

public enum Schema {
    public static let migrations: [Migration] = [
        first, newErrands, errandDesk, lists, failedDeliveries, desks, erasure,
        standby, acd, Migration(number: 10, name: "kept for provisioning", script: []),
        Migration(number: 11, name: "kept for decisions", script: []), statistics,
    ]
}
