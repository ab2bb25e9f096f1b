"""Patterns over names: `*` within a segment, `**` across segments.

Compiled with RE2, because a pattern is an author's text and must not explode.
"""

from collections.abc import Iterable
from functools import lru_cache

import re2


def fits_any(patterns: Iterable[str], name: str) -> bool:
    return any(fits(pattern, name) for pattern in patterns)


def fits(pattern: str, name: str) -> bool:
    return _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> "re2._Regexp[str]":
    escaped = re2.escape(pattern)
    across = escaped.replace(r"\*\*", ".*")
    return re2.compile(across.replace(r"\*", "[^/]*"))
