"""The rules of guardrails in words, as the registry tells them: before and after."""

from collections.abc import Sequence

from registry.remote.differences import Difference, RuleDifference
from ui.parts.marks import mark, table
from ui.parts.text import sentence, shown_line

MOST = 100
"""Of rules, what is told in words; the text has all of them."""

_TONES = {"added": "green", "removed": "red", "changed": "blue", "reworded": "grey"}
_NOTHING = '<span class="muted">no such rule</span>'


def in_words(found: Sequence[RuleDifference]) -> str:
    """HTML of a table with each rule that is not as it was; empty if there is none."""
    if not found:
        return ""
    rows = [_row(one) for one in found[:MOST]]
    if found[MOST:]:
        rows.append((f"and {len(found) - MOST} more", "", ""))
    return table("Rules in words", ("Rule", "Before", "After"), rows, classes="rules")


def became_weaker(difference: Difference | None) -> str:
    """HTML: of each rule that protects less, what it did and what it will do."""
    told = [
        f"<strong>{shown_line(rule.rule)}</strong> of {shown_line(one.document)}: "
        f"{shown_line('; '.join(rule.weaker))}"
        for one in (difference.documents if difference else ())
        for rule in one.rules
        if rule.weaker
    ]
    more = f"; and {len(told) - 3} more" if told[3:] else ""
    return "; ".join(told[:3]) + more


def _row(one: RuleDifference) -> tuple[str, ...]:
    what = mark("weaker", "red") if one.weaker else ""
    if one.became != "changed" or not one.weaker:
        what += mark(one.became, _TONES.get(one.became))
    title = f'<div class="muted">{shown_line(one.title)}</div>' if one.title else ""
    why = ""
    if one.weaker:
        why = f'<div class="muted">{shown_line(sentence("; ".join(one.weaker)))}</div>'
    return (
        f"{shown_line(one.rule)} {what}{title}",
        shown_line(one.before) if one.before else _NOTHING,
        (shown_line(one.after) if one.after else _NOTHING) + why,
    )
