"""The wire: what git's clients send to push, and what they are told.

Everything is lines with their length before them ("pkt-lines", as `git help
protocol-common` calls them); `0000` ends a list of them.  A push is a list of
commands, then a pack.  The answer has two channels: what is printed after
`remote:`, and what became of each reference.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from registry.errors import Invalid
from registry.writer import Commit, parse_commit

FLUSH = b"0000"
NOTHING = "0" * 40
MAX_COMMANDS = 100
MAX_REASON_CHARS = 300

_MAX_BYTES = 65_520
_HEAD_BYTES = 4
_WORDS = 3
_LENGTH = re.compile(rb"[0-9a-f]{4}")
_CAPABILITIES = "report-status side-band-64k ofs-delta object-format=sha1 agent=placet"
_ANSWERED = {"report-status", "side-band-64k"}
_TAKEN = {"report-status", "side-band-64k", "ofs-delta", "quiet"}
_TAKEN_VALUES = ("agent=", "object-format=sha1", "session-id=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Attributes:
    old: Where the client believes the reference to be; None for nowhere.
    new: Where it is to be; None deletes it.
    """

    old: Commit | None
    new: Commit | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a client asks for.

    Attributes:
        extra: What it asks for that is not taken, in words.
        answered: Whether it wants to know what became of it.
    """

    commands: tuple[Command, ...]
    extra: tuple[str, ...]
    answered: bool


def pkt(data: bytes) -> bytes:
    return b"%04x%s" % (len(data) + _HEAD_BYTES, data)


def advertisement(tip: Commit | None) -> bytes:
    """What whoever wants to push is told at first: what there is, and what is taken."""
    first = f"{tip or NOTHING} {'refs/heads/main' if tip else 'capabilities^{}'}"
    line = f"{first}\0{_CAPABILITIES}\n".encode()
    return pkt(b"# service=git-receive-pack\n") + FLUSH + pkt(line) + FLUSH


def read_push(body: BinaryIO) -> Push:
    """Read the commands, and leave *body* where the pack begins.

    Raises:
        Invalid: These are not the commands of a push.
    """
    commands: list[Command] = []
    extra: list[str] = []
    capabilities: set[str] = set()
    for line in _lines(body):
        text, _, said = line.partition(b"\0")
        capabilities |= set(said.decode("utf-8", "replace").split())
        if text.startswith(b"shallow "):
            extra.append("a shallow push")
        elif text.startswith(b"push-cert"):
            extra.append("a signed push")
            break
        else:
            commands.append(_command(text))
    if not commands and not extra:
        raise _strange_body()
    extra += [f"the option {word[:40]!r}" for word in sorted(_strange(capabilities))]
    return Push(
        commands=tuple(commands),
        extra=tuple(dict.fromkeys(extra)),
        answered=capabilities >= _ANSWERED,
    )


def report(told: Iterable[str], became: Sequence[tuple[str, str | None]]) -> bytes:
    """The answer to a push.

    Args:
        told: Lines to be printed.
        became: Each reference, with why it was refused, None if it was not.
    """
    status = pkt(b"unpack ok\n") + b"".join(_status(*one) for one in became) + FLUSH
    lines = "".join(f"{line}\n" for line in told).encode()
    return _channel(2, lines) + _channel(1, status) + FLUSH


def _channel(number: int, data: bytes) -> bytes:
    room = _MAX_BYTES - _HEAD_BYTES - 1
    parts = (data[at : at + room] for at in range(0, len(data), room))
    return b"".join(pkt(bytes([number]) + part) for part in parts)


def _status(reference: str, why: str | None) -> bytes:
    if why is None:
        return pkt(f"ok {reference}\n".encode())
    return pkt(f"ng {reference} {why[:MAX_REASON_CHARS]}\n".encode())


def _lines(body: BinaryIO) -> Iterator[bytes]:
    for _ in range(MAX_COMMANDS + 1):
        head = body.read(_HEAD_BYTES)
        if head == FLUSH:
            return
        length = int(head, 16) if _LENGTH.fullmatch(head) else 0
        line = body.read(length - _HEAD_BYTES) if length > _HEAD_BYTES else b""
        if not line or len(line) != length - _HEAD_BYTES:
            raise _strange_body()
        yield line.removesuffix(b"\n")
    raise Invalid(
        "more references are pushed at once than anybody has",
        hint="Push one, to refs/for/ and the environment.",
    )


def _command(text: bytes) -> Command:
    try:
        old, new, reference = text.decode().split(" ", _WORDS - 1)
    except ValueError:
        raise _strange_body() from None
    if not reference.isprintable() or not reference.startswith("refs/"):
        raise _strange_body()
    return Command(old=_commit(old), new=_commit(new), reference=reference)


def _commit(text: str) -> Commit | None:
    return None if text == NOTHING else parse_commit(text)


def _strange(capabilities: set[str]) -> set[str]:
    return {
        word for word in capabilities - _TAKEN if not word.startswith(_TAKEN_VALUES)
    }


def _strange_body() -> Invalid:
    return Invalid(
        "this is not what git sends to push",
        hint="Use git itself: git push origin HEAD:refs/for/production.",
    )
