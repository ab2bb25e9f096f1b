"""Events: what the ledger records, and the chain that holds it together.

Every governed act is one event.  An event is canonical JSON (RFC 8785); it
names the SHA-256 of the event before it and of every file that its commit
writes, so that the chain can be followed without trusting git's SHA-1.

 * Numbers begin at 1 and have no gaps.
 * Times are strictly increasing: the clock's, or the last event's plus one
   microsecond if the clock has not moved on.
 * The event carries the commit's whole message, so that a later wording of
   messages never alters the id of an old commit.

`docs/ledger.md` describes every type.  Nothing here reads a clock or a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import rfc8785

from registry.errors import Invalid, LedgerBroken
from registry.names import Digest, digest_of
from registry.payloads import MOVES, NAMES, TYPES, Payload
from registry.people import Actor

NOTHING_BEFORE = Digest("sha256:" + "0" * 64)
"""What the first event names as the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """What the commit does to one path; `digest` is `None` for a deletion."""

    path: str
    digest: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act, as it stands in the ledger.

    Attributes:
        key: The idempotency key that the command came with.
        command: SHA-256 of the command, to tell a repeated one from another.
        message: The commit's whole message.
        edits: The files that the commit writes beside the event, by path.
        previous: SHA-256 of the event before this one.
    """

    number: int
    at: datetime
    actor: Actor
    key: str | None
    command: Digest
    payload: Payload
    message: str
    edits: tuple[FileEdit, ...]
    previous: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """An event as JSON: the payload waits until its type is known."""

    number: int
    type: str
    at: datetime
    actor: Actor
    key: str | None
    command: Digest
    payload: msgspec.Raw
    message: str
    edits: tuple[FileEdit, ...]
    previous: Digest


_DECODE_ENVELOPE = msgspec.json.Decoder(_Envelope).decode
_DECODE_PAYLOAD = {
    name: msgspec.json.Decoder(payload).decode for name, payload in TYPES.items()
}


def dump(event: Event) -> bytes:
    """The event's canonical bytes, the ones that its SHA-256 is taken of."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    return rfc8785.dumps({**fields, "type": NAMES[type(event.payload)]})


def parse(data: bytes) -> Event:
    """Raises:
    LedgerBroken: It is not an event of a type that this version knows.
    """
    try:
        envelope = _DECODE_ENVELOPE(data)
        payload = _DECODE_PAYLOAD[envelope.type](envelope.payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, Invalid) as error:
        raise LedgerBroken(f"not an event of this format: {error}") from error
    return Event(
        number=envelope.number,
        at=envelope.at,
        actor=envelope.actor,
        key=envelope.key,
        command=envelope.command,
        payload=payload,
        message=envelope.message,
        edits=envelope.edits,
        previous=envelope.previous,
    )


def path_of(number: int) -> str:
    """Where an event stands in the ledger's tree, a thousand to a folder."""
    return f"events/{number // 1000:03d}/{number:06d}.json"


def next_time(now: datetime, last: datetime | None) -> datetime:
    """*now* in UTC, moved past *last* if the clock has not moved on itself."""
    now = now.astimezone(UTC)
    if last is None:
        return now
    return max(now, last + timedelta(microseconds=1))


def file_edits(files: Mapping[str, bytes | None]) -> tuple[FileEdit, ...]:
    return tuple(
        FileEdit(path=path, digest=None if data is None else digest_of(data))
        for path, data in sorted(files.items())
    )


MOVING_TYPES = tuple(NAMES[payload] for payload in MOVES)
"""The types of the events that take an environment to its next seq."""
