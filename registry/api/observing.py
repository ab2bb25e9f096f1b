"""Observing: taking in which models really answered.

The tables that are governed are only read.  What a bundle expects never changes,
so it is kept by digest.
"""

import logging
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import Connection, Engine

from registry.api.grants import Grant
from registry.api.throttle import Throttle
from registry.db.alerts import AlertKind, Alerts, Difference
from registry.db.bindings import read_bundles, read_intervals
from registry.db.engine import reading
from registry.db.observations import Observation, Observations
from registry.errors import NotAllowed
from registry.names import Digest
from registry.observations import Answered, Claim, Expected, expectations, judge
from registry.writer import Clock

BURST = 200
EVERY_S = 0.02
"""Of one token: a thousand chatbots may share it, each reporting twice a minute."""

MAX_KEPT = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedClaim:
    """Attributes:
    index: Which observation of the batch, from 0.
    """

    index: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a batch.

    Attributes:
        taken: How many observations are kept.
        refused: The others, of which nothing is.
    """

    taken: int
    refused: tuple[RefusedClaim, ...]


class Observing:
    """Args:
    engine: Where the projection is.
    operations_engine: Where observations and alerts are.
    """

    def __init__(self, engine: Engine, operations_engine: Engine, clock: Clock) -> None:
        self.observations = Observations(operations_engine)
        self.alerts = Alerts(operations_engine)
        self._engine = engine
        self._clock = clock
        self._throttle = Throttle(
            burst=BURST, every_s=EVERY_S, words="too many reports from this token"
        )
        self._kept: OrderedDict[Digest, Mapping[str, Expected]] = OrderedDict()
        self._keeping = Lock()

    def take(self, grant: Grant, environment: str, claims: Sequence[Claim]) -> Taken:
        """Keep those of *claims* that hold, and raise alerts for what is odd.

        Raises:
            TooManyTries: The token reports too often.
        """
        now = self._clock()
        self._throttle.take(f"{grant.handle} {grant.via}", now)
        judged = self._judge(grant, environment, claims, now)
        held = [found for found in judged if isinstance(found, Answered)]
        if held:
            raised = self.observations.add(
                [_observation(environment, one) for one in held],
                [difference for one in held for difference in _seen(environment, one)],
            )
            for alert in raised:
                _tell(alert)
        refused = tuple(
            RefusedClaim(index=number, reason=found)
            for number, found in enumerate(judged)
            if isinstance(found, str)
        )
        return Taken(taken=len(held), refused=refused)

    def _judge(
        self, grant: Grant, environment: str, claims: Sequence[Claim], now: datetime
    ) -> list[Answered | str]:
        digests = {claim.bundle for claim in claims}
        with reading(self._engine) as connection:
            told = read_intervals(connection, environment, digests)
            expected = self._expected(connection, {bundle for _, bundle in told})
        found: list[Answered | str] = []
        for claim in claims:
            try:
                grant.check_bot(claim.bot)
            except NotAllowed as error:
                found.append(str(error))
                continue
            intervals = told.get((claim.bot, claim.bundle), ())
            expects = expected.get(claim.bundle, {})
            found.append(judge(claim, now, told=intervals, expected=expects))
        return found

    def _expected(
        self, connection: Connection, digests: Collection[Digest]
    ) -> Mapping[Digest, Mapping[str, Expected]]:
        with self._keeping:
            known = {d: self._kept[d] for d in digests if d in self._kept}
        unknown = [digest for digest in digests if digest not in known]
        if unknown:
            bodies = read_bundles(connection, unknown)
            new = {digest: expectations(body) for digest, body in bodies.items()}
            known |= new
            with self._keeping:
                self._kept |= new
                while len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        return known


def _observation(environment: str, answered: Answered) -> Observation:
    claim = answered.claim
    at = claim.at.astimezone(UTC)
    return Observation(
        environment=environment,
        bot=claim.bot,
        role=claim.role,
        seq=claim.seq,
        bundle=claim.bundle,
        response_model=claim.response_model,
        fingerprint=claim.fingerprint,
        binding=answered.binding,
        first_seen=at,
        last_seen=at,
        count=claim.count,
    )


def _seen(environment: str, answered: Answered) -> list[Difference]:
    """Nothing for a fallback: that one answered was agreed to."""
    if answered.binding and not answered.as_expected:
        return []
    claim = answered.claim
    return [
        Difference(
            kind=AlertKind.MODEL_CHANGED_UNDERNEATH,
            environment=environment,
            bot=claim.bot,
            role=claim.role,
            expected=answered.expected,
            got=claim.response_model,
            seq=claim.seq,
            bundle=claim.bundle,
            at=claim.at.astimezone(UTC),
        )
    ]


def _tell(alert: Difference) -> None:
    log.warning(
        "alert: %s in %s: the bot %s, role %s, expected %s and got %s",
        alert.kind,
        alert.environment,
        alert.bot,
        alert.role,
        alert.expected,
        alert.got,
    )
