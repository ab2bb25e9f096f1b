"""Whether models and people are still there on this day: retirement, people."""

from collections.abc import Iterator

from registry.binding_rules import find_day
from registry.bot_rules import REACHABLE
from registry.check_lines.lines import Line, LineState, count, passed, told
from registry.check_lines.looking import Looked
from registry.check_results import OwnCheck
from registry.documents import Document, findings_of
from registry.errors import NotFound
from registry.findings import Problem
from registry.names import Kind, Ref, kind_of
from registry.parts import mapping
from registry.retirements import NEAR_DAYS, near

_SOMEBODY = "Name somebody active, a person and not a team: `placet people list`."


def retirement_lines(looked: Looked) -> Iterator[Line]:
    """Of models that would answer, as the documents of their bindings say."""
    bindings = _bindings(looked)
    is_near = False
    for ref, binding in bindings.items():
        day = near(binding.value, looked.today)
        if day is None:
            continue
        is_near = True
        over = day <= looked.today
        said = "stopped answering" if over else "stops answering"
        other = mapping(binding.value, "lifecycle").get("replacement")
        problem = Problem(
            path=("lifecycle", "shutdown_on"),
            message=f"its model {said} on {day}",
            hint=f"Its maker names {other} instead." if other else "Bind another one.",
        )
        state = LineState.FAILED if over else LineState.WARNED
        for finding in findings_of(binding, [problem]):
            yield told(OwnCheck.RETIREMENT, state, ref, finding)
    if not is_near:
        models = count(bindings, "model")
        said = f"Of {models} none is said to stop answering within {NEAR_DAYS} days."
        yield passed(OwnCheck.RETIREMENT, said if bindings else "No model is in it.")


def people_lines(looked: Looked) -> Iterator[Line]:
    found = [
        told(OwnCheck.PEOPLE, LineState.WARNED, ref, finding)
        for ref, document in looked.after.items()
        for finding in findings_of(
            document, (*_absent(looked, document), *_overdue(looked, document))
        )
    ]
    yield from found
    if not found:
        bots = [ref for ref in looked.after if kind_of(ref) is Kind.BOT]
        who = f"Owner, deputy, risk partner and on-call of {count(bots, 'bot')}"
        said = f"{who} are here and active; no review is overdue."
        none = "No review is overdue; no bot is in it."
        yield passed(OwnCheck.PEOPLE, said if bots else none)


def _bindings(looked: Looked) -> dict[Ref, Document]:
    """Those that would read differently, and those of the bots that would."""
    names = {
        ref
        for name, document in looked.after.items()
        for ref in (name, *(use.ref for use in document.uses))
        if kind_of(ref) is Kind.BINDING
    }
    found: dict[Ref, Document] = {}
    for ref in sorted(names):
        try:
            found[ref] = looked.get(ref)
        except NotFound:
            continue  # which `references` tells
    return found


def _absent(looked: Looked, document: Document) -> Iterator[Problem]:
    if kind_of(document.ref) is not Kind.BOT:
        return
    for part in (*REACHABLE, "risk_partner"):
        handle, said = document.value.get(part), part.replace("_", "-")
        person = looked.state.people.get(str(handle))
        if handle is None:
            message = f"it names no {said}"
        elif person is None:
            message = f"the {said} {handle} is nobody here"
        elif not person.active:
            message = f"the {said} {handle} is not active any more"
        else:
            continue
        path = () if handle is None else (part,)
        yield Problem(path=path, message=message, hint=_SOMEBODY)


def _overdue(looked: Looked, document: Document) -> Iterator[Problem]:
    due = find_day(document.value.get("review_by"))
    certified = looked.state.certified.get((looked.environment.name, document.ref))
    if due and certified and certified.digest == document.digest:
        due = max(due, certified.until.date())
    if due is not None and due < looked.today:
        message = f"its review was due on {due}"
        hint = "Review it, and write the day of the next one."
        yield Problem(path=("review_by",), message=message, hint=hint)
