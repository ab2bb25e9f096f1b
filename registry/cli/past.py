"""The past: what a bot was told at a seq, fetched and opened as a chatbot does.

A bundle is opened by the chatbot's own code.  One that cannot be tried says why: the
bot was stopped or deleted then, or it takes something that is not installed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from placet.bundles import bundle_of
from placet.errors import PlacetError
from registry.cli.times import parse_time
from registry.errors import Deleted, NotFound, Unavailable
from registry.names import digest_of
from registry.remote import Remote
from registry.renderings import Told

KEPT = 16
"""Opened bundles that are kept: neighbours in a log are often of the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Attributes:
    digest: `None` if the bot was not live.
    told: `None` if it cannot be tried.
    why_not: Why it cannot be tried.
    """

    digest: str | None
    body: bytes
    told: Told | None
    why_not: str


class Past:
    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._opened: dict[tuple[str, str, int], Bundle] = {}
        self._seqs: Mapping[str, int] | None = None

    def bundle(self, environment: str, bot: str, seq: int) -> Bundle:
        """What the bot was told at a seq that is known to be there."""
        key = (environment, bot, seq)
        if key not in self._opened:
            while len(self._opened) >= KEPT:
                del self._opened[next(iter(self._opened))]
            self._opened[key] = self._fetch(environment, bot, seq)
        return self._opened[key]

    def seq_of(self, environment: str, text: str) -> int:
        """The seq that *text* names, or into which the moment that it names falls.

        Raises:
            NotFound: There is no such environment or seq.
            Invalid: It is neither a seq nor a time.
        """
        latest = self._latest(environment)
        if not (text.isascii() and text.isdecimal()):
            return self._seq_at(environment, parse_time(text))
        seq = int(text) if len(text) < 10 else 0
        if not 1 <= seq <= latest:
            raise NotFound(
                f"{environment} has no seq {text[:40]}",
                hint=f"It has been at 1 to {latest}."
                if latest
                else "Nothing has gone live there yet.",
            )
        return seq

    def _seq_at(self, environment: str, at: datetime) -> int:
        return self._remote.environments.live(environment, at=at).seq

    def _latest(self, environment: str) -> int:
        if self._seqs is None:
            found = self._remote.environments.list()
            self._seqs = {one.name: one.seq for one in found}
        if environment not in self._seqs:
            raise NotFound(
                f"there is no environment {environment[:60]!r}",
                hint="There are " + ", ".join(sorted(self._seqs)) + ".",
            )
        return self._seqs[environment]

    def _fetch(self, environment: str, bot: str, seq: int) -> Bundle:
        try:
            body = self._remote.environments.bundle(environment, bot, seq=seq)
        except Deleted:
            return _none("it was deleted")
        except NotFound:  # the environment and its seq are known to be there
            return _none("it was not live yet")
        return _opened(environment, bot, seq, body)


def _none(why: str) -> Bundle:
    return Bundle(digest=None, body=b"", told=None, why_not=why)


def _opened(environment: str, bot: str, seq: int, body: bytes) -> Bundle:
    digest = digest_of(body)
    told, why_not = None, ""
    try:
        bundle = bundle_of(body, bot=bot, environment=environment, seq=seq)
        if bundle.stopped:
            why_not = f"it was stopped: {bundle.stop_reason}".removesuffix(": ")
        else:
            told = Told(prompts=bundle.prompts, guardrails=bundle.guardrails)
    except PlacetError as error:
        why_not = f"it cannot be opened here: {error}"
    return Bundle(digest=digest, body=body, told=told, why_not=why_not)


def check_digest(bundle: Bundle, wanted: str, where: str) -> None:
    """Raises:
    Unavailable: What was fetched is not what was to be fetched.
    """
    if bundle.digest != wanted:
        raise Unavailable(
            f"{where} is {bundle.digest}, and not {wanted}",
            hint="Check that it is the registry that the log is of.",
        )
