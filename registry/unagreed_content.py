"""Unagreed content: what was live here, although nobody ever agreed to it.

What went live without agreement, and was repudiated or is not decided yet, was here,
and that says nothing for it: if nothing else brought it here, votes have to bring it
back.  Once people agree to it, by votes or afterwards, it is like any other content.

A text that is made from what nobody agreed to is made from nothing that people have
seen: its authors are looked for further back, in what they agreed to last.

Content is a text, or what a document reads like with what it includes, or that there is
no such document any more.  Of each the question is which seqs *brought* it here: from
which on it was live, and right before which it was not.  One of them has to be a change
that people agreed to.  A rollback is none: it agrees to nothing, and puts back what had
been here before.

Asked before a rollback without votes, and before an emergency, about the *outlook*:
what the environment would be like afterwards.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from registry.changes import Base
from registry.effects import Effect
from registry.names import Digest, Ref
from registry.ratification import Ratified
from registry.state import Environment, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Unagreed:
    """Something that would come back.

    Attributes:
        seq: What brought it here without agreement.
        outcome: What people said of that; `None` while it is not decided.
    """

    document: Ref
    seq: int
    outcome: Ratified | None

    @property
    def why(self) -> str:
        said = "people repudiated" if self.outcome else "nobody has ratified yet"
        return f"only seq {self.seq} brought {self.document} like that, which {said}"


def unagreed(
    state: State, environment: Environment, outlook: Effect
) -> tuple[Unagreed, ...]:
    """What of *outlook* would come back that nobody agreed to, each document once."""
    pending = without_agreement(state, environment)
    coming_back: dict[Ref, Unagreed] = {}
    for document, content in _newly_live(environment, outlook) if pending else ():
        seqs = [s for s in pending if content in _brought(environment, s, document)]
        if seqs and not _was_agreed(environment, pending, document, content):
            seq = min(seqs, key=lambda one: (pending[one] is None, one))
            coming_back[document] = Unagreed(
                document=document, seq=seq, outcome=pending[seq]
            )
    return tuple(coming_back.values())


def without_agreement(
    state: State, environment: Environment
) -> dict[int, Ratified | None]:
    """The seqs that nobody agreed to, and whether they were repudiated."""
    return {
        one.seq: one.outcome
        for one in state.ratifications.values()
        if one.environment == environment.name and one.outcome is not Ratified.RATIFIED
    }


def last_agreed(
    environment: Environment,
    pending: Container[int],
    document: Ref,
    base: Base | None,
) -> Digest | None:
    """What *document* was at *base*, or the last time before that it was agreed to.

    Args:
        pending: The seqs that nobody agreed to.
    """
    while base is not None and base.since in pending:
        if _was_agreed(environment, pending, document, base.digest):
            break
        before = environment.moments[base.since - 1].live if base.since > 1 else {}
        held = before.get(document)
        base = held.base if held else None
    return base.digest if base else None


def _was_agreed(
    environment: Environment,
    pending: Container[int],
    document: Ref,
    content: Digest | None,
) -> bool:
    """Whether votes have brought that content here."""
    return any(
        content in _brought(environment, seq, document)
        for seq in range(environment.seq, 0, -1)
        if seq not in pending and environment.moments[seq].change is not None
    )


def _newly_live(
    environment: Environment, outlook: Effect
) -> Iterator[tuple[Ref, Digest | None]]:
    """What would be live and is not now."""
    for document in outlook.deleted:
        yield document, None
    for one in outlook.documents:
        live = environment.live.get(one.document)
        if live is None or live.document.digest != one.digest:
            yield one.document, one.digest
        if live is None or live.document.composed != one.composed:
            yield one.document, one.composed


def _brought(environment: Environment, seq: int, document: Ref) -> set[Digest | None]:
    """The content that *document* has from *seq* on, and had not right before."""
    held = environment.moments[seq].live.get(document)
    if held is None:
        before = environment.moments[seq - 1].live if seq > 1 else {}
        return {None} if document in before else set()
    brought: set[Digest | None] = set()
    if held.since == seq:
        brought.add(held.document.digest)
    if held.composed_since == seq:
        brought.add(held.document.composed)
    return brought
