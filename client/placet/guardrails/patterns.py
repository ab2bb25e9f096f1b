"""Regular expressions, always RE2's: linear time whatever pattern and text.

RE2 knows no lookaround and no backreferences, and its `\\d`, `\\w` and `\\b` are
ASCII.  A pattern matches anywhere in a text unless `\\A` and `\\z` hold it.

A text is taken as `str`, with positions in code points, or as its UTF-8 bytes,
with positions in bytes.  A `str` with half a surrogate pair has no UTF-8: replace
it first (`placet.guardrails.texts.readable`).
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from types import ModuleType
from typing import Any, Protocol, cast

from placet.errors import Unsupported

EXTRA = 'pip install "placet[guardrails]"'
MAX_PATTERN_CHARS = 2_000
MAX_MEMORY_BYTES = 8 * 2**20


class PatternInvalid(ValueError):
    """It is too long, or RE2 does not take it."""


class Match(Protocol):
    def span(self, group: int = 0, /) -> tuple[int, int]:
        """(-1, -1) for a group that took no part."""
        ...


class Regexp(Protocol):
    """As much of RE2's regular expressions as is used here."""

    def search(
        self, text: str | bytes, pos: int | None = None, endpos: int | None = None, /
    ) -> Match | None: ...

    def match(
        self, text: str | bytes, pos: int | None = None, endpos: int | None = None, /
    ) -> Match | None: ...

    def fullmatch(self, text: str | bytes, /) -> Match | None: ...

    def finditer(self, text: str | bytes, /) -> Iterator[Match]: ...

    @property
    def programsize(self) -> int: ...


@lru_cache(maxsize=512)
def compiled(
    pattern: str,
    *,
    case_sensitive: bool = True,
    longest: bool = False,
    captures: bool = True,
) -> Regexp:
    """Compile what an author wrote.

    Args:
        longest: Of the matches that begin at one place, find the longest.
        captures: Remember where the groups matched, which takes longer.

    Raises:
        PatternInvalid: It is too long, or RE2 does not take it.
        Unsupported: RE2 is not installed.
    """
    if len(pattern) > MAX_PATTERN_CHARS:
        raise PatternInvalid(
            f"the pattern has {len(pattern):,} characters, at most "
            f"{MAX_PATTERN_CHARS:,} are taken"
        )
    return compiled_long(
        pattern, case_sensitive=case_sensitive, longest=longest, captures=captures
    )


def compiled_long(
    pattern: str,
    *,
    case_sensitive: bool = True,
    longest: bool = False,
    captures: bool = True,
) -> Regexp:
    """The same without a limit to its length, for what our own code puts together.

    Raises:
        PatternInvalid: RE2 does not take it.
        Unsupported: RE2 is not installed.
    """
    engine = re2()
    given = options(case_sensitive=case_sensitive)
    given.longest_match = longest
    given.never_capture = not captures
    try:
        return cast(Regexp, engine.compile(pattern, given))
    except UnicodeEncodeError:
        raise PatternInvalid("the pattern holds half of a surrogate pair") from None
    except engine.error as error:
        said = error.args[0] if error.args else b"it is no pattern"
        told = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise PatternInvalid(f"RE2 does not take the pattern: {told}") from None


def escape(text: str) -> str:
    """A pattern that matches exactly *text*."""
    return cast(str, re2().escape(text))


def options(*, case_sensitive: bool) -> Any:  # noqa: ANN401 (RE2 has no types)
    """RE2's options: its limit of memory, and silence on standard error."""
    given = re2().Options()
    given.max_mem = MAX_MEMORY_BYTES
    given.log_errors = False
    given.case_sensitive = case_sensitive
    return given


@cache
def re2() -> ModuleType:
    """Raises:
    Unsupported: RE2 is not installed.
    """
    try:
        import re2
    except ImportError:
        raise missing("google-re2") from None
    return cast(ModuleType, re2)


def missing(package: str) -> Unsupported:
    """The error of whoever needs *package*, which comes with the extra."""
    return Unsupported(
        f"guardrails need {package}, which is not installed", hint=f"Run `{EXTRA}`."
    )
