"""How the figures grow: with what is live, and with what has happened.

    python -m benchmarks.curves

Each point is a registry of its own, made by the rules and measured as in the benchmark
that the figure is of. What comes out is a page of tables, and a picture of each.
"""

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import altair

from benchmarks.activation import activations
from benchmarks.figures import ROOT, machine
from benchmarks.load import per_second
from benchmarks.reads import PATH, served
from benchmarks.rebuild import done_again, in_use
from benchmarks.start import started
from benchmarks.worlds import world_with
from registry.writer import opened

DOCUMENTS = (100, 1_000, 10_000, 50_000)
EVENTS = (1_000, 10_000, 100_000)

PAGE = ROOT / "benchmarks" / "CURVES.md"
PICTURES = ROOT / "docs" / "pictures"

Point = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Figures of registries of several sizes.

    Attributes:
        along: What there is more of from point to point.
    """

    name: str
    title: str
    along: str
    points: Sequence[tuple[int, Point]]


def main() -> None:
    curves = [
        Curve(
            name="growth-documents",
            title="With what is live",
            along="live documents",
            points=[(number, _of_documents(number)) for number in DOCUMENTS],
        ),
        Curve(
            name="growth-events",
            title="With what has happened",
            along="events",
            points=[(number, _of_events(number)) for number in EVENTS],
        ),
    ]
    for curve in curves:
        _picture(curve).save(PICTURES / f"{curve.name}.svg")
    PAGE.write_text(_page(curves), encoding="utf-8")


def _of_documents(number: int) -> Point:
    _say(f"{number:,} documents")
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        home = world_with(number).save(Path(folder) / "started")
        start_s, start_mb = started(home, number)
        with served(Path(folder) / "served", number) as server:
            rate = per_second(server.port, PATH, server.headers, s=4)
        activation_ms = statistics.median(
            activations(Path(folder) / "written", number, 40)
        )
    return {
        "reads a second": rate,
        "activation, ms": activation_ms,
        "start, s": start_s,
        "a reader's memory, MB": start_mb,
    }


def _of_events(number: int) -> Point:
    _say(f"{number:,} events")
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        home = in_use(number, Path(folder) / "registry")
        rebuilt_s, verified_s = done_again(home)
        began = time.perf_counter()
        with opened(home):
            opened_s = time.perf_counter() - began
        return {
            "rebuild, s": rebuilt_s,
            "verify, s": verified_s,
            "a writer opens it, s": opened_s,
            "ledger, MB": _megabytes(home.ledger_path),
            "tables, MB": _megabytes(home.path / "registry.db"),
        }


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(one.stat().st_size for one in files if one.is_file()) / 2**20


def _picture(curve: Curve) -> altair.VConcatChart:
    """A small chart for each figure, one below the other, from zero."""
    charts = []
    for figure in curve.points[0][1]:
        rows = [{"x": size, "y": point[figure]} for size, point in curve.points]
        charts.append(
            altair.Chart(altair.Data(values=rows), width=420, height=90)
            .mark_line(point=True)
            .encode(
                x=altair.X("x:Q", title=curve.along).scale(type="log"),
                y=altair.Y("y:Q", title=figure).scale(zero=True),
            )
        )
    return altair.vconcat(*charts, title=curve.title)


def _page(curves: Sequence[Curve]) -> str:
    lines = [
        "# How the figures grow",
        "",
        "Made by `make curves`; the figures of one machine, to be compared with each",
        "other and not with those of another one.",
        "",
        *machine(),
        "",
    ]
    for curve in curves:
        figures = list(curve.points[0][1])
        lines += [
            f"## {curve.title}",
            "",
            f"| {curve.along} | " + " | ".join(figures) + " |",
            "|--:|" + "--:|" * len(figures),
            *(
                f"| {size:,} | " + " | ".join(_said(point[f]) for f in figures) + " |"
                for size, point in curve.points
            ),
            "",
            f"![{curve.title}: {', '.join(figures)}, against {curve.along}]"
            f"(../docs/pictures/{curve.name}.svg)",
            "",
        ]
    return "\n".join(lines)


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
