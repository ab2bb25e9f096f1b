"""Previews of proposals: what one would meet, told before it is submitted.

The rules:

 * What is told is what `registry.decide` makes of the proposal.  Its event is
   folded into the state, to be looked at, and then both are forgotten.
 * Whoever writes is told every mistake of every text at once.  Texts that cannot be
   read, or do not hold together, have no effect that could be told.
 * A version that says too little is a mistake in the text.  What the change would do
   is told all the same, as of the text with the smallest version in it.
 * So is a title that is no title.
 * Whoever may read may ask.  Somebody who may not propose is told why, and what
   would come of it if they might.
 * A revision of a change is told in the same way as a new one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from registry import commands, resources
from registry.authorization import Action, authorize
from registry.changes import Change
from registry.checks import check
from registry.decide import decide
from registry.decisions import Situation, check_title
from registry.documents import Document
from registry.effects import Documents, dependents, overlay
from registry.errors import Conflict, Invalid, InvalidDocument, NotAllowed, NotFound
from registry.findings import in_order
from registry.foreseen import foresee
from registry.mistakes import Finding
from registry.names import Digest, Ref
from registry.people import Actor, Role
from registry.proposed_texts import ProposedText, read
from registry.revisions import next_change
from registry.rivals import Rival, rivals
from registry.state import Environment, State

UNTITLED = "Untitled"
"""Stands for a title that is still to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A proposal as somebody writes it: its texts may have mistakes.

    Attributes:
        revises: The change of which it would be the next revision; `None` for a new
            one.
    """

    environment: str
    title: str
    sources: tuple[bytes, ...]
    deleted: tuple[Ref, ...]
    edited_from: tuple[tuple[Ref, Digest | None], ...]
    earliest: datetime | None
    revises: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something that stands in the way, and is in none of the texts.

    Attributes:
        document: The live one that would not hold together; `None` for the change
            as a whole.
        line: Of that document; 0 for all of it.
    """

    document: Ref | None
    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What submitting would come to.

    Attributes:
        state: The one after it, which never is.
        at: When it would have been.
        documents: Every text there has been, and those of the proposal.
    """

    state: State
    change: Change
    at: datetime
    documents: Documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Attributes:
    submission: `None` as long as something else than versions, the title and who
        asks is in the way.
    why_not: Why whoever asks may not propose it; `None` if they may.
    rivals: Open changes that edit one of its documents, too.
    """

    texts: tuple[ProposedText, ...]
    obstacles: tuple[Obstacle, ...]
    submission: Submission | None
    why_not: str | None
    rivals: tuple[Rival, ...]


def preview(situation: Situation, written: Written) -> Preview:
    """What submitting *written* would meet, without submitting it.

    Raises:
        NotFound: There is no such environment, or no such change.
    """
    environment = situation.state.environment(written.environment)
    found = [read(situation, environment, source) for source in written.sources]
    texts = tuple(one.told for one in found)
    proposal = commands.Proposal(
        title=written.title,
        documents=tuple(one.document for one in found if one.document is not None),
        deleted=written.deleted,
        edited_from=written.edited_from,
        earliest=written.earliest,
    )
    untitled = tuple(_untitled(written.title))
    if untitled:
        proposal = replace(proposal, title=UNTITLED)
    begun = Preview(
        texts=texts,
        obstacles=untitled,
        submission=None,
        why_not=_why_not(situation, environment, texts, written),
        rivals=rivals(
            situation.state,
            environment.name,
            {*written.deleted, *(one.document for one in texts if one.document)},
            situation.now,
            revises=written.revises,
        ),
    )
    if len(proposal.documents) < len(found):
        return begun
    return _decided(situation, environment, _command(written, proposal), begun)


def _command(
    written: Written, proposal: commands.Proposal
) -> commands.Submit | commands.Revise:
    if written.revises is None:
        return commands.Submit(environment=written.environment, proposal=proposal)
    return commands.Revise(change=written.revises, proposal=proposal)


