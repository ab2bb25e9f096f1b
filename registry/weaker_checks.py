"""Whether a check still finds everything that it found, judged by its form.

The judgement is *careful*: where nothing is told, whatever the one check found the
other finds as well; where something is told, there may still be nothing that slips
through, and a person has to say so.

 * A longer list of what is looked for finds more, a longer list of what is allowed
   finds less, and so does any further condition.
 * Of two patterns nobody can tell which finds more, unless one of them is the other
   with `|` and more behind it.  For a redaction not even then: a longer match can
   take the beginning of what was found, and leave its end.
 * A JSON Schema that takes nothing new finds as much as before.
 * An engine that is run elsewhere may find anything.
"""

from collections.abc import Callable, Iterator

from placet.guardrails.hidden_text import DEFAULT_CLASSES
from placet.guardrails.patterns import compiled
from placet.guardrails.pii.context import phrases
from placet.guardrails.regexes import MAX_WORK
from placet.guardrails.texts import MAX_BYTES
from registry.errors import Invalid
from registry.parts import Part, mapping, mappings, texts, whole
from registry.patterns import check_pattern, difference
from registry.schema_changes import shortfalls
from registry.values import Json, canonical, quoted, same

MAX_LISTED = 5


def losses(before: Part, after: Part, *, redacts: bool) -> Iterator[str]:
    """Tell how *after* may find less than *before*, in sentences about `it`.

    Args:
        redacts: It matters where in the text something is found.
    """
    if same(before, after) or _is_within(before, after, redacts=redacts):
        return
    old, new = str(before["type"]), str(after["type"])
    if old != new:
        yield f"it was a check {old} and is a check {new}: it may find less"
    elif old == "regex":
        yield from _regex(before, after, redacts)
    elif old in ("any_of", "all_of"):
        yield from _group(before, after, redacts)
    else:
        yield from _OF_TYPE[old](before, after)


def listed(names: list[str]) -> str:
    """*names* in quotes, the first few of them."""
    shown = ", ".join(map(quoted, names[:MAX_LISTED]))
    more = len(names) - MAX_LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def _is_within(before: Part, after: Part, *, redacts: bool) -> bool:
    """A check is never less than itself or another, nor than itself and another."""
    if after["type"] == "any_of":
        return any(same(before, inner) for inner in mappings(after, "checks"))
    if before["type"] == "all_of" and not redacts:
        return any(same(inner, after) for inner in mappings(before, "checks"))
    return False


def _regex(before: Part, after: Part, redacts: bool) -> Iterator[str]:
    old, new = str(before["pattern"]), str(after["pattern"])
    if old != new and (redacts or not _is_alternative(old, new)):
        was, now = map(quoted, difference(old, new))
        yield f"its pattern was {was} and is {now}: it may find less"
    if not before.get("case_sensitive", True) and after.get("case_sensitive", True):
        yield "it finds only upper and lower case as written"


def _is_alternative(old: str, new: str) -> bool:
    """Whether *new* is *old*, or something else.

    One that is too large for a long text is none: the text would not be checked.
    """
    rest = new.removeprefix(old + "|")
    if rest == new or "\\Q" in old:
        return False
    try:
        beside = bool(check_pattern(old) and check_pattern(rest))
    except Invalid:
        return False
    return beside and compiled(new).programsize * MAX_BYTES <= MAX_WORK


def _keyword(before: Part, after: Part) -> Iterator[str]:
    was_any_case, any_case = (
        not check.get("case_sensitive", False) for check in (before, after)
    )
    was, now = (check.get("match", "word") for check in (before, after))
    if gone := _missing(texts(before, "terms"), texts(after, "terms"), any_case):
        yield f"it no longer looks for {listed(gone)}"
    if was_any_case and not any_case:
        yield "it finds only upper and lower case as written"
    if (was, now) == ("substring", "word"):
        yield "it finds whole words only, and found parts of words"
    fits_more = (any_case and not was_any_case) or (was, now) == ("word", "substring")
    if new := _missing(texts(after, "unless"), texts(before, "unless"), was_any_case):
        yield f"it makes an exception of {listed(new)}"
    elif fits_more and "unless" in after:
        yield "its exceptions hold for more texts"
    if "near" in after:
        yield from _near(before, after, any_case, fits_more)


