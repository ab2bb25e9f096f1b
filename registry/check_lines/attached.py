"""Lines about what others have tried, of exactly what is proposed now."""

from collections.abc import Iterator

from registry.changes import Change
from registry.check_lines.lines import Line, LineState, whole
from registry.check_results import Attached
from registry.evidence import UNTRIED, Tried, answers, content_of, score, tried

_ANOTHER = "Have an evaluator attach it who has not worked on the change."


def attached_lines(change: Change) -> Iterator[Line]:
    """A line for each check, and for each that was tried on another content only."""
    found = {one.name: one for one in tried(change)}
    for one in found.values():
        yield _line(one)
    content = content_of(change.revision)
    for name in sorted({a.result.name for a in change.attached} - set(found)):
        last = [a for a in change.attached if a.result.name == name][-1]
        said = f"{score(last.result)}, of what revision {last.revision} put in place"
        hint = f"Try what is proposed now: its content is {content}."
        yield whole(name, LineState.NOT_MEASURED, f"{said}; nothing of this one", hint)
    if answers(change) == UNTRIED:
        hint = "A pipeline attaches what it tried: `placet attach`."
        yield whole("answers", LineState.NOT_MEASURED, UNTRIED, hint)


def _line(one: Tried) -> Line:
    attached = one.last
    told = f"{score(attached.result)}{_measured(attached)}; attached by {attached.by}"
    if not attached.result.passed:
        return whole(one.name, LineState.FAILED, told, "Look at the examples.")
    if one.why_not is not None:
        told = f"{told}, who {one.why_not}"
        return whole(one.name, LineState.WARNED, told, _ANOTHER)
    return whole(one.name, LineState.PASSED, told)


def _measured(attached: Attached) -> str:
    result = attached.result
    said = "" if result.threshold is None else f", {result.threshold:.4g} asked for"
    return f"{said}, {result.production:,} from production"
