// Several yeses and noes in one byte, each asked for by its name.

extension OptionSet where RawValue == UInt8 {
    subscript(mark: Self) -> Bool {
        @inline(__always) get { rawValue & mark.rawValue != 0 }
        @inline(__always)
        set { self = Self(rawValue: newValue ? rawValue | mark.rawValue : rawValue & ~mark.rawValue) }
    }
}
