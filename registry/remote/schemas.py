"""Schemas: what each kind of document may say, as the registry tells everybody."""

from collections.abc import Mapping
from typing import Any

from registry.remote.connection import Connection, place


class Schemas:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, kind: str) -> Mapping[str, Any]:
        """The JSON Schema of a kind: `prompt`.

        Raises:
            NotFound: There is no such kind.
        """
        return self._connection.get(place("schemas", f"{kind}.json"), dict[str, Any])
