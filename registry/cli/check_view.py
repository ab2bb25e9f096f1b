"""How the checks of a change look, and the answers that were tried."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from registry.cli import screen
from registry.remote.changes import ChangeView
from registry.remote.checks import Attached, CheckStanding, Example, Line
from registry.times import said

_STYLES = {
    "failed": "bold red",
    "warned": "yellow",
    "not-measured": "magenta",
    "passed": "green",
}
_MET = {"met": "green", "waived": "yellow"}


def sections(change: ChangeView) -> Iterator[RenderableType]:
    """What was looked at and tried, and what the policy requires of it."""
    yield from _checks(change.checks)
    yield from _required(change.required_checks, is_open=change.outcome is None)


def answered(change: ChangeView) -> Iterator[Text]:
    """What was tried, in one line; of a policy, nothing."""
    if change.answers is not None:
        yield screen.styled(screen.line(f"Answers  {change.answers}"))


def bad(lines: Iterable[Line]) -> list[str]:
    """What a voter has to know before they vote: all that has not passed."""
    return [f"{one.check} {one.state}: {_said(one)}" for one in _worst(lines)]


def _worst(lines: Iterable[Line]) -> list[Line]:
    return [one for one in lines if one.state in {"failed", "warned"}]


def _checks(lines: Iterable[Line]) -> Iterator[RenderableType]:
    found = list(lines)
    if found:
        yield Text("Checks", style="bold")
        for one in found:
            said = screen.paragraph(f"{one.check}: {_said(one)}", indent=15)
            state = Text(f"  {one.state:<13}", style=_STYLES.get(one.state, ""))
            yield state.append(said.plain[15:], style="not bold")
            if one.hint and one.state != "passed":
                yield screen.paragraph(one.hint, indent=15)
        yield Text()


def _said(line: Line) -> str:
    if line.document is None:
        return line.sentence
    place = f"{line.document}:{line.line}" if line.line else line.document
    return f"{place}: {line.sentence}"


def _required(
    standings: Iterable[CheckStanding], *, is_open: bool
) -> Iterator[RenderableType]:
    rows = [
        (
            Text(one.state, style=_MET.get(one.state, "red")),
            one.name,
            one.why,
            _who_could(one),
        )
        for one in standings
    ]
    if rows:
        yield Text("Required checks", style="bold")
        columns = ("", "check", "why", "could waive it")
        shown = len(columns) if is_open else len(columns) - 1
        told = [row[:shown] for row in rows]
        yield screen.table(columns[:shown], told, indent=2)
        yield Text()


def _who_could(one: CheckStanding) -> str:
    return ", ".join(one.could_waive) or ("" if one.met else "nobody")


def examples(change: int, attached: Iterable[Attached]) -> Iterator[RenderableType]:
    """Every example of what counts, as it was answered before and after."""
    counting = [one for one in attached if one.counts]
    if not counting:
        yield screen.styled(f"Of change {change} no answers were tested.")
    for one in counting:
        yield from _result(one)


def _result(attached: Attached) -> Iterator[RenderableType]:
    result = attached.result
    passed = "passed" if result.passed else "failed"
    good = result.total - result.failed
    head = (
        f"{result.name}: {passed}, {good:,} of {result.total:,} pass; attached by "
        f"{attached.by}, {said(attached.at)}"
    )
    if attached.contributed:
        head += ", who has worked on the change"
    elif not attached.evaluator:
        head += ", who is no evaluator"
    yield screen.styled(screen.line(head), "bold")
    if result.link is not None:
        yield screen.styled(screen.line(f"  {result.link}"))
    if not result.examples:
        yield screen.styled("  without examples")
    for number, example in enumerate(result.examples, 1):
        yield from _example(number, example)
    yield Text()


def _example(number: int, example: Example) -> Iterator[Text]:
    style = "green" if example.verdict == "pass" else "bold red"
    yield Text(f"  {number}  {example.verdict}, {example.source}", style=style)
    yield from _block("asked", example.input)
    if example.before is not None:
        yield from _block("before", example.before)
    yield from _block("after", example.after)


def _block(label: str, text: str) -> Iterator[Text]:
    lines = text.split("\n")
    yield screen.styled(f"     {label:<7}{screen.line(lines[0])}")
    for more in lines[1:]:
        yield screen.styled(f"{'':12}{screen.line(more)}")
