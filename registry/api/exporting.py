"""What is live, in the format of another product: `?format=` on its address.

* Made when it is asked for, in another thread, one at a time: it takes more than a
  look-up, and nobody polls for it.
* The answer says which document it was made from, and what was lost.
"""

import asyncio

import msgspec
import rfc8785

from registry.api.asked import Asked
from registry.errors import Invalid
from registry.exports.formats import export
from registry.names import digest_of
from registry.snapshots import Served, serve
from registry.values import Json

KINDS = {"guardrails", "bindings"}


class Exporting:
    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

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
        async with self._turn:
            return await asyncio.to_thread(_exported, served, format_)


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
