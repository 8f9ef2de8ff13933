// What the process itself has used: CPU time and memory.

import Foundation

enum ProcessFigures {
    /// CPU time of all threads, in µs.
    static var cpuUs: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    /// Resident memory in MiB.
    static var residentMiB: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }
}

/// One JSON object a line on standard output, for the driver.
func report(_ figures: [String: Any]) {
    guard let data = try? JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys]) else {
        return
    }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
}
