"""What was looked at and tried: failures first, and what nobody has measured."""

from collections.abc import Iterable, Sequence

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached, CheckStanding, Example, Line
from ui.parts.marks import mark, table
from ui.parts.text import attribute, shown, shown_line
from ui.parts.times import ago_html, day

_TONES = {
    "failed": "red",
    "warned": "amber",
    "not-measured": "amber",
    "passed": "green",
}
_WORDS = {"not-measured": "not measured"}
SHOWN = 4
"""Of lines that did not pass, before one opens the rest."""


def checks(change: ChangeView) -> str:
    """The lines that did not pass, then how many did."""
    told = " ".join(one.why for one in change.required_checks if one.state != "met")
    failed = (one for one in change.checks if one.state != "passed")
    bad = [one for one in failed if one.sentence not in told]
    good = [one for one in change.checks if one.state == "passed"]
    rows = "".join(map(_line, bad[:SHOWN]))
    rest = "".join(map(_line, bad[SHOWN:]))
    more = _folded(f"{len(bad) - SHOWN} more", rest, "") if rest else ""
    passed = "".join(map(_line, good))
    folded = _folded(f"{len(good)} passed", passed, _names(good)) if good else ""
    if not rows and not folded:
        return '<p class="tight muted">Nothing was checked.</p>'
    list_ = f'<ul class="needs" aria-label="Checks">{rows}</ul>' if rows else ""
    return f"{list_}{more}{folded}"


def required(standings: Sequence[CheckStanding]) -> str:
    """Those that the policy requires and that keep it back, or are done without."""
    rows = "".join(_required(one) for one in standings if one.state != "met")
    return f'<ul class="needs" aria-label="Required checks">{rows}</ul>' if rows else ""


def answers(change: ChangeView, attached: Sequence[Attached]) -> str:
    """What was tried on bots, in a line for each, and the worst two examples."""
    counting = [one for one in attached if one.counts]
    if not counting:
        if change.answers is None:
            return '<p class="tight muted">No bot answers differently by it.</p>'
        return (
            f'<p class="tight">{mark("not measured", "amber")}'
            f"<strong>{_sentence(change.answers)}</strong> Whether what customers "
            "will read is better or worse, nobody has tried.</p>"
        )
    worst = _worst(example for one in counting for example in one.result.examples)
    told = "".join(_short(one) for one in worst[:2])
    more = len(worst) - 2
    rest = f" · {more} more below" if more > 0 else ""
    return told + "".join(
        f'<p class="tight">{_independence(one)}<span class="muted">'
        f"{shown_line(one.result.name)} by {shown_line(one.by)} {ago_html(one.at)}"
        f"{rest}</span></p>"
        for one in counting
    )


def examples(name: str, attached: Iterable[Attached]) -> str:
    """Every example of what counts, what became worse first, before and after."""
    found = _worst(e for one in attached if one.counts for e in one.result.examples)
    return table(
        name,
        ("Asked", "Verdict", "Answered before", "Answered after"),
        map(_row, found),
    )


def waivers(change: ChangeView) -> str:
    rows = [
        f"<li>{mark('done without', 'amber')}{shown_line(one.check)}, for "
        f"{shown_line(one.seat)} by {shown_line(one.by)}, until "
        f"{day(one.expires)}: {shown(one.reason)}</li>"
        for one in change.waivers
    ]
    return f'<ul class="needs">{"".join(rows)}</ul>' if rows else ""


def _line(one: Line) -> str:
    place = f"{one.document}: " if one.document else ""
    hint = f' title="{attribute(one.hint)}"' if one.hint else ""
    state = mark(_WORDS.get(one.state, one.state), _TONES.get(one.state))
    return (
        f"<li{hint}>{state}{shown_line(one.check)} "
        f'<span class="muted">{shown_line(place + one.sentence)}</span></li>'
    )


def _required(one: CheckStanding) -> str:
    state = mark(one.state.replace("-", " "), "amber" if one.met else "red")
    could = (
        f" {', '.join(one.could_waive)} could do without it." if one.could_waive else ""
    )
    return (
        f"<li>{state}{shown_line(one.name)} is required "
        f'<span class="muted">{shown_line(one.why + could)}</span></li>'
    )


def _names(lines: Iterable[Line]) -> str:
    return attribute(", ".join(dict.fromkeys(one.check for one in lines)))


def _folded(summary: str, rows: str, title: str) -> str:
    return (
        f'<details title="{title}"><summary>{summary}</summary>'
        f'<ul class="needs">{rows}</ul></details>'
    )


def _independence(one: Attached) -> str:
    if one.contributed:
        return mark("by who worked on it", "amber")
    return "" if one.evaluator else mark("by no evaluator", "amber")


def _worst(found: Iterable[Example]) -> list[Example]:
    """Failures first; of those, what was answered before comes before what was not."""
    return sorted(found, key=lambda one: (one.verdict == "pass", one.before is None))


def _short(one: Example) -> str:
    before = (
        shown_line(one.before) if one.before else '<span class="muted">nothing</span>'
    )
    return (
        f'<div class="example">{_verdict(one)}<span class="muted">Asked</span> '
        f"{shown_line(one.input)}"
        f'<div class="clip"><span class="muted">Before</span> {before}</div>'
        f'<div class="clip"><span class="muted">After</span> '
        f"<strong>{shown_line(one.after)}</strong></div></div>"
    )


def _row(one: Example) -> tuple[str, ...]:
    before = shown(one.before) if one.before else '<span class="muted">nothing</span>'
    source = f'{_verdict(one)}<span class="muted">{shown_line(one.source)}</span>'
    return (shown(one.input), source, before, shown(one.after))


def _verdict(one: Example) -> str:
    if one.verdict == "pass":
        return mark("pass", "green")
    return mark("fail", "red")


def _sentence(text: str) -> str:
    told = shown_line(text[:1].upper() + text[1:])
    return told if told.endswith(".") else f"{told}."
