"""A registry that has begun, for tests of everything that stands on one.

Real git and real SQLite in a temporary folder; only the time is made up.  A
folder of tests that needs another beginning has fixtures of the same names.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from registry.commands import Create
from registry.people import Identity, Person, Role, person
from registry.policy_text import parse_policy
from registry.writer import Home, Open, opened
from tests.databases import copy_database, database, postgres

__all__ = ["copy_database", "database", "postgres"]

# How long an example takes depends on who else is at work on the machine.
settings.register_profile("placet", deadline=None)
settings.load_profile("placet")

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)

DEVELOPMENT = b"""\
environment: development
requirements:
  - name: open to every author
    open: true
authors_activate: true
"""
STAGING = b"""\
environment: staging
requirements:
  - name: product has read it
    seat: product
authors_activate: true
"""
PRODUCTION = b"""\
environment: production
requirements:
  - name: product agrees
    kinds: [prompt, fragment, bot]
    seat: product
  - name: risk agrees
    kinds: [prompt, fragment, bot]
    seat: risk
  - name: legal agrees where the tier is high
    tiers: [high]
    seat: legal
  - name: the board agrees to this policy
    kinds: [policy]
    seat: board
rejecters: [legal, board]
veto_clearers: [board]
"""

HOLDS: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "author": ((Role.AUTHOR,), ()),
    "author2": ((Role.AUTHOR,), ()),
    "operator": ((Role.OPERATOR,), ()),
    "admin": ((Role.ADMIN,), ()),
    "admin2": ((Role.ADMIN,), ()),
    "product": ((Role.VIEWER,), ("product",)),
    "risk": ((Role.VIEWER,), ("risk",)),
    "legal": ((Role.VIEWER,), ("legal",)),
    "board": ((Role.VIEWER,), ("board",)),
    "viewer": ((Role.VIEWER,), ()),
}
"""The people, by what they are there for: their roles and their seats."""


class SettableClock:
    """Stands still at noon until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Move on by `hours=1`, `minutes=30` and so on."""
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def home(tmp_path: Path, begun: Path) -> Home:
    """The folder of a registry that has begun, with nothing live in it."""
    shutil.copytree(begun, tmp_path / "registry")
    return Home(path=tmp_path / "registry")


@pytest.fixture
def registry(home: Home, clock: SettableClock) -> Iterator[Open]:
    """The registry at `home`, open."""
    with opened(home, clock=clock) as registry:
        yield registry


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to copy: beginning a registry takes longer than copying one."""
    home = Home(path=tmp_path_factory.mktemp("begun") / "registry")
    home.create().close()
    create = Create(
        repository="tested",
        policies=tuple(map(parse_policy, (DEVELOPMENT, STAGING, PRODUCTION))),
        people=tuple(_person(handle) for handle in HOLDS),
    )
    admin = Identity(handle="admin", via="local", roles=None)
    with opened(home, clock=SettableClock(NOON - timedelta(hours=1))) as registry:
        registry.writer.write(create, by=admin)
    home.open_operations().dispose()
    home.open_fetches().dispose()
    home.open_heads().dispose()
    return home.path


def _person(handle: str) -> Person:
    roles, seats = HOLDS[handle]
    return person(handle, roles=roles, seats=seats, active=True)
