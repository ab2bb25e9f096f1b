"""The assembly: one server that writes, and answers people and chatbots.

After each write the snapshots that chatbots are answered from are brought up to
date before the write is answered; every second they take in what other
processes have written.
"""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import uvicorn
from sqlalchemy import Engine

from registry.api.app import create_app, grants_of
from registry.api.chatbots import Chatbots
from registry.api.door import Door
from registry.api.live import LiveSnapshots
from registry.api.protocol import Http
from registry.calendar import read_calendar
from registry.errors import WritesHalted
from registry.retirements import Calendar
from registry.writer import Home, Open, now, opened

REFRESH_S = 1.0

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
def assembled(home: Home, *, retirements: Sequence[Path] = ()) -> Iterator[Door]:
    """The application for the registry in *home*, with its threads running.

    A ledger that does not fit the tables halts writing, and nothing else.

    Args:
        retirements: Files that say when models are retired.

    Raises:
        Invalid: Such a file cannot be used.
        NotFound: There is no registry.
    """
    after: list[Open] = []
    live: list[LiveSnapshots] = []

    def written() -> None:
        for snapshots in live:
            snapshots.refresh()
        for registry in after:
            registry.afterwards.wake()

    ending = Event()
    calendar = read_calendar(retirements)
    with opened(home, written=written) as registry:
        try:
            registry.writer.reconcile()
        except WritesHalted as halted:
            log.error("%s; reads go on. %s", halted, halted.hint)  # noqa: TRY400
        live.append(LiveSnapshots(registry.engine))
        after.append(registry)
        refreshing = Thread(
            target=_refresh, args=(live[0], ending), name="placet-snapshots"
        )
        operations = home.open_operations()
        try:
            registry.afterwards.start()
            refreshing.start()
            yield _application(registry, operations, live[0], calendar)
        finally:
            ending.set()
            refreshing.join()
            registry.afterwards.close()
            operations.dispose()


def _application(
    registry: Open, operations: Engine, live: LiveSnapshots, calendar: Calendar
) -> Door:
    grants = grants_of(registry, operations, now)
    chatbots = Chatbots(
        live=live,
        grants=grants,
        engine=registry.engine,
        clock=now,
        settled=registry.writer.settled,
    )
    return create_app(
        registry, operations, now, chatbots, grants=grants, calendar=calendar
    )


def _refresh(live: LiveSnapshots, ending: Event) -> None:
    while not ending.wait(REFRESH_S):
        live.refresh()
