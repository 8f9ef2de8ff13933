"""bin/bench: one table of ratios from one run."""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time

import apio
import callbacks
import cention
import library
import neutral
import rows
import streams
from processes import ROOT
from table import Table

sys.stdout.reconfigure(line_buffering=True)

PARTS = ["creates", "doors", "router", "pages", "startup", "memory", "streams", "callbacks", "attachment", "cention",
         "library"]
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def databases(*names):
    """The connection URL of bin/with-postgres with one database for each server."""
    import subprocess
    url = os.environ.get("SWITCHBOARD_TEST_POSTGRES")
    if not url:
        return None
    for name in names:
        subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE bench_{name}"], check=True)
    return url


def main():
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time and of the data; no figure counts")
    parser.add_argument("--only", help="parts, parted by commas: " + ", ".join(PARTS))
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    parts = options.only.split(",") if options.only else PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}")
    quick = options.quick
    began = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - began:5.0f} s] {text}", file=sys.stderr, flush=True)

    work = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-bench-"))
    table = Table()
    try:
        for part in PARTS:
            if part in parts:
                measure(part, table, work / part, quick, say)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    command = "bin/bench" + (" --quick" if quick else "") + (f" --only {options.only}" if options.only else "")
    text = table.text(command)
    print("\n" + text)
    if options.write:
        page = ROOT / "docs/performance.md"
        old = page.read_text()
        head, _, rest = old.partition(BEGIN)
        page.write_text(head + BEGIN + "\n" + text + END + rest.partition(END)[2])


def measure(part, table, work, quick, say):
    work.mkdir()
    large, waiting = (100_000, 2_000) if quick else (1_000_000, 20_000)
    match part:
        case "creates":
            engines = {"sqlite": None}
            if url := databases("durable", "stub", "single"):
                engines["postgres"] = url
            table.creates(rows.creates(work, engines, [32, 256], 1 if quick else 3, 2 if quick else 5, say))
        case "doors":
            table.doors(rows.doors(work, 1_000, 256, 1 if quick else 3, 2 if quick else 5, say))
            table.apio(apio.measure(work, 10_000, 256, 1 if quick else 3, 2 if quick else 5, say))
            table.neutral(neutral.cycles(work, 1_000, 64, 1 if quick else 3, 2 if quick else 5, say),
                          neutral.offers_seen(work, 400, 200, 3 if quick else 20, say))
        case "router":
            table.router(rows.router(say))
            table.router_soak(rows.router_soak(1_000_000 if quick else 10_000_000, say))
        case "pages":
            small = 10_000
            table.pages(rows.pages(work, [small, large], 1 if quick else 3, 2 if quick else 4, say), small, large)
        case "startup":
            table.start_up(large, waiting, rows.start_up(work, large, waiting, 3, say))
        case "memory":
            table.memory(rows.memory(work, say))
        case "streams":
            table.streams(streams.measure(work, 500 if quick else 5_000, 200, 3 if quick else 20, say))
        case "callbacks":
            table.callbacks(callbacks.measure(work, 1_000 if quick else 20_000, say))
        case "library":
            engines = {"sqlite": None}
            if url := databases("library"):
                engines["postgres"] = f"{url}&dbname=bench_library"
            table.library(library.measure(work, engines, 10_000 if quick else 100_000, 1 if quick else 3, 2 if quick else 5, say))
        case "attachment":
            table.attachment(rows.attachment(work, 3 if quick else 10, say))
        case "cention":
            table.reports(cention.reports(work, 3 if quick else cention.TURNS_MAX, say))
            table.cards(cention.cards(work, [10_000, large], 1 if quick else 3, 2 if quick else 4, say))
            table.export(cention.export(work, 100_000, 3 if quick else 10, say))


main()
