"""The assembly: one server that writes, and answers people and chatbots.

After each write what has changed is signed, and the snapshots that chatbots are
answered from are brought up to date, before the write is answered; every second
they take in what other processes have written.
"""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from sqlalchemy import Engine

from registry.api.app import create_app, grants_of
from registry.api.chatbots import Chatbots
from registry.api.counting import Counting
from registry.api.door import Door
from registry.api.live import LiveSnapshots
from registry.api.protocol import Http
from registry.calendar import read_calendar
from registry.cli.counted import counted
from registry.cli.delivering import delivering
from registry.cli.signed import signed
from registry.errors import WritesHalted
from registry.models import Models
from registry.outbox import PLAIN, Outgoing
from registry.retirements import Calendar
from registry.rounds import Rounds
from registry.writer import (
    Home,
    Mirror,
    Mirroring,
    Open,
    now,
    opened,
)

PUSH_S = 600.0
"""The first push carries everything; a later one takes a moment."""

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Args:
    ready: Is called once, when requests are answered.
    """

    def __init__(self, application: Door, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                loop="uvloop",
                http=Http,
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


@contextmanager
def assembled(
    home: Home,
    *,
    retirements: Sequence[Path] = (),
    mirrors: Sequence[Mirror] = (),
    outgoing: Outgoing = PLAIN,
    models: Models | None = None,
) -> Iterator[Door]:
    """The application for the registry in *home*, with its threads running.

    A ledger that does not fit the tables halts writing, and nothing else.

    Args:
        retirements: Files that say when models are retired.
        mirrors: Where the ledger is pushed after each event.
        outgoing: How notices leave this server.
        models: Asks models, to try prompts.

    Raises:
        Invalid: Such a file cannot be used.
        NotFound: There is no registry.
    """
    after: list[Callable[[], None]] = []

    def written() -> None:
        for call in after:
            call()

    calendar = read_calendar(retirements)
    with (
        opened(home, written=written) as registry,
        signed(home, registry) as (signing, heads),
    ):
        _reconcile(registry)
        live = LiveSnapshots(registry.engine, heads)
        after += [signing.written, live.refresh]
        after += [registry.afterwards.wake, registry.timer.wake]
        refreshing = Rounds(live.refresh, name="snapshots")
        operations = home.open_operations()
        mirroring = _mirroring(registry, home, mirrors)
        try:
            registry.afterwards.start()
            refreshing.start()
            registry.timer.start()
            mirroring.start()
            with delivering(registry, operations, outgoing), counted(home) as counting:
                yield _application(
                    registry,
                    operations,
                    live,
                    calendar,
                    mirroring,
                    outgoing,
                    counting,
                    models,
                )
        finally:
            refreshing.close()
            registry.timer.close()
            registry.afterwards.close()
            mirroring.close()
            operations.dispose()


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
    calendar: Calendar,
    mirroring: Mirroring,
    outgoing: Outgoing,
    counting: Counting,
    models: Models | None,
) -> Door:
    grants = grants_of(registry, operations, now)
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
        outgoing=outgoing,
        models=models,
    )
