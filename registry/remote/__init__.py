"""The typed client of a registry: for the command line, the console and scripts.

A chatbot does not use it: chatbots read from memory, with `placet`.  Answers are
frozen values; refusals are the errors of `registry.errors`, the same ones that
the registry raised.
"""

import ssl
from types import TracebackType
from typing import Self

from registry.remote.answers import Answers
from registry.remote.bindings import Bindings
from registry.remote.changing import Changes
from registry.remote.checking import Checks
from registry.remote.comparing import Comparisons
from registry.remote.connection import Connection
from registry.remote.documents import Documents, Recalls
from registry.remote.environments import Environments
from registry.remote.evidence import Evidence
from registry.remote.fetches import Fetches
from registry.remote.guardrails import Guardrails
from registry.remote.judging import Ratifications
from registry.remote.ledger import Ledger
from registry.remote.live_bots import LiveBots
from registry.remote.notifications import Notifications
from registry.remote.observations import Alerts, Observations
from registry.remote.people import People, Tokens
from registry.remote.policies import Policies
from registry.remote.reviews import Reviews
from registry.remote.schemas import Schemas
from registry.remote.sessions import Sessions
from registry.remote.timelines import Timelines

__all__ = ["Remote"]


class Remote:
    """One registry over HTTP, as one person or machine; threads may share it.

    Args:
        url: Where it is, without a path: `https://registry.internal`.
        token: Of a session or a machine; without one only signing in works.
        timeout_s: Seconds to wait for each answer.
        tls: What certificates to trust; `None` for what the system trusts.

    Raises:
        Invalid: The address or the token cannot be one.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout_s: float = 30.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._connection = Connection(url, token, timeout_s, tls)
        self.alerts = Alerts(self._connection)
        self.answers = Answers(self._connection)
        self.bindings = Bindings(self._connection)
        self.changes = Changes(self._connection)
        self.checks = Checks(self._connection)
        self.comparisons = Comparisons(self._connection)
        self.documents = Documents(self._connection)
        self.environments = Environments(self._connection)
        self.fetches = Fetches(self._connection)
        self.evidence = Evidence(self._connection)
        self.guardrails = Guardrails(self._connection)
        self.ledger = Ledger(self._connection)
        self.live_bots = LiveBots(self._connection)
        self.notifications = Notifications(self._connection)
        self.observations = Observations(self._connection)
        self.people = People(self._connection)
        self.policies = Policies(self._connection)
        self.ratifications = Ratifications(self._connection)
        self.recalls = Recalls(self._connection)
        self.reviews = Reviews(self._connection)
        self.schemas = Schemas(self._connection)
        self.sessions = Sessions(self._connection)
        self.timelines = Timelines(self._connection)
        self.tokens = Tokens(self._connection)

    @property
    def url(self) -> str:
        return self._connection.url

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
