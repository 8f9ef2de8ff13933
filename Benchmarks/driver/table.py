"""The table of docs/performance.md: what was measured, the target, whether it holds."""
import time

import rows
from processes import commit, machine


class Table:
    def __init__(self):
        self.rows = []
        self.notes = []

    def row(self, what, figure, target, holds):
        self.rows.append((what, figure, target, {True: "yes", False: "no", None: ""}[holds]))
        print(f"  {what}: {figure} (target {target}) {'' if holds is None else 'holds' if holds else 'MISSED'}", flush=True)

    def creates(self, found):
        for (engine, connections), figures in found.items():
            hello, stub, durable, single = (figures[name] for name in ("hello", "stub", "durable", "single"))
            name = f"{engine}, {connections} connections"
            for kind, one in figures.items():
                self.row(f"{name}: {kind}", f"{one['rps']:,.0f}/s, {one['cpu_us']:.0f} µs CPU, p99 {one['p99_ms']:.1f} ms, "
                         f"spread {one['spread'] * 100:.0f} %", "", None)
            judged = engine == "sqlite" and connections == 256
            ratio = durable["cpu_us"] / stub["cpu_us"]
            self.row(f"{name}: durable create, CPU against stubbed storage", f"{ratio:.2f}×", "≤ 2.5×",
                     ratio <= 2.5 if judged else None)
            ratio = durable["cpu_us"] / hello["cpu_us"]
            self.row(f"{name}: durable create, CPU against hello", f"{ratio:.2f}×", "≤ 4.5×",
                     ratio <= 4.5 if judged else None)
            ratio = durable["rps"] / stub["rps"]
            self.row(f"{name}: durable create, requests/s against stubbed storage", f"{ratio:.2f}×", "≥ 0.4×",
                     ratio >= 0.4 if judged else None)
            ratio = durable["rps"] / single["rps"]
            self.row(f"{name}: group commit against one transaction a request", f"{ratio:.1f}×", "≥ 5×",
                     ratio >= 5 if judged else None)
        for connections in (32, 256):
            if ("sqlite", connections) in found and ("postgres", connections) in found:
                ratio = found["postgres", connections]["durable"]["rps"] / found["sqlite", connections]["durable"]["rps"]
                self.row(f"PostgreSQL against SQLite, {connections} connections", f"{ratio:.2f}×", "≥ 0.4×",
                         ratio >= 0.4 if connections == 256 else None)

    def doors(self, found):
        create = found.pop("create")
        self.row("durable create, 256 connections", f"{create['rps']:,.0f}/s, {create['cpu_us']:.0f} µs CPU", "", None)
        for name, one in found.items():
            ratio = one["rps"] / create["rps"]
            self.row(f"{rows.DOORS[name][0]}, durable, against a durable create",
                     f"{one['rps']:,.0f}/s, {one['cpu_us']:.0f} µs CPU, p99 {one['p99_ms']:.1f} ms = {ratio:.2f}×",
                     "≥ 0.5×", ratio >= 0.5)

    def apio(self, figures):
        hello, profile = figures["hello"], figures["profile"]
        ratio = profile["rps"] / hello["rps"]
        self.row("profile GET through APIO, against hello",
                 f"{profile['rps']:,.0f}/s, {profile['cpu_us']:.0f} µs CPU / {hello['rps']:,.0f}/s, {hello['cpu_us']:.0f} µs = {ratio:.2f}×",
                 "≥ 0.5×", ratio >= 0.5)
        for kind, (found, p95) in figures["search"].items():
            self.row(f"supervised agents through APIO, {kind}: {found:,} of {figures['agents']:,}", f"p95 {p95:.1f} ms",
                     "< 20 ms", p95 < 20)

    def library(self, figures):
        hello, question = figures["hello"], figures["question"]
        ratio = question["rps"] / hello["rps"]
        self.row(f"library question of {figures['questions']:,}, 32 connections, against hello",
                 f"{question['rps']:,.0f}/s, {question['cpu_us']:.0f} µs CPU / {hello['rps']:,.0f}/s, {hello['cpu_us']:.0f} µs = {ratio:.2f}×",
                 "≥ 0.4×", ratio >= 0.4)
        for (engine, kind), (found, p95) in figures["search"].items():
            self.row(f"{engine}: search over {figures['questions']:,} questions, {kind}: {found:,} told", f"p95 {p95:.1f} ms",
                     "< 50 ms", p95 < 50)
        for engine, seconds in figures["made_s"].items():
            self.row(f"{engine}: {figures['questions']:,} questions provisioned", f"{seconds:.0f} s", "", None)

    def neutral(self, cycles, seen):
        self.row("neutral API: work item in, offered, accepted, ended, durable, 64 connections",
                 f"{cycles['cycles']:,.0f} cycles/s, {cycles['cpu_us']:.0f} µs CPU a request", "≥ 1,000/s",
                 cycles["cycles"] >= 1_000)
        self.row(f"neutral API: offer seen on the stream at {seen['rate']:.0f} cycles/s, {seen['offers']:,} offers",
                 f"p50 {seen['p50_ms']:.1f} ms, p99 {seen['p99_ms']:.1f} ms", "< 50 ms", seen["p99_ms"] < 50)

    def router(self, rows):
        for row in rows:
            if "changes" in row:
                self.row(f"router, {row['rule']}: {row['changes']:,} presence changes at once", f"{row['seconds']:.3f} s of CPU",
                         "≤ 1 s", row["seconds"] <= 1)
                continue
            apart = row["rule"] == "simultaneous"
            self.row(f"router, {row['rule']}: {row['agents']:,} agents, {row['queues']:,} queues, {row['waiting']:,} waiting",
                     f"{row['us']:.2f} µs CPU an assignment, mean {row['mean_us']:.2f}, while a random read took {row['read_ns']:.0f} ns",
                     "" if apart else "≤ 2 µs", None if apart else row["us"] <= 2)

    def router_soak(self, figures):
        self.row(f"router: {figures['events']:,} events at 500 arrivals/s, {figures['virtual_seconds']:,} s of virtual time",
                 f"{figures['seconds']:.0f} s of CPU, {figures['connected']:,} of {figures['arrived']:,} connected, "
                 f"{figures['stuck']} stuck", "nothing stuck", figures["stuck"] == 0)

    def pages(self, found, small, large):
        for kind in ("errand", "list", "sender"):
            ratio = found[large, kind]["p50_ms"] / found[small, kind]["p50_ms"]
            self.row(f"one {kind} page: {large:,} errands against {small:,}",
                     f"{found[large, kind]['p50_ms']:.2f} ms / {found[small, kind]['p50_ms']:.2f} ms = {ratio:.2f}×",
                     "≤ 1.3×", ratio <= 1.3)

    def start_up(self, errands, waiting, seconds):
        self.row(f"start-up with {errands:,} errands, {waiting:,} waiting", f"{seconds:.2f} s", "< 2 s", seconds < 2)

    def memory(self, figures):
        self.row("memory, idle", f"{figures['idle_mib']:.0f} MiB", "< 120 MB", figures["idle_mib"] < 114)
        self.row("memory, 15,000 agents and 500,000 waiting", f"{figures['large_mib']:.0f} MiB", "< 400 MB",
                 figures["large_mib"] < 381)

    def attachment(self, figures):
        ratio = figures["beside"]["p99_ms"] / figures["alone"]["p99_ms"]
        self.row("p99 of small errands beside a 24 MiB attachment",
                 f"{figures['beside']['p99_ms']:.1f} ms / {figures['alone']['p99_ms']:.1f} ms = {ratio:.2f}×", "≤ 2×", ratio <= 2)

    def reports(self, figures):
        hello = figures["hello"]
        self.row(f"list of {figures['listed']:,} changed errands", f"{figures['list_ms']:.1f} ms", "< 50 ms",
                 figures["list_ms"] < 50 and figures["listed"] == 100_000)
        for kind, words, least in (("clean", "an errand report, against hello", 0.5),
                                   ("changed", "the same, every second one taken off the list durably", 0.4)):
            one = figures[kind]
            self.row(f"{words}, 32 connections",
                     f"{one['rps']:,.0f}/s, {one['cpu_us']:.0f} µs CPU / {hello['rps']:,.0f}/s, {hello['cpu_us']:.0f} µs; "
                     f"by turns {one['of_hello']:.2f}×", f"≥ {least}×", one["of_hello"] >= least)

    def cards(self, found):
        (small, one), (large, other) = found.items()
        ratio = other["cpu_us"] / one["cpu_us"]
        self.row(f"contact card upsert, CPU: {large:,} cards against {small:,}",
                 f"{other['cpu_us']:.0f} µs, {other['rps']:,.0f}/s / {one['cpu_us']:.0f} µs, {one['rps']:,.0f}/s = {ratio:.2f}×",
                 "≤ 1.3×", ratio <= 1.3)

    def export(self, figures):
        self.row(f"export of {figures['errands']:,} errands ({figures['mib']:.0f} MiB, {figures['s']:.1f} s): memory at most",
                 f"{figures['peak_mib']:.0f} MiB", "< 300 MB", figures["peak_mib"] < 286)
        ratio = figures["beside"]["p99_ms"] / figures["alone"]["p99_ms"]
        self.row("p99 of errands created beside exports",
                 f"{figures['beside']['p99_ms']:.1f} ms / {figures['alone']['p99_ms']:.1f} ms = {ratio:.2f}×", "≤ 2×", ratio <= 2)

    def callbacks(self, figures):
        self.row("callbacks to a local receiver",
                 f"{figures['rate']:,.0f}/s with the errands' creation, order {'kept' if figures['ordered'] else 'BROKEN'}",
                 "≥ 1,000/s, order kept", figures["rate"] >= 1_000 and figures["ordered"])

    def streams(self, figures):
        self.row(f"{figures['desks']:,} desks, {figures['rate']:.0f} events/s: p99",
                 f"{figures['p99_ms']:.0f} ms (p50 {figures['p50_ms']:.1f} ms, {figures['heard']:,} heard, "
                 f"{figures['cpu_share'] * 100:.0f} % of one core)", "< 250 ms", figures["p99_ms"] < 250)
        self.row("an event to all desks reaches the last", f"{figures['all_s']:.2f} s, {figures['missing']} missing", "< 1 s",
                 figures["all_s"] < 1 and figures["missing"] == 0)
        self.row("memory a connection", f"{figures['kib_each']:.1f} KiB", "≤ 40 KB", figures["kib_each"] <= 39)

    def text(self, command):
        lines = ["<!-- Written by bin/bench; what follows the table is written by hand. -->", "",
                 f"`{command}` on {time.strftime('%Y-%m-%d')} at commit {commit()}: {machine()}.", "",
                 "| What | Measured | Target | Holds |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join(lines) + "\n"
