"""What documents are to each other: bump, references, cases, weakening."""

from collections.abc import Iterator

from registry.bumps import step
from registry.changes import ChangeType, Fact
from registry.check_lines.lines import Line, LineState, count, passed, told
from registry.check_lines.looking import Looked
from registry.check_results import OwnCheck
from registry.checks import check
from registry.documents import Document
from registry.guardrail_cases import is_external
from registry.mistakes import Finding
from registry.names import Kind, Ref, kind_of
from registry.parts import entries, mapping, mappings
from registry.policy_rules import FactName

_ADD_CASES = "Add some under `cases`: inputs, and what the text must come to."


def bump_lines(looked: Looked) -> Iterator[Line]:
    if looked.change.type is not ChangeType.EDIT:
        yield passed(OwnCheck.BUMP, "Versions come as they are; none of them is new.")
        return
    found, steps = list[Line](), 0
    for ref, document in looked.edited.items():
        digest = looked.environment.latest(ref)
        if digest is None or digest == document.digest:
            continue
        steps += 1
        taken = step(looked.documents[digest], document, is_taken=lambda _: False)
        if not taken.is_enough:
            message = (
                f"{document.version} says too little after {taken.live}: it takes "
                f"{taken.bump}, because {taken.because}"
            )
            hint = f"Give it {taken.smallest} or higher."
            found.append(_failed(OwnCheck.BUMP, ref, message, hint))
    yield from found
    new = len(looked.edited) - steps
    if not found:
        versions = "version says" if steps == 1 else "versions say"
        first = f"; {new:,} with none before" if new else ""
        yield passed(OwnCheck.BUMP, f"{steps:,} {versions} how much changed{first}.")


def held_lines(looked: Looked) -> Iterator[Line]:
    """References and cases."""
    found = [
        told(_check_of(ref, finding), LineState.FAILED, ref, finding)
        for ref, finding in check(looked.after, looked.get)
    ]
    yield from found
    bad = {line.check for line in found}
    if OwnCheck.REFERENCES not in bad:
        uses = [use for document in looked.after.values() for use in document.uses]
        lead = "leads" if len(uses) == 1 else "lead"
        said = f"{count(uses, 'reference')} of {count(looked.after, 'document')} {lead}"
        yield passed(OwnCheck.REFERENCES, f"{said} to what is there, and fits.")
    yield from _without_cases(looked)
    if OwnCheck.CASES not in bad:
        yield from _cases_passed(looked)


def weakening_lines(looked: Looked) -> Iterator[Line]:
    """As it was told of the revision; an activation finds it again."""
    weaker = [
        fact
        for fact in looked.change.revision.facts
        if fact.name is FactName.GUARDRAIL_WEAKENED
    ]
    for fact in weaker:
        for ref, message in _by_document(fact).items():
            hint = "Say in the change why that is right."
            finding = Finding(line=0, where="", message=message, hint=hint)
            yield told(OwnCheck.WEAKENING, LineState.WARNED, ref, finding)
    if not weaker:
        yield passed(OwnCheck.WEAKENING, "No guardrail protects less than before.")


def _by_document(fact: Fact) -> dict[Ref, str]:
    """What is said of each; a fact's sentence strings together `document: reason`."""
    said: dict[Ref, list[str]] = {ref: [] for ref in fact.documents}
    current = fact.documents[0]
    for part in fact.sentence.split("; "):
        named = [ref for ref in fact.documents if part.startswith(f"{ref}: ")]
        current = named[0] if named else current
        said[current].append(part.removeprefix(f"{current}: "))
    weaker = "it protects less than before"
    return {ref: "; ".join(parts) or weaker for ref, parts in said.items()}


def _without_cases(looked: Looked) -> Iterator[Line]:
    for ref, document in looked.after.items():
        if kind_of(ref) is Kind.PROMPT and not entries(document.value, "cases"):
            message = "it has no case"
            finding = Finding(line=0, where="", message=message, hint=_ADD_CASES)
            yield told(OwnCheck.CASES, LineState.NOT_MEASURED, ref, finding)


def _cases_passed(looked: Looked) -> Iterator[Line]:
    having = [one for one in looked.after.values() if entries(one.value, "cases")]
    prompts = any(kind_of(ref) is Kind.PROMPT for ref in looked.after)
    if not having and not prompts:
        yield passed(OwnCheck.CASES, "No document with cases is in it.")
    if having:
        cases = [case for one in having for case in entries(one.value, "cases")]
        apart = sum(map(_not_tried, having))
        tried = f"{count(cases, 'case')} of {count(having, 'document')}"
        left = f"; {apart:,} of them need an engine that is not here" if apart else ""
        yield passed(OwnCheck.CASES, f"{tried} come out as they say{left}.")


def _not_tried(document: Document) -> int:
    external = {
        rule["id"]
        for rule in mappings(document.value, "rules")
        if is_external(mapping(rule, "check"))
    }
    cases = mappings(document.value, "cases")
    return sum(case.get("rule") in external for case in cases)


def _check_of(ref: Ref, finding: Finding) -> OwnCheck:
    """Whatever is wrong with a guardrail beside others is about its cases."""
    of_cases = kind_of(ref) is Kind.GUARDRAIL or finding.where.startswith("/cases")
    return OwnCheck.CASES if of_cases else OwnCheck.REFERENCES


def _failed(own: OwnCheck, ref: Ref, message: str, hint: str) -> Line:
    finding = Finding(line=0, where="", message=message, hint=hint)
    return told(own, LineState.FAILED, ref, finding)
