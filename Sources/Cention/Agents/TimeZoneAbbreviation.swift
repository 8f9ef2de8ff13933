// The Agent API's abbreviations of time zones, and the zones they stand for, summer time included.
// Source: seed 000, table Time zones.

enum TimeZoneAbbreviation {
    /// GST is printed twice, for Atlantic/South_Georgia as well; it means Dubai here.
    private static let zones: KeyValuePairs<String, String> = [
        "SST": "Pacific/Midway", "HDT": "US/Hawaii", "AKDT": "US/Alaska", "PST": "US/Pacific",
        "MST": "US/Arizona", "CST": "US/Central", "EST": "US/Eastern", "AMT": "Brazil/West",
        "ART": "America/Buenos_Aires", "CVT": "Atlantic/Cape_Verde", "GMT": "GMT", "BST": "Europe/London",
        "CET": "Europe/Stockholm", "EET": "Europe/Helsinki", "MSK": "Europe/Moscow", "AST": "Asia/Baghdad",
        "GST": "Asia/Dubai", "PKT": "Asia/Karachi", "BDT": "Asia/Dhaka", "WIB": "Asia/Jakarta",
        "MYT": "Asia/Kuala_Lumpur", "PHT": "Asia/Manila", "KST": "Asia/Seoul", "AEDT": "Australia/Canberra",
        "VLAT": "Asia/Vladivostok", "NZST": "Pacific/Auckland",
    ]

    static func zone(of abbreviation: String) -> String? {
        zones.first { $0.key == abbreviation }?.value
    }

    /// The other way round, where a zone has one.
    static func abbreviation(of zone: String) -> String? { abbreviations[zone] }

    private static let abbreviations = Dictionary(
        zones.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

    static var words: String { zones.map(\.key).joined(separator: ", ") }
}
