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
_WHOLE_SETS = re.compile(r"\[(?:\\s\\S|\\S\\s|\\w\\W|\\W\\w|\\d\\D|\\D\\d)\]")
_OTHERWISE = re.compile(r"\\\\|\\[wdsbWDSB]|\[\[:|\{,")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


def for_re2(pattern: str) -> str:
    """The same pattern with what Python writes otherwise: `\\Z` and `\\u200b`."""
    return _ESCAPE.sub(_escaped, pattern)


def reads_otherwise(pattern: str) -> bool:
    """Whether Python and RE2 read some of it each in its own way."""
    found = _OTHERWISE.findall(_WHOLE_SETS.sub(".", pattern))
    return any(each != "\\\\" for each in found)


def _escaped(found: re.Match[str]) -> str:
    if found[3] is None:
        return rf"\x{{{(found[1] or found[2]).lstrip('0') or '0'}}}"
    return r"\z" if found[3] == "Z" else found[0]


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
    pattern, context = for_re2(pattern), for_re2(context)
    for one in (pattern, context):
        try:
            if one or not context:
                check_pattern(one)
        except Invalid as error:
            notes.add(where, f"{error}: the rule was left out.")
            return None
    if _DIFFERS.search(pattern + context):
        told = "`\\w`, `\\d`, `\\s` and `\\b` are ASCII here; in Python they are not."
        notes.add_of(id, told)
    if "$" in pattern:
        told = "`$` is the very end here; in Python also before a last newline."
        notes.add_of(id, told)
    check = _regex(pattern, case_sensitive)
    found = texts_for(pattern)
    if context:
        check = {"type": "all_of", "checks": [check, _regex(context, case_sensitive)]}
        around = next(texts_for(context), "")
        found = (f"{around} {text}" for text in texts_for(pattern))
        told = "What has to stand near by may stand anywhere in the text here."
        notes.add_of(id, told)
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
