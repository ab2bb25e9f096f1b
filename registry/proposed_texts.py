"""Texts that are being written: every mistake in one, and the version that it may have.

A text whose version cannot be proposed is read once more with the smallest version in
it, so that what else is wrong, and what it would do, can be told at the same time.
"""

from dataclasses import dataclass

from registry.bumps import Step
from registry.decisions import Situation
from registry.documents import Document, findings_of, parse
from registry.edits import check_new_version, step_of
from registry.errors import (
    BumpTooSmall,
    Invalid,
    InvalidDocument,
    RecalledContent,
    RegistryError,
    TooLarge,
    VersionTaken,
)
from registry.findings import Problem, in_order
from registry.mistakes import Finding
from registry.names import Ref, parse_ref
from registry.state import Environment
from registry.version_text import with_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedText:
    """One of the texts that would be proposed.

    Attributes:
        document: What it says it is; `None` if it does not say.
        live: The version that is live; `None` for none.
        version: The one in the text; `None` if it cannot be read.
        differs: Whether it is anything else than what is live.
        smallest: The lowest version that it may have; `None` where nothing differs,
            where nothing of that name was live before, and if it cannot be read.
        bump: The step that the difference asks for.
        reasons: The differences that ask for it.
        proposed_text: The same text with `smallest` in it, where its own version
            cannot be proposed.
        findings: Everything that is wrong with it, in the order of lines.
    """

    document: Ref | None
    live: str | None
    version: str | None
    differs: bool
    smallest: str | None
    bump: str | None
    reasons: tuple[str, ...]
    proposed_text: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is told of a text, and the document that can be proposed of it, if any."""

    told: ProposedText
    document: Document | None


def read(situation: Situation, environment: Environment, source: bytes) -> Read:
    try:
        document = parse(source)
    except InvalidDocument as error:
        return _unreadable(environment, _named(error), error.findings)
    except TooLarge as error:
        return _unreadable(environment, None, (_whole(error),))
    live = environment.live.get(document.ref)
    if live is not None and live.document.digest == document.digest:
        return Read(told=_unchanged(document), document=document)
    step = step_of(situation, environment, document)
    problem = _version_problem(situation, environment, document, step)
    found = findings_of(document, [problem]) if problem else ()
    mended = _with_smallest(situation, document, step) if problem else None
    fit = mended if problem else document
    further = () if fit is None else _other_findings(situation, environment, fit)
    told = ProposedText(
        document=document.ref,
        live=_live_version(environment, document.ref),
        version=document.version,
        differs=True,
        smallest=step.smallest if step else None,
        bump=step.bump if step else None,
        reasons=step.reasons if step else (),
        proposed_text=mended.source.decode() if mended else None,
        findings=in_order((*found, *further)),
    )
    return Read(told=told, document=None if further else fit)


def _unchanged(document: Document) -> ProposedText:
    return ProposedText(
        document=document.ref,
        live=document.version,
        version=document.version,
        differs=False,
        smallest=None,
        bump=None,
        reasons=(),
        proposed_text=None,
        findings=(),
    )


def _unreadable(
    environment: Environment, name: Ref | None, findings: tuple[Finding, ...]
) -> Read:
    told = ProposedText(
        document=name,
        live=_live_version(environment, name) if name else None,
        version=None,
        differs=True,
        smallest=None,
        bump=None,
        reasons=(),
        proposed_text=None,
        findings=findings,
    )
    return Read(told=told, document=None)


def _named(error: InvalidDocument) -> Ref | None:
    """What the text says it is, if that can be what a document is called."""
    try:
        return parse_ref(error.document)
    except Invalid:
        return None


def _live_version(environment: Environment, name: Ref) -> str | None:
    live = environment.live.get(name)
    return live.document.version if live else None


def _version_problem(
    situation: Situation,
    environment: Environment,
    document: Document,
    step: Step | None,
) -> Problem | None:
    """Why its version cannot be proposed."""
    try:
        check_new_version(situation, environment, document)
    except (BumpTooSmall, VersionTaken) as error:
        hint = f"Give it {step.smallest}." if step else error.hint
        if _was_live(situation, document):
            hint = error.hint
        return Problem(path=("version",), message=str(error), hint=hint)
    except (InvalidDocument, RecalledContent):
        return None  # which is not about the version
    return None


def _with_smallest(
    situation: Situation, document: Document, step: Step | None
) -> Document | None:
    """The same text with a version that can be proposed, if there is one.

    What was live before, somewhere, is promoted or rolled back to.
    """
    if step is None or _was_live(situation, document):
        return None
    try:
        return parse(with_version(document.source, step.smallest))
    except Invalid:
        return None  # its author has to do it


def _was_live(situation: Situation, document: Document) -> bool:
    named = situation.state.claims.get((document.ref, document.version))
    return named == document.digest


def _other_findings(
    situation: Situation, environment: Environment, document: Document
) -> tuple[Finding, ...]:
    """What else is wrong with a document whose version can be proposed."""
    try:
        check_new_version(situation, environment, document)
    except InvalidDocument as error:
        return error.findings
    except RecalledContent as error:
        return (_whole(error),)
    return ()


def _whole(error: RegistryError) -> Finding:
    return Finding(line=0, where="", message=str(error), hint=error.hint)