def _near(before: Part, after: Part, any_case: bool, fits_more: bool) -> Iterator[str]:
    """Of phrases at one place the longest counts, and one is not near itself."""
    old, new = mapping(before, "near"), mapping(after, "near")
    words = texts(new, "terms")
    if not old:
        yield f"it counts a term only near {listed(words)}"
        return
    if gone := _missing(texts(old, "terms"), words, any_case):
        yield f"it no longer counts a term near {listed(gone)}"
    if whole(new, "within", 0) < whole(old, "within", 0):
        yield f"it counts a term only within {new['within']} words of another"
    longer = [
        *_longer(texts(before, "terms"), texts(after, "terms")),
        *_longer(texts(old, "terms"), words),
    ]
    if longer or fits_more:
        yield "what it finds may reach over what has to be near: it may find less"


def _longer(before: list[str], after: list[str]) -> list[str]:
    """What goes on where something ends that was there before."""
    known = {name.lower() for name in before}
    return [
        name
        for name in _missing(after, before)
        if any(name.lower()[:end] in known for end in range(1, len(name)))
    ]


def _pii(before: Part, after: Part) -> Iterator[str]:
    for part in ("entities", "regions"):
        if gone := _missing(texts(before, part), texts(after, part)):
            yield f"it no longer looks for {part} {listed(gone)}"
    if not before.get("require_checksum", True) and after.get("require_checksum", True):
        yield "it finds only numbers whose checksum is right"
    was, now = (
        sorted(phrases(texts(check, "context_words"))) for check in (before, after)
    )
    if now and not was:
        yield f"it counts what it finds only near {listed(now)}"
    elif gone := _missing(was, now, any_case=True):
        yield f"it no longer counts what it finds near {listed(gone)}"


def _secret(before: Part, after: Part) -> Iterator[str]:
    if gone := _missing(texts(before, "detectors"), texts(after, "detectors")):
        yield f"it no longer looks for {listed(gone)}"


def _length(before: Part, after: Part) -> Iterator[str]:
    if before["unit"] != after["unit"]:
        yield f"it counts {after['unit']} instead of {before['unit']}: it may find less"
        return
    least, most = whole(before, "min", 0), before.get("max")
    if whole(after, "min", 0) < least:
        yield f"it lets shorter texts pass: its min was {least:,}"
    if isinstance(most, int) and whole(after, "max", most + 1) > most:
        yield f"it lets longer texts pass: its max was {most:,}"


def _json_schema(before: Part, after: Part) -> Iterator[str]:
    if before.get("extract", "whole") != after.get("extract", "whole"):
        yield "another part of the text must fit the schema: it may find less"
    old, new = mapping(before, "schema"), mapping(after, "schema")
    for short in shortfalls(new, old, roots=(new, old))[:1]:
        where = ".".join(short.path) or "the whole"
        yield f"its schema may take more: at {where}, {short.keyword} is another"


def _url_allowlist(before: Part, after: Part) -> Iterator[str]:
    schemes = [after.get("schemes", ["https"]), before.get("schemes", ["https"])]
    now, was = (texts({"schemes": each}, "schemes") for each in schemes)
    for part, added in (
        ("hosts", _missing(texts(after, "domains"), texts(before, "domains"))),
        ("schemes", _missing(now, was)),
    ):
        if added:
            yield f"it allows the {part} {listed(added)}"
    if after.get("allow_subdomains", False) and not before.get("allow_subdomains"):
        yield "it allows every host below a listed one"


