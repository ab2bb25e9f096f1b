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
class Longest:
    """For how many days at most something can be given."""

    certification: int
    condition: int
    waiver: int
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """Who a session or token stands for.

    Attributes:
        via: `session` or `token:<id>`.
        began: When the password was given; `None` for a token.
        may: What they may do to the registry as a whole, as in `resolve an alert`.
    """

    handle: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    limits: tuple[Limit, ...]
    cooling: tuple[Cooling, ...]
    via: str
    ends: datetime | None
    began: datetime | None
    longest_days: Longest
    may: tuple[str, ...]


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, handle: str, password: str) -> Session:
        """Raises:
        WrongPassword: Handle and password do not belong together.
        """
        body = {"handle": handle, "password": password}
        return self._connection.post_once("/v1/sessions", body, Session)

    def current(self, *, keep_alive: bool = True) -> Current:
        """Args:
        keep_alive: Whether asking is a use of the session. A page that asks by
            itself says no, or a tab left open would never be signed out.
        """
        get = self._connection.get if keep_alive else self._connection.get_idly
        return get("/v1/sessions/current", Current)

    def end(self) -> None:
        self._connection.delete("/v1/sessions/current")
