"""Results of checks: what was tried on a change, by us and by others.

What others tried is attached by a pipeline, which has no vote because of it.  A
result is bound to the exact content that it was taken of, by `content`; on
another content it says nothing.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from registry.names import Digest

MAX_EXAMPLES = 200
MAX_TEXT_CHARS = 4_000
"""Of each text of an example."""

QUOTA_TIME = timedelta(days=1)
"""In which somebody attaches so many results and no more."""


class OwnCheck(StrEnum):
    """What the registry itself looks at, in the order in which it is told.

    `registry.check_lines` says how; results of others have other names.
    """

    SCHEMA = "schema"
    BUMP = "bump"
    REFERENCES = "references"
    CASES = "cases"
    WEAKENING = "weakening"
    HIDDEN_TEXT = "hidden-text"
    SECRETS = "secrets"
    RETIREMENT = "retirement"
    PEOPLE = "people"


class Source(StrEnum):
    """Where the input of an example comes from."""

    CURATED = "curated"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One input, with what was answered before and after the change.

    Attributes:
        before: `None` where nothing was live before.
        verdict: `pass` or `fail`.
    """

    input: str
    before: str | None
    after: str
    verdict: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTotals:
    """What a pipeline found out about one content, in numbers.

    Attributes:
        name: The check's; a policy can require it.
        content: SHA-256 over the edited documents and their digests.
        passed: Whether the pipeline calls it passed; never more than `failed`
            and `threshold` allow.
        total: How many samples were tried.
        failed: How many of them failed.
        threshold: The share of samples that has to pass, 0 to 1; `None` for all.
        production: How many samples were inputs from production.
    """

    name: str
    content: Digest
    passed: bool
    total: int
    failed: int
    threshold: float | None
    production: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult(CheckTotals):
    """The whole of it.

    Attributes:
        examples: Some of the samples, to look at.
        link: Where the pipeline's own report is; `None` if nowhere.
    """

    examples: tuple[Example, ...]
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A result on a change: by whom, and when.

    Attributes:
        by_evaluator: Whether they held the role evaluator for all of it.
        event: The number of the event in which all of the result stands: examples
            are long, and stay out of the state.
    """

    by: str
    at: datetime
    by_evaluator: bool
    revision: int
    event: int
    result: CheckTotals


def totals(result: CheckResult) -> CheckTotals:
    """*result* without what is long."""
    kept = {field.name: getattr(result, field.name) for field in fields(CheckTotals)}
    return CheckTotals(**kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A required check that somebody in a seat does without, for a time.

    Attributes:
        review_digest: Of the one revision that it is for.
    """

    check: str
    by: str
    at: datetime
    seat: str
    reason: str
    review_digest: Digest
    expires: datetime