def _decided(
    situation: Situation,
    environment: Environment,
    command: commands.Submit | commands.Revise,
    begun: Preview,
) -> Preview:
    """*begun* with what comes of *command*, or why nothing does."""
    try:
        submission = _submitted(situation, command)
    except InvalidDocument as error:
        wrong = _broken(situation, environment, command.proposal) or tuple(
            (Ref(error.document), finding) for finding in error.findings
        )
        return _with_findings(begun, wrong)
    except (Conflict, Invalid, NotFound) as error:
        obstacle = Obstacle(document=None, line=0, message=str(error), hint=error.hint)
        return replace(begun, obstacles=(*begun.obstacles, obstacle))
    return replace(begun, submission=submission)


def _submitted(
    situation: Situation, command: commands.Submit | commands.Revise
) -> Submission:
    """What `decide` makes of it, for somebody who may."""
    may = replace(situation, actor=_author(situation.actor))
    revised = command.change if isinstance(command, commands.Revise) else None
    outcome = foresee(may, decide(may, command))
    number = revised or next_change(situation.state)
    return Submission(
        state=outcome.state,
        change=outcome.state.changes[number],
        at=outcome.at,
        documents=_Beside(situation.documents, command.proposal.documents),
    )


def _author(actor: Actor) -> Actor:
    roles = tuple(dict.fromkeys((*actor.roles, Role.AUTHOR)))
    limits = tuple(one for one in actor.limits if one.held != Role.AUTHOR)
    return replace(actor, roles=roles, limits=limits)


def _why_not(
    situation: Situation,
    environment: Environment,
    texts: Iterable[ProposedText],
    written: Written,
) -> str | None:
    named = (text.document for text in texts if text.document is not None)
    touched = resources.of_documents(environment.name, (*named, *written.deleted))
    action = Action.SUBMIT
    if written.revises is not None:
        action = Action.REVISE
        had = resources.of_change(situation.state.change(written.revises))
        touched = replace(had, names=had.names | touched.names)
    try:
        authorize(situation.actor, action, touched)
    except NotAllowed as error:
        return f"{error}. {error.hint}"
    return None


def _untitled(title: str) -> Iterator[Obstacle]:
    try:
        check_title(title)
    except Invalid as error:
        yield Obstacle(document=None, line=0, message=str(error), hint=error.hint)


def _broken(
    situation: Situation, environment: Environment, proposal: commands.Proposal
) -> tuple[tuple[Ref, Finding], ...]:
    """Everything that would not hold together, of all that would read differently."""
    replacements: dict[Ref, Document | None] = dict.fromkeys(proposal.deleted)
    replacements |= {document.ref: document for document in proposal.documents}
    get = overlay(environment, replacements, situation.documents)
    names = dependents(environment, replacements)
    return check({n: get(n) for n in names if replacements.get(n, True)}, get)


def _with_findings(begun: Preview, wrong: Iterable[tuple[Ref, Finding]]) -> Preview:
    """Each finding with the text that it is about, or apart if it is about another."""
    wrong = tuple(wrong)
    named = {text.document for text in begun.texts}
    texts = tuple(
        replace(
            text,
            findings=in_order(
                (
                    *text.findings,
                    *(found for ref, found in wrong if ref == text.document),
                )
            ),
        )
        for text in begun.texts
    )
    elsewhere = tuple(
        Obstacle(document=ref, line=found.line, message=found.message, hint=found.hint)
        for ref, found in wrong
        if ref not in named
    )
    return replace(begun, texts=texts, obstacles=(*begun.obstacles, *elsewhere))


class _Beside(Mapping[Digest, Document]):
    """Every text there has been, and those that are only proposed."""

    def __init__(self, known: Documents, proposed: Iterable[Document]) -> None:
        self._known = known
        self._proposed = {document.digest: document for document in proposed}

    def __getitem__(self, digest: Digest) -> Document:
        return self._proposed.get(digest) or self._known[digest]

    def __iter__(self) -> Iterator[Digest]:
        yield from {*self._known, *self._proposed}

    def __len__(self) -> int:
        return sum(1 for _ in self)
