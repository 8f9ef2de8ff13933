// What the operating system says of this process, under the names that Prometheus's own libraries use.
public import Center
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// When this process began to count, and what it uses now.
public struct ProcessMetrics: Sendable {
    private let startS: Double

    public init() { startS = Date().timeIntervalSince1970 }

    /// What cannot be read here is left out.
    public var metrics: [Metric] {
        var all = [
            Metric(
                .gauge, "process_start_time_seconds", "When the server began, in seconds since 1970.",
                seconds: (startS * 1_000).rounded() / 1_000),
            Metric(.counter, "process_cpu_seconds_total", "CPU time of all threads.", seconds: Self.cpuS),
        ]
        if let bytes = Self.residentBytes {
            all.append(Metric(.gauge, "process_resident_memory_bytes", "Resident memory.", bytes))
        }
        if let files = Self.openFiles {
            all.append(Metric(.gauge, "process_open_fds", "Open files and sockets.", files))
        }
        if let files = Self.openFilesMax {
            all.append(Metric(.gauge, "process_max_fds", "Files and sockets that may be open.", files))
        }
        return all
    }

    private static var cpuS: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static var residentBytes: Int? {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return fields?.dropFirst().first.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
    }

    private static var openFiles: Int? {
        // The folder is open itself while it is read.
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
    }

    private static var openFilesMax: UInt? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur
    }
}
