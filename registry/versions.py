"""Versions of documents, and ranges of versions.

* A version is a semantic version, `1.4.0` or `2.0.0-rc.1`, of at most 64
  characters, without a leading `v` and without build metadata: two names for
  one place in the order would make "higher" ambiguous.
* A range is one or more conditions joined by spaces, all of which must hold:
  `1.4.0` (exactly), `^1.4`, `~1.4`, `>=1.2`, `>1.2`, `<=1.2`, `<2`.
* `^` allows what does not change the leftmost number that is not zero, `~` what
  does not change the second number (of `~1`: the first).
* Parts may be left out after a sign: `^2.1` is `^2.1.0`, `>1.2` is above every
  1.2.x, and `<=1.2` takes every 1.2.x.
* A prerelease fits only if the range names a prerelease of the same three
  numbers: `^2.0.0-rc.1` allows `2.0.0-rc.2`, but not `2.1.0-rc.1`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from semver import Version

from registry.errors import Invalid

MAX_VERSION_CHARS = 64
MAX_RANGE_CHARS = 128
MAX_DIGITS = 9

_CONDITION = re.compile(
    r"(?P<sign>\^|~|>=|>|<=|<|)"
    r"(?P<major>0|[1-9][0-9]*)"
    r"(?:\.(?P<minor>0|[1-9][0-9]*)(?:\.(?P<patch>0|[1-9][0-9]*)"
    r"(?:-(?P<prerelease>[0-9A-Za-z.-]+))?)?)?\Z"
)


def parse_version(text: str) -> Version:
    """Raises:
    Invalid: It is not a semantic version as the rules above want it.
    """
    hint = "Write it like 1.4.0 or 2.0.0-rc.1, with quotes around it in a document."
    if len(text) > MAX_VERSION_CHARS:
        raise Invalid(
            f"a version has at most {MAX_VERSION_CHARS} characters", hint=hint
        )
    if text[:1] in {"v", "V"}:
        raise Invalid(f"{text!r} begins with a v", hint=f"Write {text[1:]}.")
    if "+" in text:
        raise Invalid(
            f"{text!r} carries build metadata, which has no place in an order",
            hint=f"Write {text.partition('+')[0]}.",
        )
    if not Version.is_valid(text):
        raise Invalid(f"{text!r} is not a semantic version", hint=hint)
    version = Version.parse(text)
    if max(version.major, version.minor, version.patch) >= 10**MAX_DIGITS:
        raise Invalid(
            f"the numbers of a version have at most {MAX_DIGITS} digits", hint=hint
        )
    return version


def compare(a: str, b: str) -> int:
    """Return -1, 0 or 1 as version *a* is below, equal to or above *b*.

    Raises:
        Invalid: One of them is not a version.
    """
    return parse_version(a).compare(parse_version(b))


def higher(a: str, b: str) -> bool:
    """Whether version *a* is above *b*.

    Raises:
        Invalid: One of them is not a version.
    """
    return compare(a, b) > 0


def check_range(text: str) -> str:
    """Return *text* if it is a range.

    Raises:
        Invalid: It is not; the message names the condition that is wrong.
    """
    _conditions(text)
    return text


def allows(range: str, version: str) -> bool:
    """Whether *version* lies in *range*.

    Raises:
        Invalid: The range is no range, or the version no version.
    """
    candidate = parse_version(version)
    conditions = _conditions(range)
    if candidate.prerelease and not any(
        named.prerelease and _core(named) == _core(candidate)
        for named in (condition.named for condition in conditions)
    ):
        return False
    return all(condition.holds(candidate) for condition in conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """From *least* (if any) up to but not including *below* (if any).

    `named` is the version that was written, missing parts as zeros.
    """

    named: Version
    least: Version | None = None
    below: Version | None = None
    exact: bool = False

    def holds(self, version: Version) -> bool:
        if self.exact:
            return version == self.named
        return (self.least is None or version >= self.least) and (
            self.below is None or version < self.below
        )


@lru_cache(maxsize=1024)
def _conditions(text: str) -> tuple[_Condition, ...]:
    if not text.split(" ", 1)[0] or len(text) > MAX_RANGE_CHARS:
        raise Invalid(
            f"a range has between 1 and {MAX_RANGE_CHARS} characters, no space first",
            hint="To allow every version, leave the range out.",
        )
    return tuple(_condition(part) for part in text.split(" "))


def _condition(text: str) -> _Condition:
    match = _CONDITION.match(text)
    if match is None:
        raise Invalid(
            f"{text!r} is not a condition on versions",
            hint="Write 1.4.0, ^1.4, ~1.4, >=1.2, >1.2, <=1.2 or <2, "
            "with one space between two of them.",
        )
    sign = match["sign"]
    if not sign and match["patch"] is None:
        raise Invalid(
            f"{text!r} is only part of a version",
            hint=f"Write ~{text} for every {text}.x, or all three numbers.",
        )
    return _MEANINGS[sign](_named(match), _after(match))


def _named(match: re.Match[str]) -> Version:
    numbers = ".".join(match[part] or "0" for part in ("major", "minor", "patch"))
    prerelease = match["prerelease"]
    return parse_version(f"{numbers}-{prerelease}" if prerelease else numbers)


def _after(match: re.Match[str]) -> Version | None:
    """The first version after all that a partial one stands for."""
    if match["minor"] is None:
        return Version(int(match["major"]) + 1)
    if match["patch"] is None:
        return Version(int(match["major"]), int(match["minor"]) + 1)
    return None


def _core(version: Version) -> tuple[int, int, int]:
    return version.major, version.minor, version.patch


def _next(version: Version) -> Version:
    """The lowest version above *version*."""
    if version.prerelease:
        return version.replace(prerelease=f"{version.prerelease}.0")
    return version.bump_patch().replace(prerelease="0")


def _caret(named: Version, after: Version | None) -> _Condition:
    if named.major:
        below = Version(named.major + 1)
    elif after is not None and not named.minor:
        below = after
    elif named.minor:
        below = Version(0, named.minor + 1)
    else:
        below = Version(0, 0, named.patch + 1)
    return _Condition(named=named, least=named, below=below)


def _tilde(named: Version, after: Version | None) -> _Condition:
    below = after or Version(named.major, named.minor + 1)
    return _Condition(named=named, least=named, below=below)


_MEANINGS: dict[str, Callable[[Version, Version | None], _Condition]] = {
    "": lambda named, _: _Condition(named=named, exact=True),
    "^": _caret,
    "~": _tilde,
    ">=": lambda named, _: _Condition(named=named, least=named),
    ">": lambda named, after: _Condition(named=named, least=after or _next(named)),
    "<": lambda named, _: _Condition(named=named, below=named),
    "<=": lambda named, after: _Condition(named=named, below=after or _next(named)),
}
