"""A push, from what git sends to what its author is told.

Nothing is decided here: a push is made into the same command as any other way of
proposing, and given to the writer.  Whatever is refused is told in the answer to
the push, so that git's client says `remote rejected` and ends with an error.
"""

from dataclasses import dataclass

from registry.advice import Advice
from registry.api.deps import Caller, Parts
from registry.api.git import telling
from registry.api.git.bodies import Body
from registry.api.git.wire import Command, Push, report
from registry.api.views.differences import difference, environment_before
from registry.api.writing import changed
from registry.changes import Status
from registry.commands import Submit
from registry.db.engine import reading
from registry.db.history import read_revision_number
from registry.errors import Conflict, Invalid, RegistryError, TooLarge
from registry.pushes import Asked, Target, asked, parse_target
from registry.writer import Writer

ENDED = {Status.ACTIVATED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """Who pushes where.

    Attributes:
        address: Of the registry, as whoever pushes calls it.
    """

    parts: Parts
    caller: Caller
    environment: str
    address: str

    def answer(self, push: Push, body: Body) -> bytes:
        """Carry a push out, and tell what became of it."""
        try:
            told = self._carry_out(_only(push), body)
        except RegistryError as error:
            why = telling.reason(error)
            refused = [(command.reference, why) for command in push.commands]
            return report(telling.of_error(error), refused)
        return report(told, [(command.reference, None) for command in push.commands])

    def _carry_out(self, command: Command, body: Body) -> list[str]:
        target = parse_target(command.reference, self.environment)
        if command.new is None:
            raise Invalid(
                "nothing can be deleted by a push",
                hint="To delete a document, delete its file, commit, and push that; "
                "to take a change back: `placet withdraw`.",
            )
        if not body.whole:
            raise TooLarge(
                "the push is larger than 40 MiB",
                hint="Push less at once; a change may have 32 MiB of documents.",
            )
        opened = self.parts.opened
        with opened.exchange.arriving(self.environment) as (arrival, live):
            arrival.take_in(body.file)
            pushed = arrival.read(command.new, live)
        environment = opened.writer.state.environment(self.environment)
        held = {name: one.document.digest for name, one in environment.live.items()}
        return self._write(opened.writer, asked(pushed, target, held), target)

    def _write(self, writer: Writer, wanted: Asked, target: Target) -> list[str]:
        if not isinstance(wanted.command, Submit):
            self._check_change(writer, wanted.command.change, target)
        written = writer.write(wanted.command, by=self.caller.identity, key=wanted.key)
        change = changed(writer, written, self.caller)
        if written.repeated:
            begin = "This commit is already in"
        elif isinstance(wanted.command, Submit):
            begin = "Opened"
        else:
            begin = f"Revision {change.revision} of"
        warnings = () if change.status in ENDED else self._warnings(change.id)
        address = f"{self.address}v1/changes/{change.id}"
        return list(telling.of_change(change, warnings, begin=begin, address=address))

    def _check_change(self, writer: Writer, number: int, target: Target) -> None:
        change = writer.state.changes.get(number)
        where = None if change is None else change.environment
        self.caller.grant.check_change(number, where)
        if where != target.environment:
            raise Conflict(
                f"change {number} is in {where}, not in {target.environment}",
                hint=f"Push to the repository of {where}, or open a change here.",
            )

    def _warnings(self, number: int) -> tuple[Advice, ...]:
        """What is worth a look in it, as whoever reads the change sees it."""
        writer = self.parts.opened.writer
        state = writer.state
        change = state.change(number)
        with reading(self.parts.opened.engine) as connection:
            event = read_revision_number(connection, number, change.revision.number)
        then = environment_before(state.environment(change.environment), event)
        with writer.situation(self.caller.identity) as situation:
            return difference(
                then,
                change,
                situation.documents,
                today=writer.now().date(),
                people=state.people,
            ).warnings


def _only(push: Push) -> Command:
    """The one thing that a push may ask for.

    Raises:
        Invalid: It asks for something else, or for several things.
    """
    if push.extra:
        raise Invalid(
            f"{' and '.join(push.extra)} cannot be taken",
            hint="Push from a whole clone, without options: "
            "git push origin HEAD:refs/for/production.",
        )
    if len(push.commands) != 1:
        raise Invalid(
            "several references are pushed at once, and a push is one change",
            hint="Push one, to refs/for/ and the environment.",
        )
    return push.commands[0]
