"""The catalogue: which documents there are, whose they are, and how each stands.

* Everything that was ever live is listed; for a limited token, what is.
* A filter is about where a document is live: all that is asked for has to hold in one
  environment.
* Where environments differ, every owner is told, the stricter tier, and the review
  that is due first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.answerable import SaidBy
from registry.documents import Tier, stricter
from registry.names import Digest, Kind, Ref, kind_of
from registry.state import Environment, Live, State
from registry.upkeep import Review, ReviewStatus, review


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """Attributes:
    live: The version that is live, by environment.
    owners: Where it is live; several where environments differ.
    tier: The strictest of where it is live; `None` if it is nowhere.
    review: The most urgent of where it is live; `None` if it is nowhere.
    review_due: From then on it is overdue; `None` if nothing says when.
    """

    document: Ref
    live: dict[str, str]
    owners: tuple[str, ...]
    tier: Tier | None
    review: ReviewStatus | None
    review_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; `None` for whatever it is.

    Attributes:
        name: A part of the name, case folded; empty for all.
        due_before: What is due for review later than that, or never, is left out.
        labelled: Whether what is served under a composed digest has the label.
    """

    kind: Kind | None
    name: str
    owner: str | None
    tier: Tier | None
    review: ReviewStatus | None
    due_before: datetime | None
    labelled: Callable[[Digest], bool] | None

    @property
    def is_of_live(self) -> bool:
        """Whether it is about where something is live."""
        asked = (self.owner, self.tier, self.review, self.due_before, self.labelled)
        return any(one is not None for one in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What is listed, and what is known of it.

    Attributes:
        environments: Those that whoever asks sees, by name in order.
        only: The one that is asked about; `None` for all of them.
    """

    state: State
    environments: Mapping[str, Environment]
    only: str | None
    said_by: SaidBy
    now: datetime

    def reviewed(self, environment: Environment, live: Live) -> Review:
        return review(self.state, environment, live, self.said_by, self.now)

    def asked(self, document: Ref) -> Iterator[tuple[Environment, Live]]:
        """Where it is live among what is asked about."""
        for name, environment in self.environments.items():
            live = environment.live.get(document)
            if live is not None and self.only in {None, name}:
                yield environment, live


def fitting(shelves: Shelves, names: Iterable[Ref], wanted: Wanted) -> Iterator[Ref]:
    """Those of *names* that are *wanted*, in their order."""
    for name in names:
        if wanted.kind not in {None, kind_of(name)} or wanted.name not in name:
            continue
        if (shelves.only is None and not wanted.is_of_live) or any(
            _fits(shelves, environment, live, wanted)
            for environment, live in shelves.asked(name)
        ):
            yield name


def document_summary(shelves: Shelves, document: Ref) -> DocumentSummary:
    found = list(shelves.asked(document))
    reviews = [shelves.reviewed(environment, live) for environment, live in found]
    first = min(reviews, key=_urgency, default=None)
    tier: Tier | None = None
    for _, live in found:
        own = live.document.tier
        tier = own if tier is None else stricter(tier, own)
    return DocumentSummary(
        document=document,
        live={
            name: held.document.version
            for name, environment in shelves.environments.items()
            if (held := environment.live.get(document)) is not None
        },
        owners=tuple(sorted({live.document.owner for _, live in found})),
        tier=tier,
        review=None if first is None else first.status,
        review_due=None if first is None else first.due,
    )


def _fits(
    shelves: Shelves, environment: Environment, live: Live, wanted: Wanted
) -> bool:
    document = live.document
    return (
        wanted.owner in {None, document.owner}
        and wanted.tier in {None, document.tier}
        and (wanted.labelled is None or wanted.labelled(document.composed))
        and _is_due(shelves, environment, live, wanted)
    )


def _is_due(
    shelves: Shelves, environment: Environment, live: Live, wanted: Wanted
) -> bool:
    """Whether its review stands, and is due, as is wanted."""
    if wanted.review is None and wanted.due_before is None:
        return True
    found = shelves.reviewed(environment, live)
    return wanted.review in {None, found.status} and (
        wanted.due_before is None
        or (found.due is not None and found.due <= wanted.due_before)
    )


def _urgency(found: Review) -> tuple[bool, datetime | None]:
    """The earliest day first, and what has none last."""
    return found.due is None, found.due
