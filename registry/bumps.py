"""Bumps: the smallest step that a document's version may take.

 * The step is computed from what differs between what is live and what is to
   replace it, by the rules of the kind; the biggest reason counts.  Any other
   bytes are a step of patch at least.
 * A version takes a step if it is, but for a prerelease, at or above the first
   version of that step: after 1.4.2 that is 2.0.0 for major, 1.5.0 for minor and
   1.4.3 for patch.  `2.0.0-rc.1` is major already.
 * Below 1.0.0 each step is one place lower, as `^` has it: after 0.4.2 a major
   step is 0.5.0, a minor one and a patch are 0.4.3.
 * After a prerelease its own release is the first version of every step that the
   prerelease has taken already: after 2.0.0-rc.1 everything may go into 2.0.0.

A document that was never live where it is proposed takes no step.  Nor does a
promotion or a rollback, which bring versions as they are: a version was earned
where it first went live, and between two environments there may be several.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from semver import Version

from registry import (
    binding_bumps,
    bot_bumps,
    glossary_bumps,
    guardrail_bumps,
    prompt_bumps,
)
from registry.bump_reasons import Bump, Judge, Reason, judge_parts, one, shorten
from registry.documents import Document
from registry.names import Kind, Ref, kind_of
from registry.values import Json
from registry.versions import higher, parse_version

MAX_TOLD = 5
"""How many reasons a sentence names."""

MAX_REASONS = 50

_ENVELOPE: dict[str, Judge] = {
    "owner": one(Bump.PATCH, "the owner changed"),
    "description": one(Bump.PATCH, "the description changed"),
    "tier": one(Bump.PATCH, "the tier changed"),
    "review_by": one(Bump.PATCH, "the day of its next review changed"),
    "labels": one(Bump.PATCH, "the labels changed"),
}
_JUDGES: dict[Kind, Mapping[str, Judge]] = {
    Kind.PROMPT: prompt_bumps.JUDGES,
    Kind.FRAGMENT: prompt_bumps.JUDGES,
    Kind.GUARDRAIL: guardrail_bumps.JUDGES,
    Kind.BINDING: binding_bumps.JUDGES,
    Kind.GLOSSARY: glossary_bumps.JUDGES,
    Kind.BOT: bot_bumps.JUDGES,
}


def reasons(before: Document, after: Document) -> tuple[Reason, ...]:
    """Every difference, the ones that ask for the biggest step first.

    Empty exactly when the two have the same bytes.
    """
    if before.digest == after.digest:
        return ()
    found = list(_reasons(before, after))
    if not found:
        found = [Reason(bump=Bump.PATCH, sentence="only its form changed")]
    return tuple(sorted(found, key=lambda reason: -reason.bump.rank))


def deciding(found: Iterable[Reason]) -> tuple[Reason, ...]:
    """Those of *found* that ask for the biggest step."""
    found = tuple(found)
    biggest = max((reason.bump.rank for reason in found), default=0)
    return tuple(reason for reason in found if reason.bump.rank == biggest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From the version that is live to the one that is proposed.

    Attributes:
        bump: What the difference asks for.
        smallest: The lowest version that takes it and names nothing yet.
        reasons: The differences that ask for that bump, at most 50.
    """

    document: Ref
    live: str
    version: str
    bump: Bump
    smallest: str
    reasons: tuple[str, ...]

    @property
    def is_up(self) -> bool:
        return higher(self.version, self.live)

    @property
    def is_enough(self) -> bool:
        return self.is_up and takes(self.bump, self.live, self.version)

    @property
    def because(self) -> str:
        """The first reasons, and how many more there are."""
        more = len(self.reasons) - MAX_TOLD
        told = "; ".join(self.reasons[:MAX_TOLD])
        return f"{told}; and {more} more" if more > 0 else told


def step(before: Document, after: Document, *, is_taken: Callable[[str], bool]) -> Step:
    """The step from *before*, which is live, to *after*, which has other bytes.

    Args:
        is_taken: Whether a version of the document names some bytes already.
    """
    found = deciding(reasons(before, after))
    bump = found[0].bump
    smallest = _first(parse_version(before.version), bump)
    while is_taken(str(smallest)):
        smallest = smallest.bump_patch()
    return Step(
        document=after.ref,
        live=before.version,
        version=after.version,
        bump=bump,
        smallest=str(smallest),
        reasons=tuple(
            dict.fromkeys(shorten(reason.sentence) for reason in found[:MAX_REASONS])
        ),
    )


def taken(step: Step | None, version: str, change: int | None) -> str:
    """What is said of a version that stands for another text already.

    Args:
        step: From what it takes the place of, if from anything.
        change: Which change it went live by, if by one that is known.
    """
    by = "" if change is None else f" (change {change})"
    free = f"; the next free {step.bump} is {step.smallest}" if step else ""
    return f"{version} stands for another text already{by}{free}"


def first_version(live: str, bump: Bump) -> str:
    """The lowest version without a prerelease that takes the step from *live*."""
    return str(_first(parse_version(live), bump))


def takes(bump: Bump, live: str, version: str) -> bool:
    """Whether *version*, which is above *live*, takes the step."""
    proposed = parse_version(version)
    return proposed.replace(prerelease=None) >= _first(parse_version(live), bump)


def _first(live: Version, bump: Bump) -> Version:
    release = live.replace(prerelease=None)
    lowered = bump.rank - (0 if live.major else 1)
    if lowered >= Bump.MAJOR.rank:
        started, following = (live.minor, live.patch) == (0, 0), release.bump_major()
    elif lowered == Bump.MINOR.rank:
        started, following = live.patch == 0, release.bump_minor()
    else:
        started, following = True, release.bump_patch()
    return release if live.prerelease and started else following


def _reasons(before: Document, after: Document) -> Iterator[Reason]:
    kind = kind_of(before.ref)
    if kind is Kind.GUARDRAIL:
        yield from guardrail_bumps.weaker(before, after)
    judges = {**_ENVELOPE, **_JUDGES[kind]}
    yield from judge_parts(_own(before), _own(after), judges)


def _own(document: Document) -> dict[str, Json]:
    """What the document says, but for the version itself."""
    return {part: said for part, said in document.value.items() if part != "version"}
