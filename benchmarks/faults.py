"""What is lost when writers are killed and the power is cut: the deep tests, counted.

`faults.lost` is of everything that anybody was told had happened, over all crashes.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import ROOT

TESTS = ("tests/writer/test_crashes.py", "tests/writer/test_power.py")
QUICK = ("-k", "step_in_the_database and sqlite")


def measure(*, quick: bool) -> dict[str, float]:
    """Raises:
    CalledProcessError: A registry was not whole after a crash; it was printed how.
    """
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        counted = Path(folder) / "counted"
        command = [sys.executable, "-m", "pytest", "-q", "-m", "deep", *TESTS]
        subprocess.run(
            [*command, *QUICK] if quick else command,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PLACET_FAULTS": str(counted)},
            stdout=sys.stderr,
        )
        lines = [line.split() for line in counted.read_text().splitlines()]
    return {
        "faults.lost": sum(int(lost) for _, lost in lines),
        "faults.told": sum(int(told) for told, _ in lines),
        "faults.crashes": len(lines),
    }
