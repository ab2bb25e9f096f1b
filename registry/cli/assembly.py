"""The assembly: one server that writes, and answers people and chatbots.

After each write what has changed is signed, and the snapshots that chatbots are
answered from are brought up to date, before the write is answered; every second
they take in what other processes have written.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from registry.api.app import create_app, grants_of
from registry.api.chatbots import Chatbots
from registry.api.counting import Counting
from registry.api.door import Door
from registry.api.grants import Grants
from registry.api.live import LiveSnapshots
from registry.calendar import read_calendar
from registry.cli.counted import counted
from registry.cli.delivering import delivering
from registry.cli.hearing import hearing
from registry.cli.leading import leading
from registry.cli.signed import signing_of
from registry.db.channel import tell
from registry.db.engine import disposing
from registry.db.heads import SignedHeads
from registry.errors import WritesHalted
from registry.models import Models
from registry.outbox import PLAIN, Outgoing
from registry.retirements import Calendar
from registry.rounds import Rounds
from registry.writer import (
    DatabaseLead,
    Home,
    Lead,
    Mirror,
    Mirroring,
    Open,
    now,
    opened,
)

PUSH_S = 600.0
"""The first push carries everything; a later one takes a moment."""

log = logging.getLogger(__name__)


@contextmanager
def assembled(
    home: Home,
    *,
    retirements: Sequence[Path] = (),
    mirrors: Sequence[Mirror] = (),
    outgoing: Outgoing = PLAIN,
    models: Models | None = None,
    one_of_many: bool = False,
    lead: DatabaseLead | None = None,
) -> Iterator[Door]:
    """The application for the registry in *home*, with its threads running.

    A ledger that does not fit the tables halts writing, and nothing else.

    Args:
        retirements: Files that say when models are retired.
        mirrors: Where the ledger is pushed after each event.
        outgoing: How notices leave this server.
        models: Asks models, to try prompts.
        one_of_many: Whether there are others on this folder, so that what they
            write has to be seen soon.
        lead: If this process has it already.

    Raises:
        Invalid: Such a file cannot be used.
        NotFound: There is no registry.
    """
    after: list[Callable[[], None]] = []

    def written() -> None:
        for call in after:
            call()

    calendar = read_calendar(retirements)
    with opened(home, written=written) as registry, ExitStack() as stack:
        signed = stack.enter_context(disposing(home.open_heads()))
        heads = SignedHeads(signed)
        signing = signing_of(home, registry.engine, heads)
        _reconcile(registry)
        live = LiveSnapshots(registry.engine, heads)
        after += [signing.written, live.refresh, partial(tell, registry.engine)]
        after += [registry.afterwards.wake, registry.timer.wake]
        operations = stack.enter_context(disposing(home.open_operations()))
        grants = grants_of(registry, operations, now)
        mirroring = _mirroring(registry, home, mirrors)
        refreshing = _refreshing(live, grants)
        loops = (
            Rounds(signing.once, name="heads"),
            *(mirroring, registry.afterwards, registry.timer),
        )
        led = stack.enter_context(_looping(leading(home, lead), loops, refreshing))
        files = (registry.engine, signed, operations) if one_of_many else ()
        stack.enter_context(_hearing(registry, refreshing, files))
        stack.enter_context(delivering(registry, operations, outgoing, led.held))
        yield _application(
            registry,
            operations,
            live,
            grants,
            calendar,
            mirroring,
            led,
            one_of_many,
            outgoing,
            stack.enter_context(counted(home.open_fetches())),
            models,
        )


@contextmanager
def _looping(
    taking: AbstractContextManager[Lead | DatabaseLead],
    loops: Sequence[Rounds | Mirroring],
    refreshing: Rounds,
) -> Iterator[Lead | DatabaseLead]:
    """The loops of a server; what only one process needs to do is done by one."""
    with taking as lead, ExitStack() as stack:
        for loop in loops:
            loop.only_if(lead.held)
        for each in (*loops, refreshing):
            stack.callback(each.close)
            each.start()
        yield lead


def _hearing(
    registry: Open, refreshing: Rounds, files: Sequence[Engine]
) -> AbstractContextManager[None]:
    def wake() -> None:
        refreshing.wake()
        registry.afterwards.wake()

    return hearing(registry.engine, wake, files)


def _refreshing(live: LiveSnapshots, grants: Grants) -> Rounds:
    """Takes in what other processes have made live, and granted."""

    def once() -> None:
        live.refresh()
        grants.keep_current()

    return Rounds(once, name="snapshots")


def _reconcile(registry: Open) -> None:
    try:
        registry.writer.reconcile()
    except WritesHalted as halted:
        log.error("%s; reads go on. %s", halted, halted.hint)  # noqa: TRY400


def _mirroring(registry: Open, home: Home, mirrors: Sequence[Mirror]) -> Mirroring:
    mirroring = Mirroring(
        mirrors,
        ledger=registry.ledger,
        ledger_path=home.ledger_path,
        writer=registry.writer,
        checkpoints=registry.checkpoints,
        longest_s=PUSH_S,
    )
    registry.afterwards.then(mirroring.wake)
    return mirroring


def _application(
    registry: Open,
    operations: Engine,
    live: LiveSnapshots,
    grants: Grants,
    calendar: Calendar,
    mirroring: Mirroring,
    lead: Lead | DatabaseLead,
    one_of_many: bool,
    outgoing: Outgoing,
    counting: Counting,
    models: Models | None,
) -> Door:
    chatbots = Chatbots(
        live=live,
        grants=grants,
        counting=counting,
        engine=registry.engine,
        clock=now,
        settled=registry.writer.settled,
    )
    return create_app(
        registry,
        operations,
        now,
        chatbots,
        grants=grants,
        calendar=calendar,
        mirroring=mirroring,
        leads=lead.held,
        catch_up=registry.writer.catch_up if one_of_many else lambda: None,
        outgoing=outgoing,
        models=models,
    )
