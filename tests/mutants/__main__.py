"""Put small mistakes into the rules, and see whether a test notices each.

python -m tests.mutants                      every module of the table
python -m tests.mutants votes seats          these
python -m tests.mutants votes --list         what would be tried

Survivors that nobody has to notice are in accepted.toml, each with its reason;
the exit status is 1 if there is another.
"""

import argparse
import os
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.mutants.modules import MODULES
from tests.mutants.mutations import Mutant, mutants
from tests.mutants.running import survivors

ROOT = Path(__file__).parents[2]
ACCEPTED = Path(__file__).parent / "accepted.toml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    given = parser.parse_args()
    unknown = set(given.modules) - set(MODULES)
    if unknown:
        parser.error(f"not mutated: {', '.join(sorted(unknown))}")
    _steady()
    sys.path.insert(0, str(ROOT))
    if given.list:
        for module in given.modules or MODULES:
            for one in read(module):
                print(f"{one.lines[0]:>4} {one.name}")
        return
    sys.exit(every(given.modules or MODULES))


def _steady() -> None:
    """Begin again with sets in the order of every other run."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        words = [sys.executable, "-m", "tests.mutants", *sys.argv[1:]]
        os.execve(sys.executable, words, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606


def every(modules: Iterable[str]) -> int:
    """Try each module, print a line about it, and return the exit status."""
    accepted = tomllib.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    left = 0
    for module in modules:
        reasons = accepted.get(module, {})
        path = ROOT / "registry" / f"{module}.py"
        tests = [
            str(ROOT / f"tests/rules/test_{one}.py") for one in MODULES[module].split()
        ]
        tried = list(survivors({module: path}, read(module), tests))
        alive = [one.name.partition(".")[2] for one, lives in tried if lives]
        missing = [one for one in alive if one not in reasons]
        left += len(missing)
        killed = len(tried) - len(alive)
        print(
            f"{module:<16}{len(tried):>5} mutants{killed:>6} noticed"
            f"{len(alive) - len(missing):>5} accepted{len(missing):>5} survive",
            *(f"  {one}" for one in missing),
            *(f"  noticed now: {one}" for one in reasons if one not in alive),
            sep="\n",
            flush=True,
        )
    return int(left > 0)


def read(module: str) -> list[Mutant]:
    return mutants(module, (ROOT / "registry" / f"{module}.py").read_text())


if __name__ == "__main__":
    main()
