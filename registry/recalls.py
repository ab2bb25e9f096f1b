"""Recalls: a digest turned out to be harmful and never goes live again.

Anybody who holds a seat and every operator can recall a digest, of a document
or of what is served for it; with a limited one, where the limit covers every
document that has the digest, in all environments, because a recall holds in all of
them.  A recall takes nothing away by itself: it lists where
the digest is live, and the ways off it, and leaves those to people: stopping the
bots that it reaches, going back to what was live before, or editing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from registry import commands
from registry.authorization import Action, authorize
from registry.decisions import Decision, Situation, check_text
from registry.effects import dependents, stopped_reason
from registry.errors import Conflict, NotFound
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.payloads import Recalled
from registry.resources import of_documents
from registry.state import Environment, State
from registry.unagreed_content import without_agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUse:
    """A place where a recalled digest is still live, and the ways off it.

    Attributes:
        bots: Those that it reaches.
        answering: Those of them that are not stopped.
        back_to: The last seq at which the document was live as people had agreed to,
            without anything that was recalled, to go back to; `None` if there is
            none, so that it takes an edit.
    """

    environment: str
    document: Ref
    bots: tuple[str, ...]
    answering: tuple[str, ...]
    back_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFor:
    """A document for which a digest was served, with what it included then.

    Attributes:
        digest: Of its own text, whatever it includes.
    """

    document: Ref
    version: str
    digest: Digest


def recall(situation: Situation, command: commands.Recall) -> Decision:
    _check_recaller(situation, command.digest)
    if command.digest in situation.state.recalled:
        raise Conflict(
            f"{command.digest} was recalled already",
            hint="Take it out where it is live. "
            "At a terminal: `placet recall --list` shows where.",
        )
    return Decision(
        payload=Recalled(
            digest=command.digest,
            reason=check_text(command.reason, "a recall's reason"),
        ),
        subject=f"Recall {command.digest}",
        trailers=(),
        files={},
    )


def _check_recaller(situation: Situation, digest: Digest) -> None:
    found = _documents(situation.state, digest)
    if not found:
        raise NotFound(
            f"nothing with the digest {digest} was ever proposed or live",
            hint="Check the digest. At a terminal: `placet asof ENV --digests` prints "
            "those of what is live, and `placet asof ENV SEQ --digests` of what was.",
        )
    for environment in sorted(situation.state.environments):
        authorize(situation.actor, Action.RECALL, of_documents(environment, found))


def live_uses(state: State, digest: Digest) -> tuple[LiveUse, ...]:
    """Where *digest* is live, as a document or as what is served for one."""
    found = []
    for name, environment in sorted(state.environments.items()):
        for document, live in sorted(environment.live.items()):
            if digest in {live.document.digest, live.document.composed}:
                users = dependents(environment, (document,))
                bots = [name_of(u) for u in users if kind_of(u) is Kind.BOT]
                answering = (b for b in bots if not stopped_reason(environment, b))
                found.append(
                    LiveUse(
                        environment=name,
                        document=document,
                        bots=tuple(bots),
                        answering=tuple(answering),
                        back_to=_back_to(state, environment, document),
                    )
                )
    return tuple(found)


def served_for(
    environments: Iterable[Environment], state: State, digest: Digest
) -> tuple[ServedFor, ...]:
    """What *digest* is the text of as it was served there, and not the text itself."""
    found: dict[ServedFor, None] = {}
    for environment in environments:
        for document, composed in environment.was_live:
            if composed != digest or (document, digest) in state.origins:
                continue
            for seq in range(1, environment.seq + 1):
                held = environment.moments[seq].live.get(document)
                if held is not None and held.document.composed == digest:
                    served = ServedFor(
                        document=document,
                        version=held.document.version,
                        digest=held.document.digest,
                    )
                    found.setdefault(served)
    return tuple(sorted(found, key=lambda one: (one.document, one.version)))


def _back_to(state: State, environment: Environment, document: Ref) -> int | None:
    pending = without_agreement(state, environment)
    for seq in range(environment.seq - 1, 0, -1):
        held = environment.moments[seq].live.get(document)
        if held is None or pending.keys() & {held.since, held.composed_since}:
            continue
        digests = held.document.digest, held.document.composed
        if not any(digest in state.recalled for digest in digests):
            return seq
    return None


def _documents(state: State, digest: Digest) -> set[Ref]:
    """Those that ever had *digest*, as a text or as what was served."""
    proposed = {document for document, known in state.origins if known == digest}
    served = {
        document
        for environment in state.environments.values()
        for document, composed in environment.was_live
        if composed == digest
    }
    return proposed | served
