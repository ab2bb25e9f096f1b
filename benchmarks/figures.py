"""Figures: what is measured, what it should reach, and where it is written."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
BENCH_JSON = ROOT / "var" / "bench.json"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a figure should reach: at least `low`, or at most `high`."""

    what: str
    low: float | None = None
    high: float | None = None

    def met(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (
            self.high is None or value <= self.high
        )

    @property
    def words(self) -> str:
        if self.low is not None:
            return f"at least {self.low:g}"
        return "stated beside it" if self.high is None else f"at most {self.high:g}"


GOALS = {
    "reads.of_bare": Goal(
        what="chatbot read of a 2 kB prompt with token, ETag and every header, one "
        "worker, as a share of the same uvicorn answering constant bytes",
        low=0.85,
    ),
    "reads.of_nginx": Goal(
        what="the same as a share of nginx serving the bytes as a file", low=0.40
    ),
    "reads.of_mlflow": Goal(
        what="the same as a multiple of MLflow's prompt read by alias over HTTP",
        low=100,
    ),
    "reads.growth": Goal(what="the same with 10,000 live documents over 100", low=0.95),
    "reads.per_s": Goal(what="the same in requests a second"),
    "client.read_us": Goal(
        what="`client.bot(name)` and `.prompt(role)` from memory, microseconds each",
        high=1,
    ),
    "activation.p50_ms": Goal(
        what="durable activation with 10,000 live documents, a thousand to a folder",
        high=30,
    ),
    "activation.growth": Goal(what="the same over 100 live documents", high=1.5),
    "activation.fsync_ms": Goal(what="one flush of this disk"),
    "push.p99_ms_1000": Goal(
        what="activation, answered, until 1,000 connected chatbots have read head and "
        "bundle: 99 of 100",
        high=150,
    ),
    "push.p99_ms_5000": Goal(what="the same with 5,000", high=600),
    "push.kb_per_connection": Goal(
        what="memory of the server for each chatbot that only listens"
    ),
    "heads.change_ms": Goal(
        what="signing what an activation changed, of 10,000 live documents, before it "
        "is answered",
        high=5,
    ),
    "heads.renew_ms": Goal(
        what="processor time in each second to keep the heads of 10,000 bots signed, "
        "and the snapshots with them",
        high=50,
    ),
    "start.s": Goal(
        what="a reader with 10,000 live documents: seconds until it is ready", high=2.5
    ),
    "start.mb": Goal(what="the same reader's resident memory", high=200),
    "rebuild.s": Goal(what="the tables from 100,000 events", high=60),
    "verify.s": Goal(what="full verification of 100,000 events", high=60),
    "guardrails.ms": Goal(what="1,000 rules on a text of 2,000 characters", high=5),
    "guardrails.re_ms": Goal(
        what="their patterns alone, one after the other in Python's `re`"
    ),
    "console.page_s": Goal(
        what="the slowest page of the console, opened by its address in a browser, "
        "until it is usable; 10,000 documents and 5,000 changes",
        high=1.5,
    ),
    "console.switch_s": Goal(what="the slowest page, come to from another one"),
    "soak.errors": Goal(
        what="reads and refreshes of chatbots that failed in ten minutes at full load, "
        "with activations",
        high=0,
    ),
    "soak.mixed": Goal(what="bundles with prompts of two versions in them", high=0),
    "soak.back": Goal(what="bundles of a lower seq than one before", high=0),
    "soak.growth": Goal(
        what="the server's memory at the end over what it was after a minute", high=1.1
    ),
    "soak.activations": Goal(what="activations meanwhile"),
    "soak.seen": Goal(what="of which chatbots have seen so many, twenty of them"),
    "soak.per_s": Goal(what="reads a second meanwhile"),
    "faults.lost": Goal(
        what="acknowledged events lost over all crashes and power cuts", high=0
    ),
    "faults.told": Goal(what="events that were acknowledged before one of them"),
    "faults.crashes": Goal(what="crashes and power cuts"),
    "quality.email.recall": Goal(
        what="e-mail addresses found of those labelled in 750 sentences", low=0.95
    ),
    "quality.email.precision": Goal(what="right ones of those found", low=0.98),
    "quality.card.recall": Goal(
        what="payment cards' numbers found of those labelled in 750 sentences", low=0.95
    ),
    "quality.card.precision": Goal(what="right ones of those found", low=0.98),
    "quality.iban.recall": Goal(
        what="IBANs found of those labelled in 750 sentences", low=0.95
    ),
    "quality.iban.precision": Goal(what="right ones of those found", low=0.98),
    "quality.ssn.recall": Goal(
        what="US social security numbers found of those labelled in 750 sentences",
        low=0.95,
    ),
    "quality.ssn.precision": Goal(what="right ones of those found", low=0.98),
    "quality.phone.recall": Goal(
        what="phone numbers found there, with the 30 regions the sentences are of",
        low=0.80,
    ),
    "quality.phone.precision": Goal(what="right ones of those found", low=0.90),
    "quality.ip.recall": Goal(what="IP addresses found there"),
    "quality.ip.precision": Goal(what="right ones of those found"),
    "quality.litellm_patterns": Goal(
        what="patterns of LiteLLM's content filter that RE2 takes, as a share"
    ),
    "quality.false_alarms": Goal(
        what="real system prompts in which a usual set of rules finds something"
    ),
}
"""The figures of the design that are measured so far, in its order."""


def record(figures: Mapping[str, float], *, quick: bool) -> None:
    """Add *figures* to those that are there; quick ones are not kept."""
    if quick:
        return
    BENCH_JSON.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(BENCH_JSON.read_text()) if BENCH_JSON.exists() else {}
    known.update(figures)
    BENCH_JSON.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    RESULTS.write_text(_results(known), encoding="utf-8")


def line(name: str, value: float) -> str:
    """A figure as people read it, with whether it reaches its goal."""
    goal = GOALS[name]
    if goal.low is None and goal.high is None:
        verdict = ""
    else:
        verdict = "reached" if goal.met(value) else "FALLS SHORT"
    return f"{name:<26}{value:>12,.3f}   {goal.words:<16} {verdict}".rstrip()


def _results(figures: Mapping[str, float]) -> str:
    rows = [
        f"| `{name}` | {goal.what} | {figures[name]:,.3g} | {goal.words} | "
        + ("" if "stated" in goal.words else _mark(goal, figures[name]))
        + " |"
        for name, goal in GOALS.items()
        if name in figures
    ]
    missing = [f"`{name}`" for name in GOALS if name not in figures]
    lines = [
        "# What was measured",
        "",
        "Made by `make bench`; the figures of one machine, to be compared with each",
        "other and not with those of another one.",
        "",
        *machine(),
        "",
        "| figure | what | measured | to reach | |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    if missing:
        lines += ["Not measured here: " + ", ".join(missing) + ".", ""]
    return "\n".join(lines)


def machine() -> list[str]:
    """Where and when something was measured, as lines of a list."""
    return [
        f"* Machine: {_machine()}",
        f"* Python {platform.python_version()}, {_git_version()}",
        f"* Taken on {datetime.now(UTC):%Y-%m-%d}",
    ]


def _mark(goal: Goal, value: float) -> str:
    return "reached" if goal.met(value) else "**falls short**"


def _machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if cpuinfo.exists():
        names = [
            one.partition(":")[2].strip()
            for one in cpuinfo.read_text().splitlines()
            if one.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{os.cpu_count()} cores, {model}, {platform.system()}"


def _git_version() -> str:
    return subprocess.run(
        ["git", "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()
