"""Run the benchmarks: all of them, or those that are named.

python -m benchmarks
python -m benchmarks --only reads --quick
"""

import argparse
import sys
from importlib import import_module

from benchmarks.figures import line, record

NAMES = (
    "client",
    "reads",
    "push",
    "activation",
    "heads",
    "start",
    "rebuild",
    "guardrails",
    "console",
    "soak",
    "faults",
    "quality",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=NAMES, help="one of them")
    parser.add_argument(
        "--quick", action="store_true", help="smaller and less exact, under 40 s each"
    )
    given = parser.parse_args()
    for name in NAMES if given.only is None else (given.only,):
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures = import_module(f"benchmarks.{name}").measure(quick=given.quick)
        record(figures, quick=given.quick)
        for figure, value in figures.items():
            print(line(figure, value), flush=True)


if __name__ == "__main__":
    main()
