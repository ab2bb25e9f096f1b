"""The registry's own checks of a change, all of them."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.changes import Change, ChangeType
from registry.check_lines.holding import bump_lines, held_lines, weakening_lines
from registry.check_lines.lines import Line, LineState, in_order, passed, whole
from registry.check_lines.looking import Looked, look
from registry.check_lines.presence import people_lines, retirement_lines
from registry.check_lines.texts import text_lines
from registry.check_results import OwnCheck
from registry.effects import Documents
from registry.errors import Invalid
from registry.policy_text import parse_policy
from registry.state import State

_CHECKS: tuple[Callable[[Looked], Iterator[Line]], ...] = (
    text_lines,
    bump_lines,
    held_lines,
    weakening_lines,
    retirement_lines,
    people_lines,
)


def own_lines(
    state: State, change: Change, documents: Documents, today: date
) -> tuple[Line, ...]:
    """Every line, the worst first; a policy has only one.

    Args:
        today: The day to look at an open change on.
    """
    if change.type is ChangeType.POLICY:
        return (_policy(change),)
    looked = look(state, change, documents, today)
    return in_order(line for lines in _CHECKS for line in lines(looked))


def _policy(change: Change) -> Line:
    proposed = change.revision.proposed_policy
    try:
        parse_policy(proposed.source.encode() if proposed else b"")
    except Invalid as error:
        return whole(OwnCheck.SCHEMA, LineState.FAILED, str(error), error.hint)
    return passed(OwnCheck.SCHEMA, "The policy is read without a mistake.")
