"""How fast streams of events go, and that no two of them go alike."""

import random
from dataclasses import dataclass

JITTER = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast streams go; each of it differs at random by a fifth.

    Attributes:
        heartbeat_s: Between two comments.
        max_age_s: From a stream's beginning to its end.
        drain_s: How long a client may not take what it is sent.
        retry_s: After how long a client is to come back.
    """

    heartbeat_s: float
    max_age_s: float
    drain_s: float
    retry_s: float


PACE = Pace(heartbeat_s=15, max_age_s=900, drain_s=30, retry_s=1.5)


def about(seconds: float, jitter: float = JITTER) -> float:
    """Some more or fewer, at random, so that thousands do not do a thing together."""
    return seconds * random.uniform(1 - jitter, 1 + jitter)  # noqa: S311
