"""How long a durable activation takes, and how that grows with what is live.

Changes are prepared and agreed to in advance; what is timed is `Activate`
alone, from the command to the answer, through the ledger and the tables.
"""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.worlds import FOLDER, Act, name_of, prompt, world_with
from registry.people import SESSION, Identity
from registry.writer import Open, opened


def measure(*, quick: bool) -> dict[str, float]:
    many, times = (2_000, 15) if quick else (10_000, 60)
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        few_ms = activations(Path(folder) / "few", 100, times)
        many_ms = activations(Path(folder) / "many", many, times)
        fsync_ms = _fsync_ms(Path(folder))
    return {
        "activation.p50_ms": statistics.median(many_ms),
        "activation.growth": statistics.median(many_ms) / statistics.median(few_ms),
        "activation.fsync_ms": fsync_ms,
    }


def activations(path: Path, documents: int, times: int) -> list[float]:
    world = world_with(documents)
    step = max(1, min(FOLDER, documents) // times)
    prepared = []
    for number in range(times):
        activate = world.agree(prompt(name_of(number * step), f"2.{number}.0"))
        prepared.append(activate)
    home = world.save(path)
    with opened(home, clock=lambda: world.now) as registry:
        registry.writer.reconcile()
        return list(_timed(registry, prepared))


def _timed(registry: Open, acts: list[Act]) -> Iterator[float]:
    for act in acts:
        by = Identity(handle=act.by, via=SESSION, roles=None)
        began = time.perf_counter()
        registry.writer.write(act.command, by=by)
        yield (time.perf_counter() - began) * 1000
        registry.afterwards.once()


def _fsync_ms(folder: Path) -> float:
    """What one flush of four kilobytes costs on this disk."""
    took = []
    with (folder / "flush").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
