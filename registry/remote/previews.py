"""What a proposal would meet before it is submitted, as it comes over the wire."""

from dataclasses import dataclass

from registry.mistakes import Finding
from registry.remote.changes import ChangeView
from registry.remote.differences import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedText:
    """One of the texts that would be proposed.

    Attributes:
        document: What it says it is; `None` if it does not say.
        differs: Whether it is anything else than what is live.
        smallest: The lowest version that it may have, if that is known.
        proposed_text: The same text with that version, where its own one cannot be
            proposed.
    """

    document: str | None
    live: str | None
    version: str | None
    differs: bool
    smallest: str | None
    bump: str | None
    reasons: tuple[str, ...]
    proposed_text: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something that stands in the way, and is in none of the texts.

    Attributes:
        document: A live one that would break; `None` for the change as a whole.
    """

    document: str | None
    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """An open change that could go live.

    Attributes:
        documents: Those that both edit.
    """

    change: int
    title: str
    author: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposing:
    """`why_not` says why whoever asks may not propose it."""

    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPreview:
    """What submitting would come to, were it done now by somebody who may.

    Attributes:
        documents: In the order in which they were sent.
        change: As it would be; its number and digests are those of this moment.
            `None` as long as more is in the way than a version and the title.
        rivals: Open changes that edit one of its documents, too; whichever goes live
            first makes the others stale.
    """

    environment: str
    documents: tuple[ProposedText, ...]
    obstacles: tuple[Obstacle, ...]
    change: ChangeView | None
    difference: Difference | None
    rivals: tuple[Rival, ...]
    you: Proposing
