"""What a change changes: its texts, and what chatbots would read.

Both are shown as of the moment at which the revision was made, which is what a
vote on it agrees to; what has moved since makes the change stale, and does not
change what is shown.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rpds import HashTrieMap

from registry.advice import Advice, advise_all
from registry.binding_rules import find_day
from registry.changes import Affected, Change, ChangeType, Edit, Revision
from registry.composition import compose
from registry.documents import Document, Tier, dump
from registry.effects import Documents, Replacements, overlay
from registry.going_live import replacements_of
from registry.guardrail_words import RuleDifference, rules_that_differ
from registry.names import Digest, Kind, Ref, kind_of
from registry.people import Person
from registry.state import Environment
from registry.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText:
    """A text, whole; a policy has its digest in place of a version.

    Attributes:
        review_by: The day by which it names itself to be looked at again.
    """

    version: str
    source: str
    review_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDifference:
    """One text that the change edits; `None` where there is none.

    Attributes:
        rules: Of a guardrail, the rules that are not as they were, in words.
    """

    document: str
    before: VersionText | None
    after: VersionText | None
    rules: tuple[RuleDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectDifference:
    """A document as it reads, includes resolved; `None` where there is none."""

    document: Ref
    tier: Tier
    owners: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Attributes:
    documents: What the change edits.
    effect: Everything that reads differently because of it.
    warnings: What is worth a look in what it puts in place, as of today.
    """

    documents: tuple[DocumentDifference, ...]
    effect: tuple[EffectDifference, ...]
    warnings: tuple[Advice, ...]


def environment_before(environment: Environment, number: int) -> Environment:
    """*environment* with what was live in it before event *number*."""
    low, high = 0, environment.seq
    while low < high:
        middle = (low + high + 1) // 2
        if environment.moments[middle].number < number:
            low = middle
        else:
            high = middle - 1
    live = environment.moments[low].live if low else HashTrieMap()
    return replace(environment, live=live)


def difference(
    then: Environment,
    change: Change,
    documents: Documents,
    *,
    today: date,
    people: Mapping[str, Person],
) -> Difference:
    """Args:
    then: The environment as it was when the current revision was made.
    today: The day to warn for.
    people: Everybody, as of now.
    """
    revision = change.revision
    replacements = replacements_of(revision, documents)
    before = overlay(then, {}, documents)
    after = overlay(then, replacements, documents)
    return Difference(
        documents=tuple(_document(edit, documents) for edit in revision.edits),
        effect=tuple(
            _effect(affected, replacements, before, after)
            for affected in revision.effect
        ),
        warnings=advise_all(
            (one.document for one in revision.effect if one.after is not None),
            after,
            today,
            people,
        ),
    )


def policy_difference(
    revision: Revision, environment: str, read: Callable[[Digest], bytes]
) -> Difference:
    """Args:
    read: Gives the text of a digest.
    """
    proposed = revision.proposed_policy
    before = revision.policy.digest
    return Difference(
        documents=(
            DocumentDifference(
                document=f"{ChangeType.POLICY}/{environment}",
                before=_policy(before, read(before).decode()),
                after=_policy(proposed.digest, proposed.source) if proposed else None,
                rules=(),
            ),
        ),
        effect=(),
        warnings=(),
    )


def _policy(digest: Digest, source: str) -> VersionText:
    return VersionText(version=digest, source=source, review_by=None)


def as_people_read(body: bytes) -> str:
    """A composed body as plain text: what is said, in its order, by whom."""
    value: dict[str, Json] = json.loads(body)
    if value["kind"] == "fragment":
        return str(value["text"])
    messages = value.get("messages")
    if not isinstance(messages, list):
        return dump({k: v for k, v in value.items() if k != "digest"}).decode()
    return "\n\n".join(_message(message) for message in messages)


def _message(message: Json) -> str:
    said: Mapping[str, Json] = message if isinstance(message, dict) else {}
    if "placeholder" in said:
        return f"[the messages of {said['placeholder']}]"
    return f"[{said['role']}]\n{said['content']}"


def _document(edit: Edit, documents: Documents) -> DocumentDifference:
    before = edit.base.digest if edit.base else None
    return DocumentDifference(
        document=edit.document,
        before=_text(before, documents),
        after=_text(edit.digest, documents),
        rules=_rules(*(documents[d] if d else None for d in (before, edit.digest))),
    )


def _rules(
    before: Document | None, after: Document | None
) -> tuple[RuleDifference, ...]:
    """What became of the rules of a guardrail; nothing of another kind."""
    one = after or before
    if one is None or kind_of(one.ref) is not Kind.GUARDRAIL:
        return ()
    return rules_that_differ(before, after)


def _text(digest: Digest | None, documents: Documents) -> VersionText | None:
    if digest is None:
        return None
    document = documents[digest]
    return VersionText(
        version=document.version,
        source=document.source.decode(),
        review_by=find_day(document.value.get("review_by")),
    )


def _effect(
    affected: Affected,
    replacements: Replacements,
    before: Callable[[Ref], Document],
    after: Callable[[Ref], Document],
) -> EffectDifference:
    name = affected.document
    goes = replacements.get(name, True) is None
    return EffectDifference(
        document=name,
        tier=affected.tier,
        owners=affected.owners,
        before=_read(name, before) if affected.before else None,
        after=None if goes else _read(name, after),
    )


def _read(name: Ref, get: Callable[[Ref], Document]) -> str:
    return as_people_read(compose(name, get).body)
