// What the process does with large pieces of memory that it no longer needs.
import CMemory

/// Reading half a million rows at start, and writing down what was made of them, takes lists of tens of megabytes
/// for a moment.
enum LargeMemory {
    /// Pieces from this size on are given back as soon as they are freed.
    private static let bytesMin: CInt = 4 << 20

    static let isGivenBack: Void = give_back_large_memory(bytesMin)
}