def _language(before: Part, after: Part) -> Iterator[str]:
    if added := _missing(texts(after, "allowed"), texts(before, "allowed")):
        yield f"it allows the languages {listed(added)}"
    was, now = (each.get("undetermined", "pass") for each in (before, after))
    if (was, now) == ("trigger", "pass"):
        yield "it lets texts pass whose language cannot be told"
    least, new = (whole(each, "min_chars", 20) for each in (before, after))
    if new > least and now == "pass":
        yield f"it lets texts below {new:,} characters pass; it was {least:,}"
    if new < least and was == "trigger":
        yield f"it judges texts below {least:,} characters: it may let some pass"


def _hidden_text(before: Part, after: Part) -> Iterator[str]:
    was, now = (
        texts(check, "classes") or list(DEFAULT_CLASSES) for check in (before, after)
    )
    if gone := _missing(was, now):
        yield f"it no longer looks for {listed(gone)}"


def _tool_call(before: Part, after: Part) -> Iterator[str]:
    if before["decision"] != after["decision"]:
        yield f"its decision is {after['decision']}: it may let other calls pass"
        return
    was, now = texts(before, "tools"), texts(after, "tools")
    old, new = mapping(before, "args"), mapping(after, "args")
    if after["decision"] == "deny":
        if gone := _missing(was, now):
            yield f"it no longer denies {listed(gone)}"
        if narrower := [name for name in new if new[name] != old.get(name)]:
            yield f"it denies only calls with certain arguments: {listed(narrower)}"
    else:
        if added := _missing(now, was):
            yield f"it allows {listed(added)}"
        if wider := [name for name in old if old[name] != new.get(name)]:
            yield f"it asks less, or something else, of the arguments {listed(wider)}"


def _external(before: Part, after: Part) -> Iterator[str]:
    if before["engine"] != after["engine"]:
        engines = f"{before['engine']} and is {after['engine']}"
        yield f"its engine was {engines}: it may find less"
    if not same(before.get("config", {}), after.get("config", {})):
        yield "its engine is given another config: it may find less"


def _group(before: Part, after: Part, redacts: bool) -> Iterator[str]:
    """Each part of `any_of` has to be kept; each of `all_of` has to have been there."""
    either = before["type"] == "any_of"
    old, new = _others(before, after), _others(after, before)
    for check in old if either else new:
        others = new if either else old
        pair = next((o for o in others if o["type"] == check["type"]), None)
        if pair is not None:
            one, other = (check, pair) if either else (pair, check)
            told = losses(one, other, redacts=redacts)
            yield from (f"in its part {check['type']}, {loss}" for loss in told)
        elif either:
            yield f"its part {check['type']} is gone"
        else:
            yield f"its new part {check['type']} has to trigger as well"
    if old and redacts and not either:
        yield "it may find other places: parts of all_of are gone"


def _others(group: Part, than: Part) -> list[dict[str, Json]]:
    """The parts of one group that the other one does not have."""
    known = {canonical(check) for check in mappings(than, "checks")}
    return [c for c in mappings(group, "checks") if canonical(c) not in known]


def _missing(wanted: list[str], there: list[str], any_case: bool = False) -> list[str]:
    """Those of *wanted* that are not *there*.

    Case is folded as RE2 does it: a letter stays one letter.
    """
    keys = {(len(name), name.lower()) if any_case else name for name in there}
    return [
        name
        for name in wanted
        if ((len(name), name.lower()) if any_case else name) not in keys
    ]


_OF_TYPE: dict[str, Callable[[Part, Part], Iterator[str]]] = {
    "keyword": _keyword,
    "pii": _pii,
    "secret": _secret,
    "length": _length,
    "json_schema": _json_schema,
    "url_allowlist": _url_allowlist,
    "language": _language,
    "hidden_text": _hidden_text,
    "tool_call": _tool_call,
    "external": _external,
}
