// The migrations, in order, append-only once released.

public import Store

public enum Schema {
    public static let migrations: [Migration] = [
        first, newErrands, errandDesk, lists, failedDeliveries, desks, erasure,
        standby, acd, callCenters, why, statistics, errandsOfContact, telephony, externalItems,
        contactNotes, errandSLA, estimates, library, satisfaction, invitations, exports, drafts, children,
        replays, paces,
    ]
}
