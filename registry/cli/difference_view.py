"""How differences look: signs everywhere, colours where there are colours."""

from collections.abc import Iterable, Iterator

from rich.text import Text as Styled

from registry.cli import screen
from registry.remote.differences import (
    Difference,
    DocumentDifference,
    EffectDifference,
    Text,
)
from registry.text_differences import Line, compare

_INCLUDING = ("prompts/", "fragments/")
"""What reads otherwise than its own text says."""

_STYLES = {"-": "red", "+": "green", "@": "cyan", " ": "dim"}
_MARKED = {"-": "bold red reverse", "+": "bold green reverse"}


def lines(difference: Iterable[Line], indent: str = "  ") -> Iterator[Styled]:
    for line in difference:
        style = _STYLES[line.sign]
        text = Styled(f"{indent}{line.sign} ", style=style)
        for piece in line.pieces:
            marked = _MARKED.get(line.sign, "") if piece.marked else style
            text.append(screen.line(piece.text), style=marked or style)
        yield text


def sources(documents: Iterable[DocumentDifference]) -> Iterator[Styled]:
    """What differs in the documents' own texts."""
    for one in documents:
        before, after = one.before, one.after
        versions = step(version(before), version(after))
        yield _heading(f"{one.document} {versions}")
        yield from lines(compare(_source(before), _source(after)))
        yield Styled()


def readings(effect: Iterable[EffectDifference]) -> Iterator[Styled]:
    """What differs in what is read; the same words in several are told once."""
    alike: dict[tuple[Line, ...], list[tuple[str, tuple[Line, ...]]]] = {}
    for one in effect:
        found = compare(one.before, one.after)
        if found:
            edits = tuple(line for line in found if line.sign in "-+")
            alike.setdefault(edits, []).append((one.document, found))
    for those in alike.values():
        names = [document for document, _ in those]
        yield _heading(names[0])
        yield from lines(those[0][1])
        if len(names) > 1:
            yield _heading(f"The same in {', '.join(names[1:])}")
        yield Styled()


def whole(difference: Difference) -> Iterator[Styled]:
    """Both: the documents' own texts, then what is read with all that they use."""
    parts = {
        "What differs in the documents' own texts": sources(difference.documents),
        "What reads differently, with all that is included": readings(
            _composed(difference)
        ),
    }
    for heading, lines_ in parts.items():
        told = list(lines_)
        if told:
            yield Styled(heading, style="bold underline")
            yield Styled()
            yield from told


def summary(difference: Difference) -> Iterator[Styled]:
    """What is read differently, and the source of what reads as before.

    What is new or goes is told by its size: reading it whole is for `--diff`.
    """
    composed = _composed(difference)
    read = [one for one in composed if one.before and one.after]
    touched = {one.document for one in composed if one.before != one.after}
    touched |= {one.document for one in difference.effect if not _is_both(one)}
    yield from readings(read)
    yield from sources(
        one for one in difference.documents if one.document not in touched
    )
    for one in difference.effect:
        if not _is_both(one):
            yield _whole(one)


def _composed(difference: Difference) -> list[EffectDifference]:
    """Without those whose own text, which says it better, is all that they are."""
    edited = {one.document for one in difference.documents}
    return [
        one
        for one in difference.effect
        if one.document not in edited or one.document.startswith(_INCLUDING)
    ]


def _is_both(one: EffectDifference) -> bool:
    return bool(one.before and one.after)


def _whole(one: EffectDifference) -> Styled:
    text, what = (one.after, "new") if one.after else (one.before, "deleted")
    size = screen.count((text or "").count("\n") + 1, "line")
    return Styled(screen.line(f"  {one.document}: {what}, {size}"), style="dim")


def step(before: str | None, after: str | None) -> str:
    """`1.0.0 -> 1.1.0`, `new 1.0.0`, `1.0.0 deleted`."""
    if before is None:
        return f"new {after}"
    if after is None:
        return f"{before} deleted"
    return before if before == after else f"{before} -> {after}"


def version(text: Text | None) -> str | None:
    return text.version if text else None


def _source(text: Text | None) -> str | None:
    return text.source if text else None


def _heading(text: str) -> Styled:
    return Styled(screen.line(text), style="bold")
