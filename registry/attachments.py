"""Attachments: what a pipeline found out about a change, put on record.

The rules:

 * Evaluators attach, and authors do; so do tokens of theirs.  It is no vote and
   takes the place of none.  Only what an evaluator attached meets a required check;
   a password that somebody else has just set cools down before they attach.
 * A result names the content that it was taken of, which has to be that of one of
   the change's revisions.
 * Its numbers agree with each other: it cannot have passed with more failures than
   its threshold allows, nor have more examples than samples.
 * The names of the registry's own checks are not given to results of others.
 * What is attached stays in the ledger for ever, so that it is bounded: in examples,
   in the length of each text, in all, and in how many results a change may have, of
   one person and of all, and somebody may attach in a day.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from registry import commands
from registry.authorization import Action, authorize, holds
from registry.changes import Change, Revision
from registry.check_results import (
    MAX_EXAMPLES,
    MAX_TEXT_CHARS,
    QUOTA_TIME,
    CheckResult,
    Example,
    OwnCheck,
    Source,
)
from registry.decisions import Decision, Situation
from registry.errors import Conflict, ContentMoved, Invalid, TooLarge
from registry.evidence import content_of, score
from registry.names import Digest
from registry.people import SESSION, Identity, Role, recognise
from registry.proposals import open_one
from registry.resources import of_change, of_revision
from registry.review_payloads import CheckAttached
from registry.seats import refuse_reset
from registry.state import State
from registry.times import said

MAX_BYTES = 2**20
MAX_ATTACHED = 50
"""To a change; half of them by one person, so that nobody keeps others from it."""

MAX_BY_ONE = MAX_ATTACHED // 2
MAX_A_DAY = 200
"""By one person, in `QUOTA_TIME`, to all changes."""

MAX_SAMPLES = 10_000_000
MAX_LINK_CHARS = 2_000

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
_LINK = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?\Z")
_PASS, _FAIL = "pass", "fail"


def attach(situation: Situation, command: commands.AttachCheck) -> Decision:
    change = open_one(situation, command.change)
    authorize(situation.actor, Action.ATTACH, of_change(change))
    result = check_result(command.result)
    revision = _revision(change, result.content)
    _refuse_many(situation, change)
    actor = situation.actor
    if holds(actor, Role.EVALUATOR, of_revision(change, revision)):
        refuse_reset(situation.state, actor, change.environment, situation.now)
    return Decision(
        payload=CheckAttached(
            change=change.id,
            environment=change.environment,
            revision=revision.number,
            result=result,
        ),
        subject=f"Attach {result.name} to change {change.id} in {change.environment}: "
        f"{score(result)}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", revision.review_digest),
        ),
        files={},
    )


def may_vouch(state: State, change: Change, handle: str) -> bool:
    """Whether what *handle* attaches to the revision that it is at could count."""
    person = state.people[handle]
    if not person.active or handle in change.contributors:
        return False
    actor = recognise(Identity(handle=handle, via=SESSION, roles=None), state.people)
    return holds(actor, Role.EVALUATOR, of_change(change))


def _refuse_many(situation: Situation, change: Change) -> None:
    by, all_at_once = situation.actor.handle, "Attach one result when all is tried"
    if len(change.attached) >= MAX_ATTACHED:
        raise Conflict(
            f"change {change.id} has {MAX_ATTACHED} results already",
            hint=f"{all_at_once}, or open a new change.",
        )
    if sum(one.by == by for one in change.attached) >= MAX_BY_ONE:
        raise Conflict(
            f"change {change.id} has {MAX_BY_ONE} results of {by} already",
            hint=f"{all_at_once}, or have somebody else attach it.",
        )
    attached_at = situation.state.attached_at.get(by, ())
    lately = [at for at in attached_at if situation.now - at < QUOTA_TIME]
    if len(lately) >= MAX_A_DAY:
        raise Conflict(
            f"{by} has attached {MAX_A_DAY} results within a day",
            hint=f"{all_at_once}; the next one is taken from "
            f"{said(lately[-MAX_A_DAY] + QUOTA_TIME)} on.",
        )


def check_result(result: CheckResult) -> CheckResult:
    """Return *result* if it can be attached.

    Raises:
        Invalid: Something in it is not well formed, or contradicts something else.
        TooLarge: It has more, or longer, examples than are kept.
    """
    check_name(result.name)
    _refuse_large(result)
    for message, hint in _contradictions(result):
        raise Invalid(message, hint=hint)
    if result.link is not None and not _is_link(result.link):
        raise Invalid(
            "the link is no address of a page",
            hint="It begins with https://, or leave it out.",
        )
    return result


def check_name(name: str) -> str:
    """Return *name* if a pipeline's check may be called so, else raise `Invalid`."""
    if not _NAME.match(name):
        raise Invalid(
            f"{name[:80]!r} cannot be the name of a check",
            hint="Up to 64 small letters, digits and `-`, such as `answers`.",
        )
    if name in set(OwnCheck):
        raise Invalid(
            f"{name} is a check of the registry's own",
            hint="Choose another name. Its own are " + ", ".join(OwnCheck) + ".",
        )
    return name


