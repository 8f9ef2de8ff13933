// The last day of tokens and keys, as forms ask for it.
import Center
import Routing
import Web

/// The last day of what may end.
enum Expiry {
    static func instant(_ seconds: Int64) -> Instant { Instant(ms: seconds * 1_000) }

    /// Unix seconds of the end of the day that was typed in `expiry`, in the agent's zone; 0 for none.
    /// - Throws: `Refusal.invalid` for no day, or one that is over.
    static func seconds(_ typed: String, _ seat: Seat) throws -> Int64 {
        let text = typed.trimmedOfBlanks
        if text.isEmpty { return 0 }
        guard let day = seat.times.day(text) else {
            throw Refusal.invalid("Expected a day such as 2027-12-31.", pointer: "/expiry")
        }
        guard day.ends > seat.times.now else {
            throw Refusal.invalid("That day is over; choose one to come, or none.", pointer: "/expiry")
        }
        return day.ends.ms / 1_000
    }

    static func node(_ entry: inout TypedEntry, _ seat: Seat) throws -> DocumentNode {
        let typed = entry.value("expiry")
        do {
            return entry.bare("\(try seconds(typed, seat))", of: "expiry")
        } catch let refusal as Refusal {
            throw entry.text("expiry").problem(refusal.message)
        }
    }
}
