"""What somebody is writing, kept in their tab until it is submitted.

* A draft is a text, or the wish that a document goes.  It has a base: what was live
  when its writing began.  The registry refuses it if something else is live by then.
* Each environment has drafts of its own, and so has each change that is revised.
* A download has the texts with their bases; uploaded again they go on from there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import streamlit as st

from registry.remote.changes import Proposal

MAX_KIB = 256
"""Of a text: the registry takes no larger one, and says so itself."""

_KEPT = "_propose_baskets"
_FIRST = re.compile(
    r"# placet draft (?P<document>\S+) "
    r"(?:edited from (?P<version>\S+) (?P<digest>sha256:[0-9a-f]{64})|new)"
    r"(?P<deleted>, deleted)?"
)
_BETWEEN = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a draft was made from; without version and digest, nothing was live."""

    document: str
    version: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Attributes:
    name: What it is called as long as its text does not say.
    text: `None` to delete the document.
    base: `None` as long as it is not known of which document the text is.
    """

    id: int
    name: str
    text: str | None
    base: Base | None


@dataclass(slots=True, kw_only=True)
class Basket:
    """What becomes one change.

    Attributes:
        revises: The change of which it becomes the next revision.
        last: What that change proposes now.
        opened: The draft that is open.
    """

    environment: str
    revises: int | None = None
    last: Proposal | None = None
    drafts: dict[int, Draft] = field(default_factory=dict)
    opened: int | None = None
    title: str = ""
    earliest: datetime | None = None
    count: int = 0

    @property
    def key(self) -> str:
        """Of its widgets."""
        return self.environment if self.revises is None else f"change-{self.revises}"

    def add(self, name: str, text: str | None, base: Base | None) -> Draft:
        """A new draft, which is open then, in place of one of the same document."""
        before = self.of(base.document) if base else None
        if before is not None:
            del self.drafts[before.id]
        self.count += 1
        draft = Draft(id=self.count, name=name, text=text, base=base)
        self.drafts[draft.id] = draft
        self.opened = draft.id
        return draft

    def of(self, document: str) -> Draft | None:
        """The draft that was made of a document."""
        drafts = self.drafts.values()
        return next((d for d in drafts if d.base and d.base.document == document), None)

    def write(self, id: int, text: str) -> None:
        self.drafts[id] = replace(self.drafts[id], text=text)

    def rebase(self, id: int, base: Base) -> None:
        self.drafts[id] = replace(self.drafts[id], base=base)

    def remove(self, id: int) -> None:
        self.drafts.pop(id, None)
        self.opened = next(iter(self.drafts), None)

    def open_one(self) -> Draft | None:
        first = next(iter(self.drafts.values()), None)
        return first if self.opened is None else self.drafts.get(self.opened, first)

    def texts(self) -> list[Draft]:
        """Those that are not deletions, in their order."""
        return [one for one in self.drafts.values() if one.text is not None]

    def proposal(self, title: str) -> Proposal:
        drafts = self.drafts.values()
        bases = [one.base for one in drafts if one.base is not None]
        return Proposal(
            title=title,
            sources=[one.text for one in drafts if one.text is not None],
            deleted=[one.name for one in drafts if one.text is None],
            edited_from={base.document: base.digest for base in bases},
            earliest=self.earliest,
        )


def basket(environment: str, revises: int | None = None) -> Basket:
    """The one of an environment, or of a change that is revised."""
    new = Basket(environment=environment, revises=revises)
    kept: Basket = _baskets().setdefault(new.key, new)
    return kept


def begun(revises: int) -> bool:
    """Whether the tab has drafts for the revision of a change."""
    return f"change-{revises}" in _baskets()


def forget(kept: Basket) -> None:
    _baskets().pop(kept.key, None)


def all_kept() -> list[Draft]:
    """Everything that this tab has drafts of."""
    return [one for kept in _baskets().values() for one in kept.drafts.values()]


def _baskets() -> dict[str, Basket]:
    found: dict[str, Basket] = st.session_state.setdefault(_KEPT, {})
    return found


def written(drafts: Iterable[Draft]) -> str:
    """All of them as one YAML file."""
    return "".join(_one(draft) for draft in drafts)


def read(text: str, name: str) -> Iterator[tuple[str, str | None, Base | None]]:
    """Each of the documents of a file: its name, text, and base if the file says it.

    Args:
        name: Of the file.
    """
    pieces = [one for one in _BETWEEN.split(text) if one.strip()]
    for number, piece in enumerate(pieces or [text], start=1):
        first, _, rest = piece.partition("\n")
        told = _FIRST.fullmatch(first.strip())
        if told is None:
            yield (f"{name} ({number})" if len(pieces) > 1 else name), piece, None
            continue
        document = told["document"]
        base = Base(document=document, version=told["version"], digest=told["digest"])
        yield document, None if told["deleted"] else rest, base


def _one(draft: Draft) -> str:
    base = draft.base
    first = f"# placet draft {base.document} {_made_from(base)}" if base else ""
    if draft.text is None:
        return f"---\n{first}, deleted\n"
    end = "" if draft.text.endswith("\n") else "\n"
    return "---\n" + (f"{first}\n" if first else "") + f"{draft.text}{end}"


def _made_from(base: Base) -> str:
    if base.digest is None:
        return "new"
    return f"edited from {base.version} {base.digest}"
