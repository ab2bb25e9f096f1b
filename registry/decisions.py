"""Decisions: what comes of a command, before anything is written.

A decision has the event's payload, the sentence that the commit begins with,
and the files that the commit writes.  Who decided, when, and the chain are
added by `seal`, the same for every type of event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.code_points import named
from registry.effects import Documents
from registry.errors import ContentMoved, Invalid
from registry.events import Event, file_edits, next_time
from registry.names import Digest, Ref
from registry.payloads import Payload
from registry.people import Actor
from registry.state import Environment, Head, State

MAX_TITLE_CHARS = 200
_TITLE = f"Say what it does in at most {MAX_TITLE_CHARS} characters."
MAX_TEXT_CHARS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a decision may depend on, beside the command.

    Attributes:
        signed_in_at: As in `Identity`.  No event has it: a policy may ask for it,
            and what was decided then stands.
    """

    state: State
    actor: Actor
    now: datetime
    documents: Documents
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written.

    Attributes:
        subject: One sentence, the commit's first line.
        trailers: Lines of the form `Name: value` at the commit's end.
        files: By path; `None` deletes.
    """

    payload: Payload
    subject: str
    trailers: tuple[tuple[str, str], ...]
    files: Mapping[str, bytes | None]


def seal(
    decision: Decision,
    *,
    head: Head,
    actor: Actor,
    key: str | None,
    command: Digest,
    now: datetime,
) -> Event:
    """The event that records *decision* after *head*."""
    trailers = (*decision.trailers, ("Actor", actor.handle))
    return Event(
        number=head.number + 1,
        at=next_time(now, head.at),
        actor=actor,
        key=key,
        command=command,
        payload=decision.payload,
        message="\n".join(
            [decision.subject, "", *(f"{name}: {value}" for name, value in trailers)]
        ),
        edits=file_edits(decision.files),
        previous=head.digest,
    )


def check_title(text: str) -> str:
    """Return *text* if it can be a change's title.

    Raises:
        Invalid: It is empty, too long, or not one line of printable text.
    """
    if not text.strip():
        raise Invalid("a change needs a title of one line", hint=_TITLE)
    if len(text) > MAX_TITLE_CHARS:
        raise Invalid(
            f"the title has {len(text):,} characters, and {MAX_TITLE_CHARS} are taken",
            hint=_TITLE,
        )
    for place, char in enumerate(text, start=1):
        if not char.isprintable():
            raise Invalid(
                f"the title has {named(char)} at character {place}, and a title is "
                "one line of what can be seen",
                hint="Write it without that.",
            )
    return text.strip()


def check_text(text: str, what: str) -> str:
    """Return *text* if it can be a reason or a comment.

    Args:
        what: Names what it is written for, such as "a veto".

    Raises:
        Invalid: It is empty, too long, or has something that cannot be seen.
    """
    if not text.strip():
        raise Invalid(
            f"{what} needs words", hint="Write them for those who come later."
        )
    if len(text) > MAX_TEXT_CHARS:
        raise Invalid(
            f"the words for {what} have {len(text):,} characters, and "
            f"{MAX_TEXT_CHARS:,} are taken",
            hint="Write less.",
        )
    for place, char in enumerate(text, start=1):
        if not (char.isprintable() or char in "\n\t"):
            raise Invalid(
                f"the words for {what} have {named(char)} at character {place}, which "
                "cannot be seen",
                hint="Write them without that.",
            )
    return text.strip()


def refuse_moved(environment: Environment, expected_seq: int | None) -> None:
    """Refuse what was decided on at another seq, where the caller names one.

    Raises:
        ContentMoved: Something went live since, was put back, stopped or resumed.
    """
    if expected_seq is not None and expected_seq != environment.seq:
        raise ContentMoved(
            f"{environment.name} is at seq {environment.seq} now, and this was decided "
            f"on at seq {expected_seq}",
            hint="Read again what it would do now, and decide on that.",
        )


def activation_trailers(
    change: int | None, seq: int, digest: Digest | None
) -> tuple[tuple[str, str], ...]:
    trailers = [("Change", str(change))] if change is not None else []
    trailers.append(("Seq", str(seq)))
    if digest is not None:
        trailers.append(("Review-Digest", digest))
    return tuple(trailers)


def live_path(environment: str, document: Ref) -> str:
    return f"live/{environment}/{document}.yaml"


def version_path(document: Ref, version: str) -> str:
    return f"versions/{document}/{version}.yaml"


def proposal_path(change: int, revision: int, document: str) -> str:
    return f"proposals/{change // 1000:03d}/{change}/{revision}/{document}.yaml"


def policy_path(environment: str) -> str:
    return f"policy/{environment}.yaml"
