"""Who has to agree, who is left, and what else moves beside the words."""

from collections.abc import Sequence

from registry.remote.changes import ChangeView, Fact, Standing, Vote
from ui.parts.marks import mark
from ui.parts.text import attribute, shown_line
from ui.parts.times import ago_html

_FACTS = {
    "guardrail-weakened": ("guardrail weaker", "red"),
    "model-changed": ("another model", "red"),
    "tools-changed": ("tools", "amber"),
    "sources-changed": ("knowledge it reads", "amber"),
    "inputs-changed": ("inputs", "amber"),
    "disclosure-changed": ("what users are told of the machine", "red"),
    "owner-changed": ("owner", "amber"),
    "wording-only": ("wording only", "grey"),
}


_BLOCKS = {"veto": "veto", "ask-for-changes": "asks for changes"}


def tier_because(change: ChangeView) -> str:
    """Which of what would read differently makes it so strict."""
    strict = [one.document for one in change.effect if one.tier == change.tier]
    more = f" and {len(strict) - 1} more" if strict[1:] else ""
    because = f", because of {shown_line(strict[0])}{more}" if strict else ""
    title = attribute(", ".join(strict))
    return (
        f'<p class="tight" title="{title}">Risk tier '
        f"<strong>{shown_line(change.tier)}</strong>{because}</p>"
    )


def needs(standings: Sequence[Standing], *, is_open: bool) -> str:
    """Each requirement, ticked off or not, with who is left."""
    if not standings:
        return '<p class="tight">Nobody is asked.</p>'
    met = sum(one.met for one in standings)
    rows = "".join(_need(one, is_open=is_open) for one in standings)
    return (
        f'<p class="tight"><strong>{met} of {len(standings)}</strong> have agreed</p>'
        f'<ul class="needs" aria-label="Who has to agree">{rows}</ul>'
    )


def _need(one: Standing, *, is_open: bool) -> str:
    state = mark("agreed", "green") if one.met else mark(_unmet(is_open), "amber")
    title = attribute(f"{one.why} Asked for: {', '.join(one.because)}")
    return (
        f'<li title="{title}">{state}{shown_line(one.name)} '
        f'<span class="muted">{_who(one, is_open=is_open)}</span></li>'
    )


def _who(one: Standing, *, is_open: bool) -> str:
    """Who has agreed and when; else who could, or why nobody can."""
    if one.met and one.since is not None and one.by:
        return f"{shown_line(', '.join(one.by))}, {ago_html(one.since)}"
    if not is_open:
        return ""
    if one.met or one.by or not one.could:
        return shown_line(one.why)
    return f"{shown_line(', '.join(one.could))} could"


def _unmet(is_open: bool) -> str:
    return "open" if is_open else "not met"


def blocks(votes: Sequence[Vote]) -> str:
    """What stands in the way, whoever else agrees."""
    rows = "".join(
        f"<li>{mark(_BLOCKS.get(one.verdict, one.verdict), 'red')}"
        f"<strong>{shown_line(one.by)}</strong> for {shown_line(one.seat)}: "
        f"{shown_line(one.reason)}</li>"
        for one in votes
    )
    return f'<ul class="needs" aria-label="In the way">{rows}</ul>' if rows else ""


def moved(facts: Sequence[Fact]) -> str:
    """What else moves, a mark each; the reasons stand where one opens them."""
    if not facts:
        return '<p class="tight muted">Nothing else that a policy could ask about.</p>'
    chips = "".join(_chip(one) for one in facts)
    told = [one for one in facts if one.name != "wording-only"]
    reasons = "".join(f"<li>{shown_line(one.sentence)}</li>" for one in told)
    told_all = f'<ul class="plainlist">{reasons}</ul>' if reasons else ""
    if told[2:]:
        told_all = f"<details><summary>Why</summary>{told_all}</details>"
    return f'<div class="tight">{chips}</div>{told_all}'


def _chip(fact: Fact) -> str:
    word, tone = _FACTS.get(fact.name, (fact.name.replace("-", " "), "amber"))
    return mark(word, tone, title=fact.sentence)
