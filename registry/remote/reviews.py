"""Reviews and what waits: certifying, conditions, and one's own inbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from registry.remote.conditions import ConditionStanding
from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Who answers for a document, by handle."""

    owner: str
    deputies: tuple[str, ...]
    risk_partners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Attributes:
    seat: `None` for its owner, deputy or risk partner.
    """

    digest: str
    by: str
    at: datetime
    until: datetime
    seat: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifying:
    """As what whoever asks could certify a live document.

    Attributes:
        part: `owner`, `deputy` or `risk partner`, if they could as that.
        why_not: If they could in no way.
        last_day: Until which it can be certified, at the latest.
    """

    part: str | None
    seats: tuple[str, ...]
    why_not: str | None
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One live document, and when somebody has to look at it again.

    Attributes:
        status: `certified`, `due`, `lapsed`, or `none` if nothing says when.
        blocks: Whether it cannot go live again once it has lapsed.
        seats: Who may certify it beside those who answer for it.
        unowned: Who is to answer for it and cannot, in sentences.
    """

    environment: str
    document: str
    version: str
    digest: str
    tier: str
    status: str
    due: datetime | None
    notice_from: datetime | None
    blocks: bool
    seats: tuple[str, ...]
    answering: Answering
    certified: Certified | None
    unowned: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReview(Review):
    """The same, with as what whoever asks could certify it."""

    you: Certifying


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for somebody.

    Attributes:
        kind: `vote`, `appointment`, `veto`, `revision`, `check`, `activation`,
            `condition`, `ratification`, `review`, `confirmation`, `schedule` or
            `alert`.
        due: From then on it is late; `None` for never.
        why: Why it waits for whoever asks, or for whom it waits.
        is_stalled: Whether nobody could do it as things stand.
    """

    kind: str
    environment: str | None
    subject: str
    tier: str | None
    since: datetime
    due: datetime | None
    is_late: bool
    change: int | None
    ratification: int | None
    document: str | None
    voter: str | None
    person: str | None
    alert: int | None
    bot: str | None
    why: str
    asked: tuple[str, ...]
    is_stalled: bool


class Reviews:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        environment: str,
        *,
        status: str | None = None,
        waiting: bool = False,
        document: str | None = None,
        limit: int | None = None,
    ) -> Iterator[ListedReview]:
        """What is due first.

        Args:
            waiting: Only what is due, lapsed or unowned.
        """
        return self._connection.items(
            place("v1", "environments", environment, "reviews"),
            ListedReview,
            limit=limit,
            status=status,
            waiting="true" if waiting else None,
            document=document,
        )

    def certify(
        self,
        environment: str,
        document: str,
        *,
        digest: str,
        until: datetime,
        seat: str | None,
        reason: str,
        key: str | None = None,
    ) -> Review:
        """Args:
        digest: Of what was read, and is live.
        seat: `None`: as its owner, deputy or risk partner.
        """
        body = {
            "document": document,
            "digest": digest,
            "until": until,
            "seat": seat,
            "reason": reason,
        }
        path = place("v1", "environments", environment, "certifications")
        return self._connection.post(path, body, Review, key=key)

    def conditions(
        self,
        *,
        environment: str | None = None,
        status: str | None = None,
        owner: str | None = None,
        limit: int | None = None,
    ) -> Iterator[ConditionStanding]:
        """Of the newest change first."""
        return self._connection.items(
            "/v1/conditions",
            ConditionStanding,
            limit=limit,
            environment=environment,
            status=status,
            owner=owner,
        )

    def inbox(self, *, limit: int | None = None) -> Iterator[Waiting]:
        """What waits for whoever asks, what is late first."""
        return self._connection.items("/v1/inbox", Waiting, limit=limit)

    def attention(self, *, limit: int | None = None) -> Iterator[Waiting]:
        """What is late, whomever it waits for."""
        return self._connection.items("/v1/attention", Waiting, limit=limit)

    def waiting(
        self,
        *,
        kind: str | None = None,
        others: bool = False,
        stalled: bool = False,
        limit: int | None = None,
    ) -> Iterator[Waiting]:
        """What waits, whomever it waits for, what is late first.

        Args:
            others: Only what does not wait for whoever asks.
            stalled: Only what nobody could do as things stand.
        """
        return self._connection.items(
            "/v1/waiting",
            Waiting,
            limit=limit,
            kind=kind,
            others="true" if others else None,
            stalled="true" if stalled else None,
        )
