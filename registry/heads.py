"""Heads: what a bot, or an environment, is at; small, signed, and good for minutes.

* A bot's head says which bundle it is told, since which seq, and on which seq a
  conversation may go on (`floor`); `bundle` is null once the bot was deleted.  An
  environment's head says its seq and the digest of everything live in it
  (`registry.contents`).
* A head is one JSON object of texts, whole numbers, `true`, `false` and `null`, in
  the form of RFC 8785, with `signatures` beside what they sign.
* What is signed: a line that says what it is, `placet-head-v1` or
  `placet-environment-head-v1`, a newline, and the canonical JSON of the object
  without `signatures`.  So no head passes for another thing that a key signs.
* A signature is Ed25519, and names its key as `NAME+ID`.  Every active key signs.
* It expires.  Nobody who has only kept old answers can pass them off as new ones for
  longer than that.  It is signed again about when half of that is over, each one at
  a moment of its own, so that ten thousand are not due together.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import rfc8785

from registry.names import Digest
from registry.signed_notes import SigningKey
from registry.values import Json

BOT_DOMAIN = b"placet-head-v1\n"
ENVIRONMENT_DOMAIN = b"placet-environment-head-v1\n"

LIFETIME = timedelta(minutes=10)
MAX_KEYS = 4
"""Active keys at once: a head has a signature of each."""

_EARLIEST, _LATEST = 0.4, 0.6
"""Between which parts of its life a head is signed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a head says, but for its times: the same until something changes.

    Attributes:
        bot: Empty for the environment's own head.
        seq: Of a bot the one since which it is told this.
        content: The bundle's digest, None for a bot that was deleted; of the
            environment, that of everything live in it.
    """

    repository: str
    environment: str
    bot: str
    epoch: int
    seq: int
    floor: int
    content: Digest | None
    stopped: bool

    @property
    def subject(self) -> tuple[str, str]:
        return self.environment, self.bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A head as it is handed on.

    Attributes:
        renew: When it is signed again, if nothing changes before.
        keys: Those that signed it, as `NAME+ID`.
        body: The bytes, signatures and all.
    """

    standing: Standing
    issued: datetime
    renew: datetime
    expires: datetime
    keys: tuple[str, ...]
    body: bytes

    def is_due(self, now: datetime) -> bool:
        """Also where the clock was set back: nobody believes what is of the future."""
        return self.renew <= now or self.issued > now


def says(standing: Standing) -> dict[str, Json]:
    """What a head says, without times and signatures."""
    common: dict[str, Json] = {
        "repository": standing.repository,
        "environment": standing.environment,
        "epoch": standing.epoch,
        "seq": standing.seq,
    }
    if not standing.bot:
        return {**common, "content": standing.content}
    return {
        **common,
        "bot": standing.bot,
        "floor": standing.floor,
        "bundle": standing.content,
        "stopped": standing.stopped,
    }


def sign(
    standing: Standing,
    keys: Sequence[SigningKey],
    issued: datetime,
    lifetime: timedelta = LIFETIME,
) -> Signed:
    """Args:
    keys: At least one.
    """
    issued = issued.replace(microsecond=0)
    head = {
        **says(standing),
        "issued": written(issued),
        "expires": written(issued + lifetime),
    }
    signed = message(head)
    signatures: list[Json] = [
        {
            "key": key.verifier.short,
            "signature": base64.b64encode(key.private.sign(signed)).decode(),
        }
        for key in keys
    ]
    part = _EARLIEST + (_LATEST - _EARLIEST) * _fraction(standing, issued)
    return Signed(
        standing=standing,
        issued=issued,
        renew=issued + lifetime * part,
        expires=issued + lifetime,
        keys=tuple(key.verifier.short for key in keys),
        body=rfc8785.dumps({**head, "signatures": signatures}),
    )


def message(head: dict[str, Json]) -> bytes:
    """The bytes that are signed for *head*, which has no signatures yet."""
    domain = BOT_DOMAIN if "bot" in head else ENVIRONMENT_DOMAIN
    return domain + rfc8785.dumps(head)


def written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _fraction(standing: Standing, issued: datetime) -> float:
    """From 0 until before 1: another one for each head, and each time."""
    text = f"{standing.environment} {standing.bot} {issued.timestamp()}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
