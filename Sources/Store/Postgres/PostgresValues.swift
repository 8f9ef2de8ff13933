// PostgreSQL's binary formats: parameters out, columns in.
import CPostgres

/// The types a statement may bind or return, by their fixed object ids.
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
    static let void: Oid = 2278
    /// "char", name, json, unknown, bpchar, varchar: their binary form is their text.
    static let likeText: [Oid] = [18, 19, 114, 705, 1042, 1043]
}

/// The parameters of one statement in libpq's layout; reused, so that binding allocates nothing.
struct PostgresParameters {
    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    var byteCount: Int { bytes.count }

    mutating func encode(_ values: [Value]) {
        types.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            var offset = start
            switch value {
            case .null:
                types.append(0)
                offset = -1
            case .integer(let int):
                types.append(PostgresType.int8)
                append(UInt64(bitPattern: int))
            case .real(let real):
                types.append(PostgresType.float8)
                append(real.bitPattern)
            case .text(let text):
                types.append(PostgresType.text)
                bytes.append(contentsOf: text.withoutNul.utf8)
            case .blob(let blob):
                types.append(PostgresType.bytea)
                bytes.append(contentsOf: blob)
            }
            offsets.append(offset)
            lengths.append(CInt(bytes.count - start))
        }
        while formats.count < values.count { formats.append(1) }
    }

    private mutating func append(_ word: UInt64) {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Calls libpq with pointers that live as long as the call.
    mutating func send(
        _ call: (
            _ count: CInt, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<CInt>?, _ formats: UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        // Never empty, so that an empty text has an address and is not NULL.
        bytes.append(0)
        pointers.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress!.assumingMemoryBound(to: CChar.self)
            for offset in offsets { pointers.append(offset < 0 ? nil : base + offset) }
            return call(CInt(offsets.count), pointers, lengths, formats)
        }
    }
}

/// Names and types of a statement's columns.
struct PostgresShape {
    let columns: Columns
    private let types: [Oid]

    init(_ result: OpaquePointer) {
        let count = PQnfields(result)
        columns = Columns((0..<count).map { String(cString: PQfname(result, $0)) })
        types = (0..<count).map { PQftype(result, $0) }
    }

    func row(_ result: OpaquePointer, _ row: CInt) throws -> Row {
        var values: [Value] = []
        values.reserveCapacity(types.count)
        for (index, type) in types.enumerated() {
            let column = CInt(index)
            if PQgetisnull(result, row, column) != 0 {
                values.append(.null)
                continue
            }
            let bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
            guard let value = Self.decode(bytes, type) else {
                throw StoreError.statement(
                    "column '\(columns.names[index])' has type \(type), which needs a CAST")
            }
            values.append(value)
        }
        return Row(columns: columns, values: values)
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, _ type: Oid) -> Value? {
        switch type {
        case PostgresType.int8: .integer(word(bytes, Int64.self))
        case PostgresType.text: .text(String(decoding: bytes, as: UTF8.self))
        case PostgresType.int4: .integer(Int64(word(bytes, Int32.self)))
        case PostgresType.bool: .integer(bytes[0] == 0 ? 0 : 1)
        case PostgresType.bytea: .blob([UInt8](bytes))
        case PostgresType.float8: .real(Double(bitPattern: word(bytes, UInt64.self)))
        case PostgresType.numeric: numeric(bytes)
        case PostgresType.int2: .integer(Int64(word(bytes, Int16.self)))
        case PostgresType.oid: .integer(Int64(word(bytes, UInt32.self)))
        case PostgresType.float4: .real(Double(Float(bitPattern: word(bytes, UInt32.self))))
        case PostgresType.void: .null
        case _ where PostgresType.likeText.contains(type): .text(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    private static func word<W: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: W.Type) -> W {
        W(bigEndian: bytes.loadUnaligned(as: W.self))
    }

    /// A numeric, which `sum` of integers yields: an integer when it has no decimals and fits, else a real.
    ///
    /// Shape: four words (digit count, weight, sign, decimals), then digits to base 10,000.
    private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Value? {
        func short(_ index: Int) -> Int {
            Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)))
        }
        let (count, weight, sign, decimals) = (short(0), short(1), short(2), short(3))
        guard sign == 0 || sign == 0x4000 else { return nil }
        let isNegative = sign != 0
        if decimals == 0 {
            var whole: Int64 = 0
            var fits = true
            for position in 0..<max(weight + 1, 0) {
                let digit = Int64(position < count ? short(4 + position) : 0)
                let (scaled, over) = whole.multipliedReportingOverflow(by: 10_000)
                let (next, overToo) =
                    isNegative
                    ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
                fits = fits && !over && !overToo
                whole = next
            }
            if fits { return .integer(whole) }
        }
        // Correctly rounded by parsing the decimal digits.
        var text = isNegative ? "-0" : "0"
        for position in 0..<count {
            let digits = String(short(4 + position))
            text += String(repeating: "0", count: 4 - digits.count) + digits
        }
        return Double(text + "e\((weight + 1 - count) * 4)").map(Value.real)
    }
}
