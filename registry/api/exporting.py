"""What is live, in the format of another product: `?format=` on its address.

* Made when it is asked for, in another thread, one at a time: it takes more than a
  look-up, and nobody polls for it.
* What came of it is kept, a refusal too: the same document in the same format is
  the same export.  How much is kept is bounded, and what was asked for last stays.
* The answer says which document it was made from, and what was lost.
"""

import asyncio
from collections import OrderedDict

import msgspec
import rfc8785

from registry.api.asked import Asked
from registry.errors import Invalid, NotExportable
from registry.exports.formats import export
from registry.names import digest_of
from registry.snapshots import Served, serve
from registry.values import Json

KINDS = {"guardrails", "bindings"}
MAX_KEPT = 64
MAX_KEPT_BYTES = 16 * 2**20

_Key = tuple[str, str]
_Refusal = tuple[str, str]
"""What is wrong, and what to do about it."""


class Exporting:
    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._kept = Kept()

    async def exported(self, asked: Asked, served: Served, format_: str) -> Served:
        """Args:
        served: The document as chatbots read it.

        Raises:
            Invalid: Documents of its kind have no such format.
            NotExportable: The format can say nothing of it.
        """
        if asked.kinds not in KINDS:
            raise Invalid(
                f"there is no other format for {asked.kinds}",
                hint="Ask without `format`; guardrails and bindings have others.",
            )
        key = served.digest, format_
        async with self._turn:
            made = self._kept.get(key)
            if made is None:
                made = await asyncio.to_thread(_made, served, format_)
                self._kept.put(key, made)
        if isinstance(made, Served):
            return made
        message, hint = made
        raise NotExportable(message, hint=hint)


class Kept:
    """What came of the exports that were asked for last, by digest and format."""

    def __init__(self, most: int = MAX_KEPT, most_bytes: int = MAX_KEPT_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._made: OrderedDict[_Key, Served | _Refusal] = OrderedDict()
        self._bytes = 0

    def get(self, key: _Key) -> Served | _Refusal | None:
        if key in self._made:
            self._made.move_to_end(key)
        return self._made.get(key)

    def put(self, key: _Key, made: Served | _Refusal) -> None:
        if key in self._made:
            self._bytes -= _size(self._made.pop(key))
        self._made[key] = made
        self._bytes += _size(made)
        while len(self._made) > self._most or self._bytes > self._most_bytes:
            self._bytes -= _size(self._made.popitem(last=False)[1])


def _size(made: Served | _Refusal) -> int:
    if isinstance(made, Served):
        return len(made.body)
    return sum(map(len, made))


def _made(served: Served, format_: str) -> Served | _Refusal:
    try:
        return _exported(served, format_)
    except NotExportable as error:
        return str(error), error.hint


def _exported(served: Served, format_: str) -> Served:
    value: dict[str, Json] = msgspec.json.decode(served.body)
    found = export(value, format_)
    body = rfc8785.dumps(
        {
            "document": f"{value['kind']}s/{value['name']}",
            "version": served.version,
            "digest": served.digest,
            "format": found.format,
            "media_type": found.media_type,
            "file_name": found.file_name,
            "text": found.text,
            "losses": [
                {"rule": loss.rule, "message": loss.message} for loss in found.losses
            ],
        }
    )
    return serve(digest_of(body), served.version, body)
