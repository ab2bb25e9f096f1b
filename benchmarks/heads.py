"""What signing costs: after a change, and to keep ten thousand heads from expiring.

What is timed after a change is `HeadSigning.written` alone, which a write waits for.
Renewing is ten minutes of a registry's life, second by second, with the snapshots that
take it in: processor time for one second of that.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.worlds import World, bot, name_of, prompt, world_with
from registry.api.live import LiveSnapshots
from registry.db.engine import disposing
from registry.db.heads import SignedHeads
from registry.people import SESSION, Identity
from registry.writer import HeadSigning, Home, Open, opened

SECONDS = 600
FOLDER = 1_000


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def measure(*, quick: bool) -> dict[str, float]:
    documents, bots, times = (2_000, 1_000, 10) if quick else (10_000, 10_000, 30)
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        return {
            "heads.change_ms": _change_ms(Path(folder) / "change", documents, times),
            "heads.renew_ms": _renew_ms(Path(folder) / "renew", bots),
        }


def _change_ms(path: Path, documents: int, times: int) -> float:
    world = world_with(documents)
    acts = [world.agree(prompt(name_of(n), f"2.{n}.0")) for n in range(times)]
    took = []
    with (
        opened(world.save(path), clock=lambda: world.now) as registry,
        _signing(Home(path=path), registry, Clock(world.now)) as (signing, _),
    ):
        for act in acts:
            by = Identity(handle=act.by, via=SESSION, roles=None)
            registry.writer.write(act.command, by=by)
            began = time.perf_counter()
            signing.written()
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _renew_ms(path: Path, bots: int) -> float:
    world: World = world_with(1)
    for first in range(0, bots, FOLDER):
        numbers = range(first, min(first + FOLDER, bots))
        roles = {"refunds": name_of(0)}
        world.put_live(*(bot(f"f{first}/s{n}", "1.0.0", roles) for n in numbers))
    clock = Clock(world.now)
    with (
        opened(world.save(path), clock=clock) as registry,
        _signing(Home(path=path), registry, clock) as (signing, heads),
    ):
        live = LiveSnapshots(registry.engine, heads)
        began = time.process_time()
        for _ in range(SECONDS):
            clock.at += timedelta(seconds=1)
            signing.once()
            live.refresh()
        return (time.process_time() - began) * 1000 / SECONDS


@contextmanager
def _signing(
    home: Home, registry: Open, clock: Clock
) -> Iterator[tuple[HeadSigning, SignedHeads]]:
    with disposing(home.open_heads()) as engine:
        heads = SignedHeads(engine)
        signing = HeadSigning(
            engine=registry.engine,
            heads=heads,
            keys=home.head_keys(),
            fence=home.heads_fence(),
            clock=clock,
        )
        signing.sign_changed()
        yield signing, heads
