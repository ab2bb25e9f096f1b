"""Regular expressions, always RE2's: linear time whatever the text.

RE2 knows no lookaround and no backreferences, and its `\\d`, `\\w` and `\\b` are
ASCII.  A pattern matches anywhere in a text unless `^` and `$` hold it.
"""

from functools import lru_cache
from typing import Protocol

import re2

from registry.errors import Invalid

MAX_PATTERN_CHARS = 1_000
MAX_PATTERN_BYTES = 8 * 2**20

_OPTIONS = re2.Options()
_OPTIONS.max_mem = MAX_PATTERN_BYTES
_OPTIONS.log_errors = False


def check_pattern(pattern: str) -> str:
    """Return *pattern* if RE2 takes it.

    Raises:
        Invalid: It is too long, or RE2 does not take it.
    """
    if len(pattern) > MAX_PATTERN_CHARS:
        hint = f"Keep it under {MAX_PATTERN_CHARS} characters."
        raise Invalid("the pattern is too long", hint=hint)
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else b"it is no pattern"
        told = said.decode(errors="replace") if isinstance(said, bytes) else said
        hint = "RE2 has no lookaround and no backreferences; write it without them."
        raise Invalid(f"RE2 does not take the pattern: {told}", hint=hint) from error
    return pattern


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern that was checked matches anywhere in *text*."""
    try:
        return _compiled(pattern).search(text) is not None
    except UnicodeEncodeError:  # half a character, which no pattern describes
        return False


class _Pattern(Protocol):
    def search(self, text: str) -> object: ...


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> _Pattern:
    regexp: _Pattern = re2.compile(pattern, _OPTIONS)
    return regexp
