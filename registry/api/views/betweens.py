"""What differs between two moments of one environment, with the texts."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from rpds import HashTrieMap
from sqlalchemy import Connection

from registry.api.views.differences import as_people_read
from registry.db.history import read_served
from registry.db.texts import read_text
from registry.documents import accepted
from registry.drift import Held, held
from registry.effects import used
from registry.guardrail_words import RuleDifference, rules_that_differ
from registry.names import Kind, Ref, kind_of
from registry.state import Environment, Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Held):
    """A document at a moment, and how it had come there.

    Attributes:
        source: Its own text.
        reads: What it read like, includes resolved, for people.
    """

    source: str
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A document that was another one, or read differently, at the second moment.

    Attributes:
        before: At the first moment; `None` if it was not live then.
        after: At the second.
        rules: Of a guardrail, the rules that are not as they were, in words.
    """

    document: Ref
    before: Text | None
    after: Text | None
    rules: tuple[RuleDifference, ...]


def differing(
    environment: Environment, before: int, after: int, start: Iterable[Ref] | None
) -> list[Ref]:
    """What was not the same at the seqs *before* and *after*, sorted.

    Args:
        start: Only these and what they used at either; `None` for everything.
    """
    was, now = _live(environment, before), _live(environment, after)
    if start is None:
        names = {*was, *now}
    else:
        start = tuple(start)
        names = {*used(was, start), *used(now, start)}
    return sorted(n for n in names if _content(was.get(n)) != _content(now.get(n)))


def between(
    connection: Connection, environment: Environment, before: int, after: int, name: Ref
) -> Between:
    was = _text(connection, environment, _live(environment, before).get(name))
    will = _text(connection, environment, _live(environment, after).get(name))
    return Between(
        document=name,
        before=was,
        after=will,
        rules=_rules(name, was, will),
    )


def _rules(
    name: Ref, before: Text | None, after: Text | None
) -> tuple[RuleDifference, ...]:
    if kind_of(name) is not Kind.GUARDRAIL:
        return ()
    was, will = (
        accepted(one.source.encode()) if one else None for one in (before, after)
    )
    return rules_that_differ(was, will)


def _live(environment: Environment, seq: int) -> "HashTrieMap[Ref, Live]":
    # Before the first seq nothing was live.
    return environment.moment(seq).live if seq else HashTrieMap()


def _content(live: Live | None) -> tuple[str, str] | None:
    return None if live is None else (live.document.digest, live.document.composed)


def _text(
    connection: Connection, environment: Environment, live: Live | None
) -> Text | None:
    told = held(environment, live)
    if live is None or told is None:
        return None
    return Text(
        **{field.name: getattr(told, field.name) for field in fields(told)},
        source=read_text(connection, live.document.digest).decode(),
        reads=as_people_read(read_served(connection, live.document.composed)),
    )
