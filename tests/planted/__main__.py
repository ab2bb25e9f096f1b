"""Plant a mistake in a copy of the rules, and see which invariant notices it.

python -m tests.planted              every mistake, one after the other
python -m tests.planted veto         those that have the word in their name

What is told is every invariant that does not hold after the step at which the
machine of tests/rules/test_workflow_machine.py stops.  The exit status is 1 if it
stops nowhere.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.planted.mistakes import MISTAKES, Mistake

ROOT = Path(__file__).parents[2]
RUN = """\
from tests.rules.test_workflow_machine import run
error, broke = run()
print(*broke or ([repr(error)[:200]] if error else ["nothing"]), sep=", ")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("word", nargs="?", default="", help="a part of the name")
    given = parser.parse_args()
    as_it_is = noticed_by(Mistake(name="as it is", edits=()))
    if as_it_is != "nothing":
        sys.exit(f"without a mistake, {as_it_is} does not hold")
    missed = 0
    for one in MISTAKES:
        if given.word in one.name:
            told = noticed_by(one)
            missed += told == "nothing"
            print(f"{one.name:<56} {told}", flush=True)
    sys.exit(int(missed > 0))


def noticed_by(mistake: Mistake) -> str:
    """The names of the invariants, or `nothing`."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(
            ROOT / "registry",
            copy / "registry",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for module, old, new in mistake.edits:
            path = copy / f"registry/{module}.py"
            text = path.read_text()
            if text.count(old) != 1:
                return f"not planted: {old.strip()!r} is not once in {module}.py"
            path.write_text(text.replace(old, new))
        where = os.pathsep.join(map(str, (copy, ROOT / "client", ROOT)))
        done = subprocess.run(
            [sys.executable, "-c", RUN],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        told = done.stdout.strip().splitlines() or done.stderr.strip().splitlines()
        return told[-1]


if __name__ == "__main__":
    main()
