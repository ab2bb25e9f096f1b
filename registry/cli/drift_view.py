"""How the drift between two environments looks: a table, and what to do about it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.text import Text

from registry.cli import screen
from registry.cli.times import show_minute
from registry.remote.comparing import DocumentDrift, Drift, Held

_STYLES = {"diverged": "bold red", "behind": "yellow", "only-there": "yellow"}
_ORDER = ("diverged", "behind", "only-there", "ahead", "only-here", "same")
"""What somebody has to think about stands first."""


def show(
    found: Drift, recalled: Mapping[str, str], *, bot: str | None, everything: bool
) -> None:
    """Args:
    recalled: What of it was recalled, by its digest: a sentence each.
    bot: What was asked about alone, as it was typed.
    everything: Also what is the same.
    """
    counts = Counter(one.relation for one in found.documents)
    rows = [one for one in found.documents if everything or one.relation != "same"]
    rows.sort(key=lambda one: (_ORDER.index(one.relation), one.document))
    sides = f"{found.environment} (seq {found.seq}) and {found.against}"
    screen.say(f"{sides} (seq {found.against_seq})", "bold")
    if not found.documents:
        screen.note("Nothing is live in either.")
        return
    if rows:
        screen.show(_table(found, rows))
    screen.say(_summary(found, counts))
    for line in _remarks(found):
        screen.say(screen.line(line))
    for line in recalled.values():
        screen.say(screen.line(line), "bold red")
    if found.promote and not _is_refused(found, recalled):
        names = " ".join(name.removeprefix("bots/") for name in found.promote)
        way = f"--from {found.environment} --to {found.against}"
        screen.note(f"Propose what is ahead with: placet promote {names} {way}")
    if len(rows) > counts["same"] * everything:
        alone = f" --bot {bot}" if bot else ""
        command = f"placet diff {found.environment} {found.against}{alone} --texts"
        screen.note(f"See the texts with: {command}")


def _is_refused(found: Drift, recalled: Mapping[str, str]) -> bool:
    """Whether what would be proposed has something recalled in it."""
    forward = (d for d in found.documents if d.relation in {"ahead", "only-here"})
    return any(one.here is not None and one.here.digest in recalled for one in forward)


def _table(found: Drift, rows: list[DocumentDrift]) -> "Text":
    columns = ("document", "is", found.environment, found.against, "bots", "open")
    return screen.table(columns, [_row(found, one) for one in rows])


def _row(found: Drift, one: DocumentDrift) -> tuple["str | Text", ...]:
    return (
        one.document,
        screen.styled(_relation(found, one), _STYLES.get(one.relation, "")),
        _held(one.here),
        _held(one.there),
        ", ".join(one.bots),
        ", ".join(_proposal(p.change, p.brings) for p in one.proposed_by),
    )


def _relation(found: Drift, one: DocumentDrift) -> str:
    if one.relation == "only-here":
        return f"only in {found.environment}"
    if one.relation == "only-there":
        return f"only in {found.against}"
    if one.relation == "same" and not one.reads_alike:
        return "same, reads differently"
    return one.relation


def _held(held: Held | None) -> str:
    if held is None:
        return "-"
    by = f"change {held.change}" if held.change is not None else f"by {held.by}"
    return f"{held.version} since {show_minute(held.at)} ({by})"


def _proposal(change: int, brings: bool) -> str:
    return f"{change}" if brings else f"{change} (another text)"


def _summary(found: Drift, counts: Counter[str]) -> str:
    words = {
        "diverged": "diverged",
        "behind": "behind",
        "only-there": f"only in {found.against}",
        "ahead": "ahead",
        "only-here": f"only in {found.environment}",
        "same": "the same",
    }
    told = [f"{counts[one]} {words[one]}" for one in _ORDER if counts[one]]
    if set(counts) == {"same"}:
        return (
            f"Nothing differs: {screen.count(counts['same'], 'document')}, all alike."
        )
    return f"{screen.count(len(found.documents), 'document')}: {', '.join(told)}."


def _remarks(found: Drift) -> Iterator[str]:
    """What the table has no room for."""
    for one in found.documents:
        if one.relation in {"ahead", "only-here"} and one.ended_there is not None:
            had = one.here if one.there else None
            yield _went_back(one.document, had, found.against, one.ended_there)
        if one.relation in {"behind", "only-there"} and one.ended_here is not None:
            had = one.there if one.here else None
            yield _went_back(one.document, had, found.environment, one.ended_here)
        if one.relation == "diverged":
            yield (
                f"{one.document} was edited in each by itself: "
                "promoting it drops what the other has"
            )


def _went_back(document: str, held: Held | None, where: str, ended: int) -> str:
    what = f"{document} {held.version}" if held else document
    return (
        f"{where} had {what} before, until seq {ended}: "
        f"see `placet log {where} {document}`"
    )
