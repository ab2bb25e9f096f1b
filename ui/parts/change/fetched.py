"""What several parts of a change's page tell of, asked for once.

What a part needs of what lies outside the change is handed down to it, so that no two
of them ask the same again: where the environment is, which of its bots are stopped,
and what going live would do.
"""

from dataclasses import dataclass

from registry.errors import RegistryError
from registry.remote.changes import ChangeView, MadeStale
from ui.parts import session
from ui.parts.change import bots
from ui.parts.stopped import stopped_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Attributes:
    seq: Of the environment, now.
    makes_stale: Open changes that could not go live any more after this one.
    refused: Why it could not go live itself now; `None` if it could, or is closed.
    stopped: Of the bots that it reaches, those that go on saying their fallback.
    """

    seq: int
    makes_stale: tuple[MadeStale, ...] = ()
    refused: RegistryError | None = None
    stopped: tuple[str, ...] = ()


def around(change: ChangeView) -> Around:
    found = session.registry().environments.list()
    seq = next(one.seq for one in found if one.name == change.environment)
    if change.outcome is not None:
        return Around(seq=seq)
    stopped = _stopped(change)
    try:
        told = session.registry().changes.preview_activation(change.id)
    except RegistryError as error:
        # It hides nothing else of the page, on which one can still withdraw it.
        return Around(seq=seq, refused=error, stopped=stopped)
    return Around(seq=seq, makes_stale=told.makes_stale, stopped=stopped)


def _stopped(change: ChangeView) -> tuple[str, ...]:
    if change.type == "resume" or not bots.of(change):
        return ()
    touched = {one.document for one in change.effect}
    return stopped_of(session.registry(), change.environment, touched)
