"""How long it takes to make the tables again, and to verify everything.

The events are those of a registry in use: documents are submitted, two people
vote, an operator activates; four events to a change.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.worlds import FOLDER, name_of, prompt, world_with
from registry.writer import Home, opened
from registry.writer.rebuild import rebuild_tables
from registry.writer.verify import verify

EVENTS = 100_000


def measure(*, quick: bool) -> dict[str, float]:
    """With `quick` a fiftieth of the events, and the time of as many more."""
    events = EVENTS // 50 if quick else EVENTS
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        rebuilt, verified = done_again(in_use(events, Path(folder) / "registry"))
    scale = EVENTS / events
    return {"rebuild.s": rebuilt * scale, "verify.s": verified * scale}


def in_use(events: int, path: Path) -> Home:
    """A registry in which so many events have happened."""
    world = world_with(FOLDER)
    version = 1
    while world.state.head.number < events:
        number = version % FOLDER
        world.put_live(prompt(name_of(number), f"1.{version}.0"))
        version += 1
    return world.save(path)


def done_again(home: Home) -> tuple[float, float]:
    """Seconds that rebuilding takes, and verifying."""
    with opened(home) as registry:
        registry.writer.reconcile()
        registry.afterwards.once()
        began = time.perf_counter()
        rebuild_tables(registry.ledger, registry.engine, registry.fence, lambda _: None)
        rebuilt = time.perf_counter()
        verify(registry.ledger, registry.engine, lambda _: None)
        return rebuilt - began, time.perf_counter() - rebuilt
