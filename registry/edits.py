"""Edits: what a proposal puts in the place of what is live.

The rules:

 * What somebody edited from must still be live when they submit.
 * A text that was recalled cannot be proposed.
 * A version names the same bytes for ever, so one that names other bytes
   already cannot be proposed.
 * An edit's version is above the live one, by as much as the difference asks
   for (see `registry.bumps`); only a rollback lowers.  What comes back is
   compared with what was live last.
 * A tool's schema changes only together with the tool's version.
"""

from registry import commands
from registry.bot_rules import tool_problems
from registry.bumps import Step, step, taken
from registry.changes import Outcome
from registry.decisions import Situation
from registry.documents import Document, findings_of
from registry.errors import (
    BumpTooSmall,
    Invalid,
    InvalidDocument,
    RecalledContent,
    Stale,
    VersionTaken,
)
from registry.names import Digest, Kind, Ref, kind_of
from registry.state import Environment, State


def proposed(
    situation: Situation, environment: Environment, proposal: commands.Proposal
) -> dict[Ref, Document | None]:
    """What the proposal changes; documents that are live as they are drop out."""
    named = [d.ref for d in proposal.documents] + list(proposal.deleted)
    if len(named) != len(set(named)):
        twice = next(name for name in named if named.count(name) > 1)
        raise Invalid(
            f"{twice} is in the change twice",
            hint="Name each document once, either to replace or to delete it.",
        )
    _check_edited_from(environment, proposal)
    replacements: dict[Ref, Document | None] = dict.fromkeys(proposal.deleted)
    for document in proposal.documents:
        live = environment.live.get(document.ref)
        if live is None or live.document.digest != document.digest:
            check_new_version(situation, environment, document)
            replacements[document.ref] = document
    return replacements


def _check_edited_from(environment: Environment, proposal: commands.Proposal) -> None:
    for document, digest in proposal.edited_from:
        live = environment.live.get(document)
        if (live.document.digest if live else None) != digest:
            raise Stale(
                f"{document} is not live any more as it was when editing began",
                hint="Fetch what is live (`placet pull`) and make the edit again.",
            )


def check_new_version(
    situation: Situation, environment: Environment, document: Document
) -> None:
    """Raises:
    RecalledContent: The text was recalled.
    VersionTaken: The version names something already, or is below what is live.
    BumpTooSmall: It says too little about what differs.
    InvalidDocument: A tool has another schema in the same version.
    """
    claimed = situation.state.claims.get((document.ref, document.version))
    recalled = situation.state.recalled.get(document.digest)
    if recalled is not None:
        raise RecalledContent(
            f"{document.ref} {document.version} was recalled: {recalled}"
        )
    if claimed == document.digest:
        raise VersionTaken(
            f"{document.ref} {document.version} has been live before",
            hint="Promote it from where it is live, or roll back to it.",
        )
    step = step_of(situation, environment, document)
    if claimed is not None:
        change = _brought_by(situation.state, document.ref, claimed)
        raise VersionTaken(
            f"{document.ref} {taken(step, document.version, change)}",
            hint=f"Give it {step.smallest}." if step else None,
        )
    if step is not None:
        _refuse_small(step, environment)
        _check_tools(situation, environment, document)


def _brought_by(state: State, document: Ref, digest: Digest) -> int | None:
    """The first change by which *digest* went live for *document*."""
    return min(
        (
            change.id
            for change in state.changes.values()
            if change.outcome is Outcome.ACTIVATED
            and any(
                (edit.document, edit.digest) == (document, digest)
                for edit in change.revision.edits
            )
        ),
        default=None,
    )


def _check_tools(
    situation: Situation, environment: Environment, document: Document
) -> None:
    if kind_of(document.ref) is not Kind.BOT:
        return
    before = _before(situation, environment, document.ref)
    problems = tuple(tool_problems(before.value, document.value)) if before else ()
    if problems:
        raise InvalidDocument(document.ref, findings_of(document, problems))


def step_of(
    situation: Situation, environment: Environment, document: Document
) -> Step | None:
    """From what it takes the place of; `None` if nothing of that name was live."""
    before = _before(situation, environment, document.ref)
    if before is None:
        return None
    claims = situation.state.claims
    return step(
        before,
        document,
        is_taken=lambda version: (document.ref, version) in claims,
    )


def _before(
    situation: Situation, environment: Environment, name: Ref
) -> Document | None:
    """What is live of that name, or was last."""
    digest = environment.latest(name)
    return situation.documents[digest] if digest else None


def _refuse_small(step: Step, environment: Environment) -> None:
    is_live = step.document in environment.live
    where = f"which {'is live' if is_live else 'was live last'} in {environment.name}"
    if not step.is_up:
        raise VersionTaken(
            f"{step.document} {step.version} is not above {step.live}, {where}",
            hint=f"Give it {step.smallest}.",
        )
    if not step.is_enough:
        raise BumpTooSmall(
            f"{step.document} {step.version} is too small a step from {step.live}, "
            f"{where}: the smallest is {step.smallest}, "
            f"{step.bump}, because {step.because}",
            document=step.document,
            bump=step.bump,
            smallest=step.smallest,
            reasons=step.reasons,
        )
