"""What was looked at and tried: failures first, and what nobody has measured."""

from collections.abc import Iterable, Sequence

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached, CheckStanding, Example, Line
from ui.parts.marks import mark, table
from ui.parts.text import attribute, sentence, shown, shown_line
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
    """The lines that did not pass and stand nowhere else, then how many did."""
    failed = [one for one in change.checks if one.state != "passed"]
    facts = {one.sentence for one in change.facts}
    moved = [one for one in failed if one.state == "warned" and _told(one) in facts]
    bad = [
        one
        for one in failed
        if one not in moved and not _is_told(one, change.required_checks)
    ]
    good = [one for one in change.checks if one.state == "passed"]
    rows = "".join(map(_line, bad[:SHOWN]))
    rest = "".join(map(_line, bad[SHOWN:]))
    more = _folded(f"{len(bad) - SHOWN} more", rest, "") if rest else ""
    passed = "".join(map(_line, [*moved, *good]))
    count = f"{len(good)} passed"
    if moved:
        count += f", {len(moved)} warned of what else moves"
    folded = _folded(count, passed, _names([*moved, *good])) if passed else ""
    if not rows and not folded:
        return '<p class="tight muted">Nothing was checked.</p>'
    list_ = f'<ul class="needs" aria-label="Checks">{rows}</ul>' if rows else ""
    return f"{list_}{more}{folded}"


def _is_told(line: Line, standings: Sequence[CheckStanding]) -> bool:
    """Whether a required check that is not met tells it already, as the worst."""
    return any(
        one.name == line.check
        and one.state != "met"
        and (line.document is None or line.document in one.because)
        and one.why.startswith(_told(line).rstrip("."))
        for one in standings
    )


def _told(line: Line) -> str:
    """Its sentence, which says of which document it is."""
    place = f"{line.document}: " if line.document else ""
    return line.sentence if line.sentence.startswith(place) else place + line.sentence


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
            f"<strong>{shown_line(sentence(change.answers))}</strong> Whether what "
            "customers will read is better or worse, nobody has tried.</p>"
        )
    worst = _worst(example for one in counting for example in one.result.examples)
    told = "".join(_short(one) for one in worst[:2])
    more = len(worst) - 2
    rest = f" · {more} more below" if more > 0 else ""
    by = " · ".join(
        f"{_independence(one)}{shown_line(one.result.name)} by {shown_line(one.by)} "
        f"{ago_html(one.at)}"
        for one in counting
    )
    return f'{told}<p class="tight muted">{by}{rest}</p>'


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
    hint = f' title="{attribute(one.hint)}"' if one.hint else ""
    state = mark(_WORDS.get(one.state, one.state), _TONES.get(one.state))
    return (
        f"<li{hint}>{state}{shown_line(one.check)} "
        f'<span class="muted">{shown_line(_told(one))}</span></li>'
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
