"""Unagreed content: what was live here, although nobody ever agreed to it.

What went live without agreement, and was repudiated or is not decided yet, was here,
and that says nothing for it: if nothing else brought it here, votes have to bring it
back.  Once people agree to it, by votes or afterwards, it is like any other content.

Content is a text, or what a document reads like with what it includes, or that there is
no such document any more.  A rollback agrees to nothing by itself: what it put back had
been here before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
    """What of *outlook* would come back that nobody agreed to."""
    pending = without_agreement(state, environment)
    found: dict[Ref, Unagreed] = {}
    for document, content in _coming(environment, outlook) if pending else ():
        seqs = [s for s in pending if content in _begun(environment, s, document)]
        agreed = (
            content in _begun(environment, seq, document)
            for seq in range(environment.seq, 0, -1)
            if seq not in pending and environment.moments[seq].change is not None
        )
        if seqs and not any(agreed):
            seq = min(seqs, key=lambda one: (pending[one] is None, one))
            found[document] = Unagreed(document=document, seq=seq, outcome=pending[seq])
    return tuple(found.values())


def without_agreement(
    state: State, environment: Environment
) -> dict[int, Ratified | None]:
    """The seqs that nobody agreed to, and whether they were repudiated."""
    return {
        one.seq: one.outcome
        for one in state.ratifications.values()
        if one.environment == environment.name and one.outcome is not Ratified.RATIFIED
    }


def _coming(
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


def _begun(environment: Environment, seq: int, document: Ref) -> set[Digest | None]:
    """The content that *document* has from *seq* on, and had not right before."""
    held = environment.moments[seq].live.get(document)
    if held is None:
        before = environment.moments[seq - 1].live if seq > 1 else {}
        return {None} if document in before else set()
    begun: set[Digest | None] = set()
    if held.since == seq:
        begun.add(held.document.digest)
    if held.composed_since == seq:
        begun.add(held.document.composed)
    return begun
