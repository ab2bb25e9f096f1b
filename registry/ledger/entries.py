"""What one commit of the ledger holds, and what may be in it.

 * Every commit of the ledger writes exactly one event, `events/001/001042.json`,
   and whatever else the event does to the tree.
 * A path is made of segments of letters, digits, `.`, `_` and `-` that begin with
   a small letter or a digit.  That rules out `..`, `.git`, hidden files, options,
   quoting and line ends by what it lets in, not by what it knows to be bad.
   (Capitals are there for prereleases only: `versions/.../2.0.0-RC.1.yaml`.)
 * Nothing is both a file and a folder.
 * Whoever wrote it is a handle.  Names and e-mails never enter the ledger.

Nothing here knows what an event means.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType

from registry.errors import Invalid
from registry.events import path_of

Commit = NewType("Commit", str)
"""The id of a commit: 40 lower-case hexadecimal digits.

It means something to this ledger and its index only; everybody else names
content by its digest.
"""

_COMMIT = re.compile(r"[0-9a-f]{40}\Z")
_SEGMENT = re.compile(r"[a-z0-9][A-Za-z0-9._-]*\Z")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
_EVENT = re.compile(r"events/[0-9]{3,}/([0-9]{6,})\.json\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MAX_PATH_CHARS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one commit writes.

    Attributes:
        files: New bytes by path; None deletes.  One of them is the event.
        message: The commit's whole message: subject, empty line, trailers.
        author: A handle.
        at: With a time zone; a commit keeps whole seconds of it.
    """

    files: Mapping[str, bytes | None]
    message: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit of a derived branch: what an environment was at *commit*.

    Attributes:
        commit: A commit of the ledger.
        number: The number of the event that brought it about.
    """

    commit: Commit
    number: int
    message: str
    author: str
    at: datetime


def parse_commit(text: str) -> Commit:
    """Raises:
    Invalid: It is not 40 lower-case hexadecimal digits.
    """
    if not _COMMIT.match(text):
        raise Invalid(
            f"{text[:60]!r} is not a commit of the ledger",
            hint="A commit is 40 hexadecimal digits, as the ledger returned it.",
        )
    return Commit(text)


def check_path(path: str) -> str:
    """Return *path* if it may be in the ledger.

    Raises:
        Invalid: It is too long, or a segment of it is not allowed.
    """
    if len(path) > MAX_PATH_CHARS or not all(map(_SEGMENT.match, path.split("/"))):
        raise Invalid(
            f"{path[:80]!r} cannot be a path in the ledger",
            hint="Segments are letters, digits, `.`, `_` and `-`, and begin with a "
            "small letter or a digit.",
        )
    return path


def check_entry(entry: Entry) -> int:
    """Return the number of the event that *entry* writes.

    Raises:
        Invalid: A path, the author, the time or the message is not allowed, a
            path is file and folder at once, or there is not exactly one event.
    """
    folders = {folder for path in entry.files for folder in folders_of(path)}
    for path in entry.files:
        check_path(path)
        if path in folders:
            raise Invalid(
                f"{path!r} cannot be a file and a folder in one entry",
                hint="Give one of them another name.",
            )
    identity(entry.author, entry.at)
    message_bytes(entry.message)
    numbers = [number for path in entry.files for number in _event_numbers(path)]
    if len(numbers) != 1 or entry.files[path_of(numbers[0])] is None:
        raise Invalid(
            f"an entry writes one event, this one {len(numbers)}",
            hint="Write the event as events/<thousands>/<number>.json.",
        )
    return numbers[0]


def folders_of(path: str) -> Iterator[str]:
    """The folders that *path* is in, outermost first."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def identity(author: str, at: datetime) -> bytes:
    """Author and time as git writes them.

    Raises:
        Invalid: The author is not a handle, or the time has no zone or is
            before 1970.
    """
    if not _HANDLE.match(author):
        raise Invalid(
            f"{author[:60]!r} is not a handle",
            hint="A handle is up to 64 small letters, digits, `.`, `_` and `-`.",
        )
    if at.tzinfo is None or at < _EPOCH:
        raise Invalid(
            f"{at} cannot be the time of a commit",
            hint="Give a time after 1970 with its time zone.",
        )
    seconds = (at - _EPOCH) // timedelta(seconds=1)
    return b"%s <%s@placet> %d +0000" % (author.encode(), author.encode(), seconds)


def message_bytes(message: str) -> bytes:
    """Raises:
    Invalid: It is empty, or holds what a commit message cannot.
    """
    try:
        data = message.encode()
    except UnicodeEncodeError:
        data = b""
    if not data.strip() or b"\0" in data:
        raise Invalid(
            "a commit needs a message of Unicode text",
            hint="Say in one line what the event does.",
        )
    return data


def _event_numbers(path: str) -> Iterator[int]:
    if not path.startswith("events/"):
        return
    found = _EVENT.match(path)
    if found is None or path != path_of(int(found[1])) or int(found[1]) < 1:
        raise Invalid(
            f"{path!r} is not the path of an event",
            hint="Write the event as events/<thousands>/<number>.json.",
        )
    yield int(found[1])
