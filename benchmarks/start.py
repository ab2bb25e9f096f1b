"""How long a reader needs until it can answer, and how much memory it holds.

A new process imports what a server needs, opens the tables and makes its
snapshots ready; it says when, and what it weighs.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.worlds import world_with
from registry.writer import Home

_READER = """
import sys
from pathlib import Path
from registry.api.app import create_app
from registry.api.live import LiveSnapshots
from registry.writer import Home

live = LiveSnapshots(Home(path=Path(sys.argv[1])).open_projection())
assert len(live.get("production").documents) >= int(sys.argv[2])
status = Path("/proc/self/status").read_text()
kilobytes = next(
    line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")
)
print(kilobytes, flush=True)
"""


def measure(*, quick: bool) -> dict[str, float]:
    documents = 2_000 if quick else 10_000
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        home = world_with(documents).save(Path(folder) / "registry")
        s, megabytes = started(home, documents)
    return {"start.s": s, "start.mb": megabytes}


def started(home: Home, documents: int) -> tuple[float, float]:
    """Seconds until a reader is ready, and the megabytes that it holds then."""
    took, megabytes = [], 0.0
    for _ in range(3):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _READER, str(home.path), str(documents)],
            check=True,
            capture_output=True,
            text=True,
        )
        took.append(time.perf_counter() - began)
        megabytes = int(done.stdout) / 1024
    return statistics.median(took), megabytes
