"""What was looked at and tried: failures first, and what nobody has measured."""

from collections.abc import Iterable, Sequence

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached, CheckStanding, Example, Line
from ui.parts.hints import here
from ui.parts.marks import mark, table
from ui.parts.terms import term
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

WORST = 3
"""Of answers, what stands before anything that one would have to open."""

_EXPLAINED = {"bump", "retirement"}

UNKNOWN = (
    "Not recorded with a result: which version of the data set it was, and how sure "
    "the difference from what is live is."
)


def results(attached: Iterable[Attached]) -> str:
    """What was tried on exactly what is proposed: how it came out, by whom and when."""
    found = sorted((one for one in attached if one.counts), key=_by_failures)
    rows = "".join(map(_result, found))
    return f'<ul class="needs" aria-label="What was tried">{rows}</ul>' if rows else ""


def checks(change: ChangeView, attached: Iterable[Attached] = ()) -> str:
    """The lines that did not pass and stand nowhere else, then how many did."""
    tried = {one.result.name for one in attached if one.counts}
    lines = [
        one
        for one in change.checks
        if one.check not in tried and one.sentence != change.answers
    ]
    failed = [one for one in lines if one.state != "passed"]
    facts = {one.sentence for one in change.facts}
    moved = [one for one in failed if one.state == "warned" and _told(one) in facts]
    bad = [
        one
        for one in failed
        if one not in moved and not _is_told(one, change.required_checks)
    ]
    good = [one for one in lines if one.state == "passed"]
    rows = "".join(map(_line, bad[:SHOWN]))
    rest = "".join(map(_line, bad[SHOWN:]))
    more = _folded(f"{len(bad) - SHOWN} more", rest, "") if rest else ""
    passed = "".join(map(_line, [*moved, *good]))
    count = f"{len(good)} passed"
    if moved:
        count += f", {len(moved)} warned of what else moves"
    folded = _folded(count, passed, _names([*moved, *good])) if passed else ""
    if not rows and not folded:
        return "" if tried else '<p class="tight muted">Nothing was checked.</p>'
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
    """The worst answers before and after, or that nobody has tried any."""
    found = _worst(e for one in attached if one.counts for e in one.result.examples)
    if not found:
        return _headed("", f'<p class="tight">{_unseen(change, attached)}</p>')
    more = len(found) - WORST
    rest = f"worst first, {more} more below" if more > 0 else "worst first"
    rows = map(_short, found[:WORST])
    return _headed(rest, table("The worst answers", _ASKED, rows, classes="worst"))


def _unseen(change: ChangeView, attached: Sequence[Attached]) -> str:
    if any(one.counts for one in attached):
        return '<span class="muted">The results have numbers, and no examples.</span>'
    if change.answers is None:
        return '<span class="muted">No bot answers differently by it.</span>'
    return (
        f"{mark('not measured', 'amber')}<strong>{shown_line(sentence(change.answers))}"
        "</strong> Whether what customers will read is better or worse, nobody has "
        "tried."
    )


def _headed(more: str, value: str) -> str:
    return (
        '<h2 class="part wording">What customers will see '
        f'<span class="muted">{more}</span></h2>{value}'
    )


_ASKED = ("Asked", "Answered before", "Answered after")


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
    name = term(one.check) if one.check in _EXPLAINED else shown_line(one.check)
    hint = f' title="{attribute(here(one.hint))}"' if one.hint else ""
    state = mark(_WORDS.get(one.state, one.state), _TONES.get(one.state))
    return (
        f"<li{hint}>{state}{name} "
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


def _by_failures(one: Attached) -> tuple[bool, float]:
    result = one.result
    return result.passed, -result.failed / max(result.total, 1)


def _result(one: Attached) -> str:
    """`9 of 240 fail`, what was asked for, who ran it, and how old it is."""
    result = one.result
    if result.failed:
        came = mark(f"{result.failed:,} of {result.total:,} fail", "red")
    else:
        came = mark(f"all {result.total:,} pass", "green")
    asked = (
        f", {_percent(result.threshold)} asked for"
        if result.threshold is not None
        else ""
    )
    right = (result.total - result.failed) / result.total if result.total else 0
    enough = "enough" if result.passed else "<strong>not enough</strong>"
    return (
        f"<li>{came}{_independence(one)}<strong>{shown_line(result.name)}</strong> "
        f"{_percent(right)} right{asked}: {enough}; {result.production:,} from "
        "production "
        f'<span class="muted" title="{attribute(UNKNOWN)}">by {shown_line(one.by)} '
        f"{ago_html(one.at)}</span></li>"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _independence(one: Attached) -> str:
    if one.contributed:
        return mark("by who worked on it", "amber")
    return "" if one.evaluator else mark("by no evaluator", "amber")


def _worst(found: Iterable[Example]) -> list[Example]:
    """Failures first; of those, what was answered before comes before what was not."""
    return sorted(found, key=lambda one: (one.verdict == "pass", one.before is None))


def _short(one: Example) -> tuple[str, ...]:
    """The same as a row, cut after two lines; all of it stands below."""
    before = one.before or ""
    return tuple(
        f'<div class="clip" title="{attribute(text)}">{mark_}{shown_line(text)}</div>'
        for mark_, text in (
            (_verdict(one), one.input),
            ("" if before else '<span class="muted">nothing</span>', before),
            ("", one.after),
        )
    )


def _row(one: Example) -> tuple[str, ...]:
    before = shown(one.before) if one.before else '<span class="muted">nothing</span>'
    source = f'{_verdict(one)}<span class="muted">{shown_line(one.source)}</span>'
    return (shown(one.input), source, before, shown(one.after))


def _verdict(one: Example) -> str:
    if one.verdict == "pass":
        return mark("pass", "green")
    return mark("fail", "red")
