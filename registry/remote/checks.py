"""Values of checks: what was looked at and tried in a change.

What each member means is told by the registry's own `registry.check_lines` and
`registry.check_results`; here it is as it comes over the wire.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Attributes:
    line: Of the document's text; 0 when it concerns all of it.
    """

    check: str
    state: str
    sentence: str
    document: str | None
    line: int
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStanding:
    name: str
    state: str
    met: bool
    why: str
    could_waive: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    check: str
    by: str
    at: datetime
    seat: str
    reason: str
    review_digest: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    input: str
    before: str | None
    after: str
    verdict: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    name: str
    content: str
    passed: bool
    total: int
    failed: int
    threshold: float | None
    production: int
    examples: tuple[Example, ...]
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Attributes:
    counts: Whether it is the last of its name on what is proposed now.
    contributed: Whether whoever attached it has worked on the change.
    evaluator: Whether they were an evaluator; else it meets no requirement.
    """

    by: str
    at: datetime
    revision: int
    counts: bool
    contributed: bool
    evaluator: bool
    result: Result
