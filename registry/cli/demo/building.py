"""Building the demonstration's registry, from its first account to today.

A file says that it is unfinished for as long as it is.  Whoever is interrupted takes
away what there is so far; where that was not possible either, because the machine
went down, whoever comes next does, and begins again.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from registry.cli.beginning import begin, demo_policies
from registry.cli.demo.accounts import (
    FILE,
    PEOPLE,
    READS,
    Demo,
    accounts_of,
    new_demo,
    write_demo,
)
from registry.cli.demo.acts import Story
from registry.cli.demo.operating import make_token
from registry.cli.demo.playing import play
from registry.cli.demo.stage import Stage, StoryClock
from registry.cli.demo.story import HALF_A_YEAR
from registry.cli.demo.texts import library_folder
from registry.cli.library import read_library
from registry.db.engine import disposing
from registry.errors import Conflict
from registry.state import State
from registry.writer import Home, opened

UNFINISHED = "demo-unfinished"
PURPOSE = "The examples that placet up prints"

_OURS = ("ledger.git", "git", FILE, "ledger.key", "ledger.pub", "ledger.signed")
_TABLES = ("registry.db*", "operations.db*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A demonstration, as it is at the end of its story.

    Attributes:
        state: The registry then.
        changes: The numbers of its changes, by the names that the story has for them.
    """

    demo: Demo
    state: State
    now: datetime
    story: Story
    changes: Mapping[str, int]


def is_there(home: Home) -> bool:
    """Whether there is a registry that is not a demonstration half begun."""
    return home.ledger_path.exists() and not (home.path / UNFINISHED).exists()


def build(
    home: Home,
    now: datetime,
    *,
    story: Story = HALF_A_YEAR,
    tell: Callable[[int], None] = lambda _: None,
) -> Built:
    """Begin a registry in which *story* has happened before *now*.

    Args:
        tell: Is told how many acts are done.

    Raises:
        Conflict: There is a registry, or another process begins one.
        Invalid: The story does not go with the example library any more.
    """
    library = read_library([library_folder()])
    with _unfinished(home):
        clock = StoryClock(story.began.moment(now))
        demo = new_demo(*PEOPLE, *story.joined)
        write_demo(home, demo)  # first: passwords that nobody knows would be worse
        first = {one.partition(":")[0] for one in PEOPLE}
        accounts = [one for one in accounts_of(demo) if one.handle in first]
        begin(home, demo_policies(), accounts, clock=clock)
        with (
            opened(home, clock=clock) as registry,
            disposing(home.open_operations()) as operations,
        ):
            stage = Stage(registry, operations, clock, library, demo, now)
            play(stage, story.acts, tell)
            clock.at = now
            demo = replace(demo, token=make_token(stage, "admin", PURPOSE, READS))
            state, changes = stage.state, stage.changes
        write_demo(home, demo)
    return Built(demo=demo, state=state, now=now, story=story, changes=changes)


@contextmanager
def _unfinished(home: Home) -> Iterator[None]:
    """Mark what the block makes as unfinished, and take it away if it stays so."""
    if is_there(home):
        raise Conflict(
            f"there is a registry in {home.path} already",
            hint="Choose another folder with --home, or use the one that is there.",
        )
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = home.path / UNFINISHED
    with mark.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                f"another process is beginning a registry in {home.path}",
                hint="Wait until it is done, or choose another folder with --home.",
            ) from None
        if home.ledger_path.exists():
            _clear(home)
        try:
            yield
        except BaseException:
            _clear(home)
            raise
        finally:
            mark.unlink()


def _clear(home: Home) -> None:
    """Take away everything that a registry has in its folder."""
    found = [home.path / name for name in _OURS]
    found += [path for name in _TABLES for path in home.path.glob(name)]
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
