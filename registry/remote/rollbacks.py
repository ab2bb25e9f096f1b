"""Rollbacks: what is to go back, and what that would do."""

from dataclasses import dataclass, replace
from datetime import datetime

from registry.remote.changes import Fact, MadeStale
from registry.remote.differences import Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """What to put back: `document`, or `all`; to a seq, a moment or a version.

    Or, instead of all that, `undo`: what this seq replaced.

    Attributes:
        expected_seq: `seq` of the preview that it was decided on: refused if the
            environment has moved since.
    """

    document: str | None
    all: bool
    to_seq: int | None
    to_moment: datetime | None
    to_version: str | None
    reason: str
    undo: int | None = None
    expected_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    document: str
    now: str | None
    afterwards: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Attributes:
    ratification: The id, if people were asked to agree to it afterwards.
    incident: Of an emergency.
    judged: What they said; `None` while they have not.
    """

    seq: int
    change: int | None
    by: str
    title: str
    yours: bool
    ratification: int | None
    incident: str | None
    judged: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingBack:
    """What keeps whoever asks from it at once, or from proposing it."""

    why_not: str | None
    why_not_propose: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rollback would do.

    Attributes:
        seq: Of the environment as this was worked out.
        recalled: What of it was recalled: then it is refused, with votes or without.
        needs_vote: Why it takes votes; empty if it does not.
        makes_stale: Open changes that could not go live any more as they are.
    """

    environment: str
    seq: int
    restored: int
    replaced: tuple[Replaced, ...]
    affected: tuple[str, ...]
    undoes: tuple[Undone, ...]
    recalled: tuple[str, ...]
    needs_vote: tuple[str, ...]
    ratify: tuple[str, ...]
    facts: tuple[Fact, ...]
    stronger: tuple[str, ...]
    lapsed: tuple[str, ...]
    warnings: tuple[Advice, ...]
    makes_stale: tuple[MadeStale, ...]
    you: RollingBack

    @property
    def decided_on(self) -> "Preview":
        """What of it somebody decides on.

        Not the seq, which also moves by what makes no difference to it, and not the
        open changes, which others propose at any time.
        """
        return replace(self, seq=0, makes_stale=())
