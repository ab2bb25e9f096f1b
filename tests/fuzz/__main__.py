"""Feed hostile bytes to what reads authors' texts, guided by coverage.

python -m tests.fuzz --seconds 60               every target, a process each
python -m tests.fuzz documents --seconds 60     one of them

Nothing but our own errors may come out, and nothing may take longer than a few
seconds or more than a gigabyte.  What broke it is left in the folder `crashes`
beside this file, to be given again: python -m tests.fuzz documents FILE.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["placet", "registry", "yaml", "minijinja"]):
    from tests.fuzz.targets import SEEDS, TARGETS

CRASHES = Path(__file__).parent / "crashes"
TIMEOUT_S = 5
MEMORY_MB = 1024
MAX_BYTES = 64 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?", choices=sorted(TARGETS))
    parser.add_argument("files", nargs="*", help="give these again, and nothing else")
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    CRASHES.mkdir(exist_ok=True)
    if given.target is None:
        sys.exit(every(given.seconds))
    one(given.target, given.files, given.seconds)


def every(seconds: int) -> int:
    """Run each target in a process of its own, and return the exit status."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = list(pool.map(lambda target: run(target, seconds), sorted(TARGETS)))
    return int(any(failed))


def run(target: str, seconds: int) -> bool:
    """Run a target, print a line about it, and return whether it broke."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", target, "--seconds", str(seconds)],
        capture_output=True,
        text=True,
        errors="replace",
    )
    found = re.search(r"number_of_executed_units: ([0-9]+)", done.stderr)
    inputs = int(found[1]) if found else 0
    broke = done.returncode != 0 or inputs == 0
    print(f"{target:<12}{inputs:>12,} inputs  {'BROKE' if broke else 'holds'}")
    if broke:
        print(done.stdout, done.stderr, sep="\n")
    sys.stdout.flush()
    return broke


def one(target: str, files: list[str], seconds: int) -> None:
    """Fuzz here; ends the process."""
    with TemporaryDirectory(prefix="placet-fuzz-") as corpus:
        for number, seed in enumerate(SEEDS[target]()):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [
            f"-max_total_time={seconds}",
            f"-timeout={TIMEOUT_S}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={MAX_BYTES}",
            f"-artifact_prefix={CRASHES}/{target}-",
            "-print_final_stats=1",
            "-verbosity=0",
        ]
        atheris.Setup([sys.argv[0], *options, *(files or [corpus])], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
