"""Load from wrk, and what it cost the server: requests a second, latencies, CPU a request."""
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def cpu_s(pids):
    """CPU time of processes so far, their ended threads included."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def wrk(url, pids, connections, seconds, script=None, expect_errors=False, **environment):
    """Runs wrk once; every answer must be a success."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    if script:
        command += ["-s", str(HERE / script)]
    before = cpu_s(pids)
    done = subprocess.run(command + [url], capture_output=True, text=True,
                          env=os.environ | {name: str(value) for name, value in environment.items()})
    used = cpu_s(pids) - before
    out = done.stdout
    requests = re.search(r"(\d+) requests in ([\d.]+)(m?s|m)", out)
    if done.returncode != 0 or not requests:
        raise SystemExit(f"wrk failed: {done.stderr}{out}")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", out)
    if bad and not expect_errors:
        raise SystemExit(f"{url}: {bad[0]}")
    count = int(requests[1])
    percentile = dict(re.findall(r"(\d+)%\s+([\d.]+(?:us|ms|s|m))", out))
    return {
        "rps": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
        "cpu_us": used / max(count, 1) * 1e6,
        "p50_ms": milliseconds(percentile["50"]),
        "p99_ms": milliseconds(percentile["99"]),
    }
