"""Verification: what of a registry's answers is proved, for a client that has keys.

* A head is signed by a key that the client was given. A signature of another key
  means nothing; one that says it is of a known key has to be right.
* It was not issued in the future and has not expired, give or take `MAX_SKEW_S`.
  So whoever keeps a client from the registry, and answers it what was right once,
  can do so for minutes; then what the client has is no longer confirmed.
* One epoch and seq has one head: another bundle, floor or stop is not believed.
* Every document of a bundle has the digest that the bundle gives it, every document
  that the bot names is there, and the bundle is stopped if the head says so.
* What is on disk is verified in the same way when it is read, but for its age.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from placet import canonical, shapes
from placet.errors import BadAnswer
from placet.names import digest_of
from placet.shapes import Object
from placet.signatures import SIGNATURES, check_signed, open_keys

MAX_SKEW_S = 60.0
"""How far the clocks of the registry and the chatbot may differ."""

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_RENEWED = {"issued", "expires", SIGNATURES}
_PARTS = ("prompts", "guardrails", "bindings")
_CLOCK = "See that this machine's clock is right, and the registry's."

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A head whose signature was right.

    Attributes:
        body: It as JSON, signatures and all, to be verified again.
        says: What of it stays the same when it is signed again.
        expires: In seconds since 1970.
    """

    body: bytes
    says: bytes
    stopped: bool
    issued: float
    expires: float


class Verifier:
    """Verifies with the keys that a client was given; threads may share it.

    Raises:
        Misconfigured: The keys cannot be used.
    """

    def __init__(self, keys: Sequence[str], clock: Clock) -> None:
        self._keys = open_keys(keys)
        self._clock = clock

    def signed(self, head: Object, *, what: str) -> Signed:
        """Raises:
        BadAnswer: No known key has signed it.
        """
        check_signed(head, self._keys, what=what)
        same = {name: value for name, value in head.items() if name not in _RENEWED}
        return Signed(
            body=canonical.dump(dict(head), what=what),
            says=canonical.dump(same, what=what),
            stopped=head.get("stopped") is True,
            issued=_seconds(head, "issued"),
            expires=_seconds(head, "expires"),
        )

    def check_time(self, signed: Signed, *, what: str) -> None:
        """Raises:
        BadAnswer: It is of the future, or has expired.
        """
        now = self._clock()
        if signed.issued > now + MAX_SKEW_S:
            raise BadAnswer(f"{what} was signed in the future", hint=_CLOCK)
        if now > signed.expires + MAX_SKEW_S:
            raise BadAnswer(
                f"{what} expired {now - signed.expires:.0f} seconds ago",
                hint="The registry, or what answers for it, says what was right once: "
                "ask its operator. " + _CLOCK,
            )


def check_bundle(body: bytes, signed: Signed, *, what: str) -> None:
    """Raises:
    BadAnswer: A document is missing, is another one, or the stop is missing.
    """
    whole = canonical.parse(body, what=what)
    if not isinstance(whole, dict):
        raise BadAnswer(f"{what} is not a JSON object")
    is_stopped = whole.get("stopped") is not None
    if is_stopped != signed.stopped:
        raise BadAnswer(f"{what} and its head differ in whether the bot is stopped")
    for part in (*_PARTS, "fallbacks"):
        for name, entry in shapes.mapping({part: {}, **whole}, part).items():
            _check_entry(entry, what=f"{part}/{name} of {what}")
    if not is_stopped:
        _check_complete(whole, what)


def _check_entry(entry: object, *, what: str) -> None:
    if not isinstance(entry, dict):
        raise BadAnswer(f"{what} is not an object")
    document = canonical.dump(shapes.mapping(entry, "document"), what=what)
    if digest_of(document) != shapes.digest(entry, "digest"):
        raise BadAnswer(f"{what} has another digest than the bundle says")


def _check_complete(bundle: Object, what: str) -> None:
    bot = shapes.mapping(bundle, "bot")
    for part in _PARTS:
        named = {
            role: shapes.text(shapes.mapping(shapes.mapping(bot, part), role), "name")
            for role in shapes.mapping({part: {}, **bot}, part)
        }
        there = {
            role: shapes.mapping(entry, "document").get("name")
            for role, entry in shapes.mapping({part: {}, **bundle}, part).items()
            if isinstance(entry, dict)
        }
        if named != there:
            raise BadAnswer(f"{what} has other {part} than the bot names")


def _seconds(head: Object, key: str) -> float:
    text = shapes.text(head, key)
    wrong = BadAnswer(f"{key!r} is not a time in UTC, to the second")
    if not _TIME.match(text):
        raise wrong
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise wrong from None