def _revision(change: Change, content: Digest) -> Revision:
    """The last one that puts *content* in place."""
    for revision in reversed(change.revisions):
        if content_of(revision) == content:
            return revision
    raise ContentMoved(
        f"no revision of change {change.id} has the content {content}; revision "
        f"{change.revision.number} has {content_of(change.revision)}",
        hint="Try what is proposed now, and name the `content` that `GET` tells of it.",
    )


def _refuse_large(result: CheckResult) -> None:
    if len(result.examples) > MAX_EXAMPLES:
        raise TooLarge(
            f"{len(result.examples)} examples are more than {MAX_EXAMPLES}",
            hint="Leave out some that pass; keep those that fail.",
        )
    for number, example in enumerate(result.examples, 1):
        for part, text in _texts(example):
            if len(text) > MAX_TEXT_CHARS:
                raise TooLarge(
                    f"`{part}` of example {number} has {len(text):,} characters, more "
                    f"than {MAX_TEXT_CHARS:,}",
                    hint="Leave out what nobody has to read, or cut it short.",
                )
            if not _is_encodable(text):
                raise Invalid(
                    f"`{part}` of example {number} is no whole text",
                    hint="It has half of a surrogate pair; cut it elsewhere.",
                )
    size = len(msgspec.json.encode(result))
    if size > MAX_BYTES:
        raise TooLarge(
            f"the result has {size:,} bytes, more than {MAX_BYTES:,}",
            hint="Leave out examples that pass, or cut the long ones short.",
        )


def _contradictions(result: CheckResult) -> Iterator[tuple[str, str]]:
    total, failed, threshold = result.total, result.failed, result.threshold
    if not 1 <= total <= MAX_SAMPLES:
        yield f"{total:,} samples are none, or too many", "Attach what was tried."
    if not 0 <= failed <= total:
        yield f"{failed:,} of {total:,} cannot have failed", "Count them again."
    if not 0 <= result.production <= total:
        yield (
            f"{result.production:,} of {total:,} cannot be from production",
            "`production` says how many of the samples were real inputs.",
        )
    if threshold is not None and not 0 < threshold <= 1:
        yield "the threshold is no share", "Write 0.95 for 95 percent."
    elif result.passed and not reaches(result):
        needed = "all of them" if threshold is None else f"{threshold:.2%}"
        yield (
            f"it cannot have passed: {total - failed:,} of {total:,} pass, and it "
            f"takes {needed}",
            "Say `passed: false`, or the threshold that it was held to.",
        )
    yield from _miscounted(result)


def _miscounted(result: CheckResult) -> Iterator[tuple[str, str]]:
    """Where examples and numbers do not agree."""
    passed = result.total - result.failed
    verdicts = [example.verdict for example in result.examples]
    from_production = [e for e in result.examples if e.source is Source.PRODUCTION]
    if set(verdicts) - {_PASS, _FAIL}:
        yield "a verdict is `pass` or `fail`", "Say which for each example."
    if verdicts.count(_FAIL) > result.failed or verdicts.count(_PASS) > passed:
        yield "there are more examples than samples", "Each sample is shown once."
    if len(from_production) > result.production:
        yield (
            f"{len(from_production)} examples are from production, and "
            f"{result.production} samples are",
            "Count them in `production`, or call them curated.",
        )


def reaches(result: CheckResult) -> bool:
    """Whether as many pass as the threshold asks for; all, without one."""
    asked = Fraction(1) if result.threshold is None else Fraction(str(result.threshold))
    return result.total - result.failed >= asked * result.total


def _texts(example: Example) -> Iterator[tuple[str, str]]:
    yield "input", example.input
    yield "before", example.before or ""
    yield "after", example.after


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_link(link: str) -> bool:
    return (
        len(link) <= MAX_LINK_CHARS
        and link.isprintable()
        and _LINK.match(link) is not None
    )
