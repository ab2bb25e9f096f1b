"""A report: what a pack says to people, before it is laid out.

A part of it is plain text of whoever wrote it and nothing more; what it would mean
in HTML or Markdown is for `html` and `markdown` to see to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from registry.evidence_packs.acts import Act, Asked
from registry.names import Digest

NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Names with what each is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Attributes:
    empty: What is said where there is no row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text as it is, line by line."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Lines that begin with `-`, `+`, a space or `@`."""

    caption: str
    lines: tuple[str, ...]


Block = Paragraph | Pairs | Table | Passage | Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Attributes:
    about: What it is the evidence of, in one line.
    """

    title: str
    about: str
    sections: tuple[Section, ...]


def section(title: str, *blocks: Block) -> Section:
    return Section(title=title, blocks=blocks)


def table(columns: str, rows: Iterable[tuple[str, ...]], empty: str) -> Table:
    """Args:
    columns: Their names, divided by `|`.
    """
    return Table(columns=tuple(columns.split("|")), rows=tuple(rows), empty=empty)


def when(time: datetime | None) -> str:
    if time is None:
        return ""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def short(digest: Digest | str | None) -> str:
    """Enough to tell it from others; the whole is in evidence.json."""
    return "" if digest is None else digest.removeprefix("sha256:")[:12]


def where(act: Act) -> str:
    return f"{act.event} ({short(act.event_digest)})"


def whose(act: Act) -> str:
    """Who, and what they held at that moment."""
    held = [*act.seats, *act.roles]
    limited = [f"{limit.held} limited" for limit in act.limits]
    via = [] if act.via == "session" else [act.via]
    return f"{act.by} ({', '.join([*held, *limited, *via]) or 'nothing'})"


def done(act: Act) -> str:
    """What was done, and in which event somebody else had asked for it."""
    asked = "" if act.answers is None else f" (asked for in event {act.answers})"
    return f"{act.what}{asked}"


def acts_table(acts: Iterable[Act], empty: str) -> Table:
    return table(
        "event|when|who, holding|what|in their words",
        ((where(one), when(one.at), whose(one), done(one), one.reason) for one in acts),
        empty,
    )


def asked_table(asked: Iterable[Asked]) -> Table:
    return table(
        "requirement|seat|people|met|by|for",
        (
            (
                one.requirement,
                one.seat or "nobody",
                str(one.count),
                "yes" if one.met else "no",
                ", ".join(one.by),
                ", ".join(one.documents),
            )
            for one in asked
        ),
        "The policy asked nobody.",
    )


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
