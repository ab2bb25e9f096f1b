"""Rules about patterns, from regular expressions of other engines.

Python's `re` reads more than RE2, and reads some of it differently: what RE2 does
not take is a leftover with RE2's own words, and the differences are told once.
"""

import re

from registry.errors import Invalid
from registry.imports.examples import texts_for
from registry.imports.results import Notes
from registry.imports.rules import BOTH_WAYS, RuleDraft
from registry.patterns import check_pattern
from registry.values import Json

_DIFFERS = re.compile(r"\\[wdsbWDSB]")


def pattern_rule(
    id: str,
    where: str,
    pattern: str,
    notes: Notes,
    *,
    message: str,
    title: str = "",
    action: str = "block",
    severity: str = "high",
    stages: tuple[str, ...] = BOTH_WAYS,
    case_sensitive: bool = False,
    context: str = "",
) -> RuleDraft | None:
    """A rule for *pattern*; None, and told, if RE2 does not take it.

    Args:
        context: A pattern that has to be found in the same text.
    """
    for one in (pattern, context):
        try:
            if one or not context:
                check_pattern(one)
        except Invalid as error:
            notes.add(where, f"{error}: the rule was left out.")
            return None
    if _DIFFERS.search(pattern + context):
        told = "`\\w`, `\\d`, `\\s` and `\\b` are ASCII here; in Python they are not."
        notes.add("", told)
    if "$" in pattern:
        notes.add("", "`$` is the very end here; in Python also before a last newline.")
    check = _regex(pattern, case_sensitive)
    found = texts_for(pattern)
    if context:
        check = {"type": "all_of", "checks": [check, _regex(context, case_sensitive)]}
        around = next(texts_for(context), "")
        found = (f"{around} {text}" for text in texts_for(pattern))
        notes.add(where, "Its context may stand anywhere in the text here.")
    return RuleDraft(
        id=id,
        where=where,
        title=title,
        stages=stages,
        check=check,
        action=action,
        severity=severity,
        message=message,
        found=found,
    )


def _regex(pattern: str, case_sensitive: bool) -> dict[str, Json]:
    return {"type": "regex", "pattern": pattern, "case_sensitive": case_sensitive}
