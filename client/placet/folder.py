"""A folder that `placet bundle` wrote, for work without a server.

    index.json                      {"format": 1, "bots": {name: digest}, ...}
    bots/acme-air/support.json      a bundle, as a registry serves it
    prompts/acme-air/refunds.json   a composed prompt, as a registry serves it

A file is believed if it has the digest that the index gives it. The index is
read again at each refresh, so that a chatbot at hand follows the folder; each
new content gets the next seq, counted from 1 since the client was made.
"""

from pathlib import Path

from placet import shapes
from placet.copies import Copy, Reading
from placet.errors import BadAnswer, NoAnswer, Refused
from placet.fetch import MAX_BODY_BYTES
from placet.names import digest_of

FORMAT = 1

_HINT = "Write the folder with `placet bundle`."


class Folder:
    """The bots and prompts in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, ref: str, held: Copy | None) -> Reading:
        """Read what the folder has now, knowing *held*.

        Raises:
            NoAnswer: There is no such folder, or it cannot be read.
            Refused: The folder has no such bot or prompt.
            BadAnswer: A file is damaged, too large or of another format.
        """
        index = shapes.parse_object(self._bytes("index.json"), what="index.json")
        if shapes.number(index, "format") != FORMAT:
            raise BadAnswer("the folder has a format of another version", hint=_HINT)
        kind, _, name = ref.partition("/")
        names = shapes.mapping(index, kind)
        if name not in names:
            raise Refused(f"the folder has no {ref}", hint=_HINT, status=404)
        digest = shapes.digest(names, name)
        if held is not None and held.digest == digest:
            return Reading(copy=held, confirmed=True)
        body = self._bytes(f"{ref}.json")
        if digest_of(body) != digest:
            raise BadAnswer(f"{ref}.json is not what the index says", hint=_HINT)
        return Reading(copy=_copy(ref, held, digest, body), confirmed=True)

    def close(self) -> None:
        """Nothing is held open."""

    forget_connections = close

    def _bytes(self, name: str) -> bytes:
        try:
            with (self._path / name).open("rb") as file:
                data = file.read(MAX_BODY_BYTES + 1)
        except OSError as error:
            raise NoAnswer(f"{name} cannot be read: {error}", hint=_HINT) from error
        if len(data) > MAX_BODY_BYTES:
            raise BadAnswer(f"{name} is larger than {MAX_BODY_BYTES} bytes", hint=_HINT)
        return data


def _copy(ref: str, held: Copy | None, digest: str, body: bytes) -> Copy:
    return Copy(
        ref=ref,
        repository="",
        epoch=0,
        seq=held.seq + 1 if held else 1,
        floor=0,
        etag="",
        digest=digest,
        body=body,
    )
