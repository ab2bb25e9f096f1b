"""What is done after a command was answered, and what is looked after always.

Every second, and right after each write: fold in what another process or a
crashed writer left, continue the branches `env/*` for people, sign a checkpoint,
repack now and then, and let the mirrors know.  All of it can be done later or
again; a failure is reported and the next round tries once more.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from sqlalchemy import Engine, select

from registry import events
from registry.db.engine import reading
from registry.db.projection import EVENT, read_head
from registry.errors import LedgerUnwritable
from registry.ledger import Commit, Ledger, Step
from registry.rounds import Rounds
from registry.state import Environment
from registry.writer.checkpoints import Checkpoints
from registry.writer.fence import Fence
from registry.writer.writer import Writer


class Afterwards(Rounds):
    def __init__(
        self,
        *,
        writer: Writer,
        ledger: Ledger,
        engine: Engine,
        fence: Fence,
        checkpoints: Checkpoints,
    ) -> None:
        super().__init__(self.once, name="afterwards")
        self._writer = writer
        self._ledger = ledger
        self._engine = engine
        self._fence = fence
        self._checkpoints = checkpoints
        self._then: list[Callable[[], None]] = []
        self._round = Lock()
        self._derived: dict[str, int] = {}
        self._leads: Callable[[], bool] = lambda: True

    def only_if(self, may: Callable[[], bool]) -> None:
        """Do no more than fold in what others have written while *may* says no."""
        self._leads = may

    def then(self, call: Callable[[], None]) -> None:
        """Call this at the end of each round, too; it must not wait."""
        self._then.append(call)

    def once(self) -> None:
        """One round.

        Raises:
            RegistryError: Something could not be done; nothing depends on it.
        """
        if self._writer.behind():
            self._writer.reconcile()
        if not self._leads():
            return
        with self._round, ExitStack() as each:  # whatever becomes of the others
            for call in self._then:
                each.callback(call)
            each.callback(self._repack)
            each.callback(self._checkpoint)
            for environment in self._writer.state.environments.values():
                each.callback(self._derive, environment)

    def derive(self, environment: Environment) -> None:
        """Have the branch of *environment* be where it is, now.

        Raises:
            RegistryError: It could not be done.
        """
        with self._round:
            self._derive(environment)

    def sign(self) -> None:
        """Have everything be signed, now.

        Raises:
            RegistryError: It could not be done.
        """
        with self._round:
            self._checkpoint()

    def _repack(self) -> None:
        with self._fence.held():
            self._ledger.repack()

    def _checkpoint(self) -> None:
        with self._clearing_away():
            self._checkpoints.advance()

    @contextmanager
    def _clearing_away(self) -> Iterator[None]:
        """Remove what a killed process has left in the way; the next round is free."""
        try:
            yield
        except LedgerUnwritable:
            self._ledger.recover()
            raise

    def _derive(self, environment: Environment) -> None:
        if self._derived.get(environment.name) == environment.seq:
            return
        derived = self._ledger.derived(environment.name)
        numbers = missing(environment, derived or 0)
        if numbers:
            steps = steps_of(self._ledger, self._engine, numbers)
            with self._fence.held(), self._clearing_away():
                if self._ledger.derived(environment.name) != derived:
                    return  # another process has done some of it
                self._ledger.derive(environment.name, steps)
        self._derived[environment.name] = environment.seq


def missing(environment: Environment, derived: int) -> list[int]:
    """The events that moved *environment* after event *derived*, oldest first."""
    numbers = []
    seq = environment.seq
    while seq > 0 and environment.moments[seq].number > derived:
        numbers.append(environment.moments[seq].number)
        seq -= 1
    return numbers[::-1]


def steps_of(ledger: Ledger, engine: Engine, numbers: list[int]) -> list[Step]:
    """What the derived branch of the events *numbers* is made from."""
    first = numbers[0]
    with reading(engine) as connection:
        last, position = read_head(connection)
        bodies = connection.execute(
            select(EVENT.c.number, EVENT.c.body)
            .where(EVENT.c.number >= first)
            .where(EVENT.c.type.in_(events.MOVING_TYPES))
        )
        found = {row.number: events.parse(bytes(row.body)) for row in bodies}
    commits = ledger.newest(Commit(position or ""), last - first + 1)
    return [
        Step(
            commit=commits[number - first],
            message=found[number].message,
            author=found[number].actor.handle,
            at=found[number].at,
            number=number,
        )
        for number in numbers
    ]
