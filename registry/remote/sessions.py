"""Sessions: signing in, and who one is."""

from dataclasses import dataclass
from datetime import datetime

from registry.remote.connection import Connection
from registry.remote.people import Cooling, Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What signing in gives; the token is shown this once."""

    token: str
    handle: str
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """Who a session or token stands for.

    Attributes:
        via: `session` or `token:<id>`.
    """

    handle: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    limits: tuple[Limit, ...]
    cooling: tuple[Cooling, ...]
    via: str
    ends: datetime | None


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, handle: str, password: str) -> Session:
        """Raises:
        WrongPassword: Handle and password do not belong together.
        """
        body = {"handle": handle, "password": password}
        return self._connection.post_once("/v1/sessions", body, Session)

    def current(self) -> Current:
        return self._connection.get("/v1/sessions/current", Current)

    def end(self) -> None:
        self._connection.delete("/v1/sessions/current")
