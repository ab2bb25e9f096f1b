"""The story's texts: those of the example library, and small edits of them.

The library was written on one day, and names days after it on which it is to be read
again, or a model ends.  Told on another day, these days move along.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import registry
from registry.cli.demo.acts import Swap, Text
from registry.cli.demo.moments import dated
from registry.cli.library import Library
from registry.commands import Proposal
from registry.documents import Document, parse
from registry.errors import Invalid, NotFound
from registry.names import Digest, Ref, parse_ref

WRITTEN = date(2026, 11, 23)
"""The day on which the example library was written."""

LOOKED_DAYS = 190

_NAMED = re.compile(r'(?m)^( *(?:review_by|shutdown_on): )"(\d{4}-\d\d-\d\d)"$')
_CHECKED = re.compile(r'(?m)^( *checked_on: )"\d{4}-\d\d-\d\d"$')
_VERSION = re.compile(r"(?m)^version: .*$")


def library_folder() -> Path:
    """Where the example library is: in the installed package, or in a checkout."""
    installed = Path(__file__).parents[1] / "library"
    checkout = Path(str(registry.__file__)).parents[1] / "prompts"
    folder = installed if installed.is_dir() else checkout
    if not folder.is_dir():
        raise NotFound(
            "the example library is missing",
            hint="Run this in a whole checkout, or install placet-server again.",
        )
    return folder


def needed(library: Library, bot: Ref) -> set[Ref]:
    """The bot with everything that it uses, however indirectly."""

    def used(ref: Ref) -> Iterator[Ref]:
        yield ref
        for use in library.documents[ref].uses:
            yield from used(use.ref)

    return set(used(bot))


def moved(document: Document, now: datetime) -> Document:
    """*document* with its days as far from *now* as from the day it was written.

    Where it says when somebody last looked, that was before the registry began.
    """
    later = now.date() - WRITTEN

    def day(match: re.Match[str]) -> str:
        return f'{match[1]}"{date.fromisoformat(match[2]) + later}"'

    text = _NAMED.sub(day, document.source.decode())
    looked = now.date() - timedelta(days=LOOKED_DAYS)
    return parse(_CHECKED.sub(rf'\g<1>"{looked}"', text).encode())


def edited(before: Document, text: Text, now: datetime) -> Document:
    """Raises:
    Invalid: What is to be replaced does not stand there once.
    """
    source = swapped(before.source.decode(), text.document, text.swaps, now)
    source = _VERSION.sub(f'version: "{text.version}"', source, count=1)
    return parse(source.encode(), expected=before.ref)


def swapped(source: str, where: str, swaps: Iterable[Swap], now: datetime) -> str:
    """Raises:
    Invalid: What is to be replaced does not stand there once.
    """
    for old, new in swaps:
        if source.count(dated(old, now)) != 1:
            raise Invalid(
                f"the demonstration edits a passage of {where} that is not there "
                f"once: {old[:60]!r}",
                hint="The example library was changed: bring it back, or begin a "
                "small registry with `placet up --bare`.",
            )
        source = source.replace(dated(old, now), dated(new, now))
    return source


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What an author has before them: the texts that are live, or were proposed.

    Attributes:
        get: The text behind a digest.
        live: What is live, by document.
        proposed: What the change that is revised has already.
    """

    get: Callable[[Digest], Document]
    live: Mapping[Ref, Digest]
    proposed: Mapping[Ref, Digest]

    def proposal(
        self,
        title: str,
        texts: Iterable[Text],
        now: datetime,
        earliest: datetime | None,
    ) -> Proposal:
        written = {parse_ref(text.document): text for text in texts}
        kept = {ref: d for ref, d in self.proposed.items() if ref not in written}
        documents = [self.get(digest) for digest in kept.values()]
        for ref, text in written.items():
            begun = self.get(self.proposed.get(ref) or self.live[ref])
            documents.append(edited(begun, text, now))
        return Proposal(
            title=title,
            documents=tuple(documents),
            deleted=(),
            edited_from=tuple((one.ref, self.live.get(one.ref)) for one in documents),
            earliest=earliest,
        )
