"""A ledger that is not there, or has been left behind by another machine's.

What the tables have happened.  A ledger that contains what they were made from goes
on; whatever it has beyond that is folded in, as always.
"""

from itertools import islice
from pathlib import Path

from registry.db.engine import disposing, reading
from registry.db.projection import read_head
from registry.errors import LedgerBroken
from registry.ledger import Commit
from registry.writer.home import Home


def goes_on(home: Home) -> bool:
    """Whether there is a ledger that contains what the tables were made from."""
    if not home.ledger_path.is_dir():
        return False
    with disposing(home.open_projection()) as engine, reading(engine) as connection:
        _, position = read_head(connection)
    with home.open_ledger() as ledger:
        try:
            after = None if position is None else Commit(position)
            list(islice(ledger.history(after=after), 1))
        except LedgerBroken:
            return False
    return True


def move_aside(home: Home) -> Path | None:
    """Keep the ledger under another name; `None` if there is none."""
    if not home.ledger_path.exists():
        return None
    taken = {path.name for path in home.path.iterdir()}
    names = (f"{home.ledger_path.name}.left-{n}" for n in range(1, len(taken) + 2))
    aside = home.path / next(name for name in names if name not in taken)
    home.ledger_path.rename(aside)
    return aside
