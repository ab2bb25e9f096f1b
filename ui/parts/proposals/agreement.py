"""Who has to agree, who is left, and what else moves beside the words."""

from collections.abc import Sequence

from registry.remote.changes import ChangeView, Fact, Standing, Vote
from registry.remote.differences import Difference
from ui.parts.facts_words import MOVES
from ui.parts.marks import mark
from ui.parts.proposals.rules import became_weaker
from ui.parts.proposals.verdicts import BLOCKS
from ui.parts.terms import term
from ui.parts.text import attribute, shown_line
from ui.parts.times import ago_html


def tier_because(change: ChangeView) -> str:
    """Which of what would read differently makes it so strict."""
    strict = [one.document for one in change.effect if one.tier == change.tier]
    more = f" and {len(strict) - 1} more" if strict[1:] else ""
    because = f", because of {shown_line(strict[0])}{more}" if strict else ""
    title = attribute(", ".join(strict))
    return (
        f'<p class="tight" title="{title}">Risk {term("tier")} '
        f"<strong>{shown_line(change.tier)}</strong>{because}</p>"
    )


def needs(standings: Sequence[Standing], *, is_open: bool, handle: str = "") -> str:
    """How many agree, and each requirement."""
    told = each(standings, is_open=is_open, handle=handle)
    return f'<p class="tight">{agreed(standings)}</p>{told}'


def agreed(standings: Sequence[Standing]) -> str:
    """Of those that ask somebody, how many are met."""
    asking = [one for one in standings if not _asks_nobody(one)]
    met = sum(one.met for one in asking)
    if not asking:
        return "Nobody is asked."
    return f"<strong>{met} of {len(asking)}</strong> have agreed"


def each(standings: Sequence[Standing], *, is_open: bool, handle: str = "") -> str:
    """Each requirement, ticked off or not, with who is left.

    Args:
        handle: Who reads it.
    """
    rows = "".join(_need(one, is_open=is_open, handle=handle) for one in standings)
    if not rows:
        return ""
    return f'<ul class="needs" aria-label="Who has to agree">{rows}</ul>'


def _asks_nobody(one: Standing) -> bool:
    """Whether the policy writes out that nobody is asked, by `open: true`."""
    return one.met and one.count == 0 and not one.by


def _need(one: Standing, *, is_open: bool, handle: str) -> str:
    state = mark("agreed", "green") if one.met else mark(_unmet(is_open), "amber")
    if _asks_nobody(one):
        state = mark("nobody is asked")
    title = attribute(f"{one.why} Asked for: {', '.join(one.because)}")
    return (
        f'<li title="{title}">{state}{shown_line(one.name)} '
        f'<span class="muted">{_who(one, is_open=is_open, handle=handle)}</span></li>'
    )


def _who(one: Standing, *, is_open: bool, handle: str) -> str:
    """Who has agreed and when; else who could, or why nobody can."""
    if one.met and one.since is not None and one.by:
        return f"{shown_line(', '.join(one.by))}, {ago_html(one.since)}"
    if not is_open:
        return ""
    if one.met or one.by or not one.could:
        return shown_line(one.why)
    others = [who for who in one.could if who != handle]
    you = ["<strong>you</strong>"] if handle in one.could else []
    return f"{', '.join([*you, *map(shown_line, others)])} could"


def _unmet(is_open: bool) -> str:
    return "open" if is_open else "not met"


def blocks(votes: Sequence[Vote]) -> str:
    """What stands in the way, whoever else agrees."""
    rows = "".join(
        f"<li>{mark(BLOCKS.get(one.verdict, one.verdict), 'red')}"
        f"<strong>{shown_line(one.by)}</strong> for {shown_line(one.seat)}: "
        f"{shown_line(one.reason)}</li>"
        for one in votes
    )
    return f'<ul class="needs" aria-label="In the way">{rows}</ul>' if rows else ""


def moved(facts: Sequence[Fact], difference: Difference | None = None) -> str:
    """What else moves, a mark each, and in words what it is.

    Args:
        difference: Has the rules of guardrails in words.
    """
    if not facts:
        return '<p class="tight muted">Nothing else that a policy could ask about.</p>'
    told = [_moves(one, difference) for one in facts]
    if not told[2:]:
        return "".join(f'<p class="tight">{one}</p>' for one in told)
    rows = "".join(f"<li>{one}</li>" for one in told)
    chips = "".join(map(_chip, facts))
    return (
        f'<details><summary>{chips}</summary><ul class="plainlist">{rows}</ul>'
        "</details>"
    )


def _moves(fact: Fact, difference: Difference | None) -> str:
    if fact.name == "wording-only":
        return _chip(fact)
    rules = became_weaker(difference) if fact.name == "guardrail-weakened" else ""
    return f"{_chip(fact)}{rules or shown_line(_once(fact))}"


def _once(fact: Fact) -> str:
    """The sentence, with the name of each document where it stands first."""
    told = fact.sentence
    for document in fact.documents:
        first, name, rest = told.partition(f"{document}: ")
        told = first + name + rest.replace(f"; {document}: ", "; ")
    return told


def _chip(fact: Fact) -> str:
    word, tone = MOVES.get(fact.name, (fact.name.replace("-", " "), "amber"))
    return mark(word, tone, title=fact.sentence)
