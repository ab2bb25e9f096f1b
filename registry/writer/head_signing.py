"""Signing heads: what chatbots are told, at once, and again before it expires.

* Right after each write, before any server tells of it, what has changed is signed.
  Every second what others have written, or a crash has left, is signed too, and what
  is due; heads are due at moments of their own, so that they do not come together.
* Who signs holds a lock that all processes of the home share, and first takes in what
  another one has signed: two of them never sign one thing twice.
* When the keys change, every head is signed again, a thousand a second.
* What cannot be signed is tried again.  Until then servers stay at what is signed, and
  chatbots at their last good copy.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.clock import Clock
from registry.db.engine import reading
from registry.db.heads import SignedHeads
from registry.db.source import read_source
from registry.db.standings import Place, read_place
from registry.errors import RegistryError
from registry.heads import Signed, Standing, sign
from registry.signed_notes import SigningKey
from registry.writer.fence import Fence
from registry.writer.head_keys import HeadKeys

MAX_A_ROUND = 1000
"""Heads that are signed again in one round: a third of a second's work."""

Subject = tuple[str, str]

log = logging.getLogger(__name__)


class HeadSigning:
    """Args:
    engine: Where the projection is.
    fence: Not the writer's; it is held while signing.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        heads: SignedHeads,
        keys: HeadKeys,
        fence: Fence,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._heads = heads
        self._keys = keys
        self._fence = fence
        self._clock = clock
        self._turn = Lock()
        self._places: dict[str, Place] = {}
        self._standings: dict[Subject, Standing] = {}
        self._waiting: set[Subject] = set()
        self._signed: dict[Subject, Signed] = {}
        self._serial = 0
        self._wrong: str | None = None

    @property
    def wrong(self) -> str | None:
        """Why nothing could be signed the last time; None if it could."""
        return self._wrong

    def written(self) -> None:
        """Sign what has changed.  Whoever calls has something to answer that has
        happened: it is tried again, and nothing is raised."""
        try:
            self.sign_changed()
        except (RegistryError, SQLAlchemyError, OSError) as error:
            log.error("heads: will be signed later: %s", error)  # noqa: TRY400
        except Exception:
            log.exception("heads: signing failed, and will be tried again")

    def sign_changed(self) -> None:
        """Sign what has changed, and what waits since it could not be signed.

        Raises:
            RegistryError: It could not be done.
        """
        with self._turn, self._telling():
            self._look()
            self._sign(self._waiting)

    def once(self) -> None:
        """One round: what has changed, and what is due.

        Raises:
            RegistryError: It could not be done; nothing but age depends on it.
        """
        with self._turn, self._telling():
            self._look()
            self._take_in()
            self._sign(self._waiting)
            self._sign(self._due())

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._wrong = str(error)
            raise
        self._wrong = None

    def _look(self) -> None:
        with reading(self._engine) as connection:
            found = read_source(connection)
            if found is None:
                return
            source, environments = found
            for environment in environments:
                before = self._places.get(environment)
                place = read_place(connection, source, environment, before)
                if place is None:
                    continue
                self._places[environment] = place
                for standing in place.changed:
                    self._standings[standing.subject] = standing
                    self._waiting.add(standing.subject)
        if not self._keys.list():
            self._make_key(source.repository)

    def _make_key(self, repository: str) -> None:
        self._keys.make(repository, self._clock())
        if self._heads.news(0).heads:
            log.warning(
                "heads.keys was gone, and what it had signed is not: made another key. "
                "Restore it from a backup, or give every chatbot the line that "
                "`placet keys show` prints"
            )

    def _due(self) -> list[Subject]:
        """The most urgent of what has to be signed again; first what was lost."""
        active = self._active()
        now = self._clock()
        due: list[tuple[float, Subject]] = []
        for subject in self._standings:
            one = self._signed.get(subject)
            if one is None:
                due.append((0.0, subject))
            elif one.keys != active or one.is_due(now):
                due.append((one.renew.timestamp(), subject))
        return [subject for _, subject in sorted(due)[:MAX_A_ROUND]]

    def _active(self) -> tuple[str, ...]:
        return tuple(key.verifier.short for key in self._keys.active())

    def _sign(self, wanted: Iterable[Subject]) -> None:
        wanted = list(wanted)
        if not wanted:
            return
        with self._fence.held():
            keys = self._keys.active()
            self._take_in()
            made = self._made(wanted, keys)
            if made:
                self._serial = self._heads.save(made)
        self._signed.update((one.standing.subject, one) for one in made)
        self._waiting.difference_update(wanted)

    def _take_in(self) -> None:
        """What another process has signed is signed."""
        news = self._heads.news(self._serial)
        if news.is_all:
            self._signed.clear()
        self._signed.update((one.standing.subject, one) for one in news.heads)
        self._serial = news.serial

    def _made(
        self, wanted: Iterable[Subject], keys: tuple[SigningKey, ...]
    ) -> list[Signed]:
        now = self._clock()
        names = tuple(key.verifier.short for key in keys)
        made = []
        for subject in wanted:
            standing, there = self._standings[subject], self._signed.get(subject)
            if (
                there is None
                or there.standing != standing
                or there.keys != names
                or there.is_due(now)
            ):
                made.append(sign(standing, keys, now))
        return made
