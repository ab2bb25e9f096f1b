"""Why a version has to rise, and by how much.

A *bump* is the step from one version to the next:

 * major: callers must change something, or are protected less.
 * minor: they may change something, and need not.
 * patch: wording, and whatever else no caller notices.

What a rule finds between two versions of a document it states as *reasons*,
each with the bump that it asks for.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from registry.parts import as_list, as_mapping
from registry.values import Json, same

MAX_SHOWN = 60
"""How much of a value a reason quotes, in characters."""


MAX_SENTENCE_CHARS = 300


class Bump(StrEnum):
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """Higher for a bigger step."""
        return list(Bump).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One difference between two versions.

    Attributes:
        sentence: What it is, in the past tense, for people.
    """

    bump: Bump
    sentence: str


Judge: TypeAlias = Callable[[Json, Json], Iterator[Reason]]
"""What the difference between two values of one part asks for; `None` is absent."""


Became: TypeAlias = Callable[[Mapping[str, Json], Mapping[str, Json]], Iterator[Reason]]
"""The same for two things of one name."""


def major(sentence: str) -> Reason:
    return Reason(bump=Bump.MAJOR, sentence=sentence)


def minor(sentence: str) -> Reason:
    return Reason(bump=Bump.MINOR, sentence=sentence)


def patch(sentence: str) -> Reason:
    return Reason(bump=Bump.PATCH, sentence=sentence)


def judge_parts(
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    judges: Mapping[str, Judge],
    *,
    within: str = "",
) -> Iterator[Reason]:
    """What the parts that differ ask for, each by its judge.

    A part without one is major: nobody has said that callers can bear it.

    Args:
        within: What the parts belong to, such as `target`.
    """
    for part in dict.fromkeys([*before, *after]):
        old, new = before.get(part), after.get(part)
        if same(old, new) and (part in before) == (part in after):
            continue
        if part in judges:
            yield from judges[part](old, new)
        else:
            yield major(f"`{within}{part}` changed, and no rule says what that means")


def one(bump: Bump, sentence: str) -> Judge:
    """A judge for a part of which every difference asks for the same."""

    def judge(_: Json, __: Json) -> Iterator[Reason]:
        yield Reason(bump=bump, sentence=sentence)

    return judge


def judge_listed(
    before: Json, after: Json, *, what: str, key: str, became: Became
) -> Iterator[Reason]:
    """What came to a list of named things, what left it, and what became of the rest.

    Args:
        what: What each is, such as `tool`.
        became: What the difference between two of the same name asks for.
    """
    was, will = by_name(before, key), by_name(after, key)
    if len(was) < len(as_list(before)) or len(will) < len(as_list(after)):
        yield major(f"a {what} is there twice, so that nothing can be shown")
    for name in was:
        if name not in will:
            yield major(f"the {what} `{shown(name)}` was removed")
        elif not same(dict(was[name]), dict(will[name])):
            yield from became(was[name], will[name])
    for name in will:
        if name not in was:
            yield minor(f"the {what} `{shown(name)}` was added")
    if was.keys() == will.keys() and list(was) != list(will):
        yield patch(f"the order of the {what}s changed")


def by_name(listed: Json, key: str = "name") -> dict[str, Mapping[str, Json]]:
    """The mappings of a list, each by what it is called."""
    return {str(each.get(key)): each for each in map(as_mapping, as_list(listed))}


def texts(value: Json) -> list[str]:
    """The texts of a list."""
    return list(map(str, as_list(value)))


def shorten(sentence: str) -> str:
    """*sentence*, cut where nobody would read on."""
    if len(sentence) <= MAX_SENTENCE_CHARS:
        return sentence
    return sentence[:MAX_SENTENCE_CHARS] + "..."


def shown(value: Json) -> str:
    """*value* as a sentence quotes it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, each in backticks."""
    return ", ".join(f"`{shown(name)}`" for name in names)
