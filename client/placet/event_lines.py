"""Server-sent events, taken apart as the WHATWG's HTML standard says.

Lines end with CR, LF or both; what is no UTF-8 is replaced; a field that nobody
knows is ignored, and so is an event that was not finished.  Beyond the standard,
neither a line nor an event may be longer than what a registry sends.
"""

import json
import re
from dataclasses import dataclass

from placet.errors import BadAnswer

MAX_LINE_BYTES = 4096
MAX_EVENT_BYTES = 16 * 1024

_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Attributes:
    id: The last one that the stream has said; empty if it has said none.
    """

    kind: str
    data: str
    id: str


class EventLines:
    """Takes a stream apart, piece by piece.

    Attributes:
        lines: How many lines came so far; comments are lines as well.
        retry_ms: How long the server would have a client wait before it comes back.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.retry_ms: int | None = None
        self._rest = b""
        self._after_cr = False
        self._kind = ""
        self._id = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, received: bytes) -> list[Event]:
        """The events that end in *received*.

        Raises:
            BadAnswer: A line or an event is too long.
        """
        if not received:
            return []
        if self._after_cr and received[:1] == b"\n":
            received = received[1:]
        self._after_cr = received[-1:] == b"\r"
        *lines, self._rest = _END.split(self._rest + received)
        if max(map(len, (*lines, self._rest))) > MAX_LINE_BYTES:
            raise BadAnswer("a line of the events is too long")
        events = [self._take(line) for line in lines]
        return [event for event in events if event is not None]

    def _take(self, line: bytes) -> Event | None:
        if not self.lines:
            line = line.removeprefix(_BOM)
        self.lines += 1
        if not line:
            return self._end()
        self._size += len(line)
        if self._size > MAX_EVENT_BYTES:
            raise BadAnswer("an event is too long")
        name, _, value = line.decode("utf-8", "replace").partition(":")
        self._field(name, value.removeprefix(" "))
        return None

    def _field(self, name: str, value: str) -> None:
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._kind = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and _is_number(value):
            self.retry_ms = int(value)

    def _end(self) -> Event | None:
        data, kind = self._data, self._kind
        self._data, self._kind, self._size = [], "", 0
        if not data:
            return None
        return Event(kind=kind or "message", data="\n".join(data), id=self._id)


def place_of(event: Event) -> tuple[int, int] | None:
    """The epoch and seq that an event says; None if it says something else."""
    if event.kind != "seq":
        return None
    try:
        said = json.loads(event.data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    epoch, seq = said.get("epoch"), said.get("seq")
    if type(epoch) is not int or type(seq) is not int or min(epoch, seq) < 0:
        return None
    return epoch, seq


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
