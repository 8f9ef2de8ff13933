// What is kept for each channel.

/// One value for each channel.
struct ByChannel<Value: Sendable>: Sendable {
    var errand: Value
    var chat: Value
    var call: Value

    init(_ value: Value) {
        errand = value
        chat = value
        call = value
    }

    subscript(channel: Channel) -> Value {
        @inline(__always)
        _read {
            switch channel {
            case .errand: yield errand
            case .chat: yield chat
            case .call: yield call
            }
        }
        @inline(__always)
        _modify {
            switch channel {
            case .errand: yield &errand
            case .chat: yield &chat
            case .call: yield &call
            }
        }
    }
}
