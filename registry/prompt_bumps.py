"""What changes between two versions of a prompt or a fragment mean for callers.

 * major: an input was removed, became required or takes less; a placeholder came
   or went; a message was taken out, or messages changed places or speakers; the
   answer promises less; the text is read by another engine.
 * minor: an optional input came, an input takes more, has another default or need
   not be given any more; a message came; the answer promises more.
 * patch: wording, includes in it, cases.

What cannot be shown to be harmless counts as harmful, and the sentence says so.
"""

from collections.abc import Iterator, Mapping

from registry.bump_reasons import (
    Bump,
    Judge,
    Reason,
    listed,
    major,
    minor,
    one,
    patch,
    shown,
    texts,
)
from registry.inputs import declared
from registry.json_schemas import Schema
from registry.parts import as_list, as_mapping
from registry.schema_changes import INTRICATE, Shortfall, is_same, shortfalls
from registry.values import Json, same, spoken


def inputs_differ(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Whether callers have to, or may, give something else than before."""
    found = _inputs(before.get("inputs"), after.get("inputs"))
    return any(reason.bump is not Bump.PATCH for reason in found) or (
        _placeholders(before) != _placeholders(after)
    )


def _inputs(before: Json, after: Json) -> Iterator[Reason]:
    old, new = declared({"inputs": before}), declared({"inputs": after})
    was, will = as_mapping(old.get("properties")), as_mapping(new.get("properties"))
    for name in was:
        if name not in will:
            yield major(f"the input `{name}` was removed")
    for name in will:
        needed = name in texts(new.get("required"))
        if name not in was:
            yield (
                major(f"the required input `{name}` was added")
                if needed
                else minor(f"the optional input `{name}` was added")
            )
        else:
            yield from _input(name, old, new)


def _input(name: str, old: Schema, new: Schema) -> Iterator[Reason]:
    """What became of one input."""
    was, will = (as_mapping(one.get("properties"))[name] for one in (old, new))
    needed = [name in texts(one.get("required")) for one in (old, new)]
    if needed == [False, True]:
        yield major(f"the input `{name}` became required")
    if needed == [True, False]:
        yield minor(f"the input `{name}` need not be given any more")
    defaults = [as_mapping(one).get("default") for one in (was, will)]
    if not same(*defaults) and not any(needed):
        yield minor(f"the input `{name}` has another default")
    if is_same(was, will, roots=(old, new)):
        if not same(was, will):
            yield patch(f"what is said about the input `{name}` changed")
        return
    missing = shortfalls(was, will, roots=(old, new))
    for shortfall in missing:
        place = _place(name, shortfall)
        why = _less(shortfall, shortfall.narrow, shortfall.wide)
        yield major(f"the input `{place}` takes less: {why}")
    if not missing:
        yield minor(f"the input `{name}` takes more")


def _output(before: Json, after: Json) -> Iterator[Reason]:
    if before is None or after is None:
        said = "promised" if before is None else "no longer promised"
        yield major(f"an answer in JSON is {said}")
        return
    roots = as_mapping(before), as_mapping(after)
    if is_same(before, after, roots=roots):
        yield patch("what is said about the answer changed")
        return
    missing = shortfalls(after, before, roots=(roots[1], roots[0]), open_ended=True)
    for shortfall in missing:
        place = _place("output", shortfall)
        why = _less(shortfall, shortfall.wide, shortfall.narrow)
        yield major(f"the answer's `{place}` promises less: {why}")
    if not missing:
        yield minor("the answer promises more")


def _place(name: str, shortfall: Shortfall) -> str:
    return spoken((name, *shortfall.path))


def _less(shortfall: Shortfall, was: Json, will: Json) -> str:
    keyword = shortfall.keyword
    if keyword == INTRICATE:
        return "it is too intricate to compare, so that nothing could be shown"
    if not keyword:
        return "it was taken out"
    if keyword == "enum":
        value = was if was is not None else will
        return f"{shown(value)} does not fit on both sides"
    if was is None:
        return f"`{keyword}` {shown(will)} is new"
    if will is None:
        return f"`{keyword}` {shown(was)} is gone"
    return f"`{keyword}` {shown(was)} became {shown(will)}"


def _messages(before: Json, after: Json) -> Iterator[Reason]:
    old, new = _outline(before), _outline(after)
    if old == new:
        yield patch("the wording of a message changed")
        return
    places = [{name for kind, name in each if kind == "for"} for each in (old, new)]
    if gone := sorted(places[0] - places[1]):
        yield major(f"the placeholder {listed(gone)} was removed")
    if added := sorted(places[1] - places[0]):
        yield major(f"the placeholder {listed(added)} was added")
    if places[0] == places[1]:
        if _is_within(old, new):
            yield minor("a message was added")
        else:
            yield major("a message was removed, moved or given to another role")


def _outline(messages: Json) -> list[tuple[str, str]]:
    """Who speaks, and where messages of the caller go, in their order."""
    return [
        ("for", str(each["placeholder"]))
        if "placeholder" in each
        else ("by", str(each.get("role")))
        for each in map(as_mapping, as_list(messages))
    ]


def _placeholders(value: Mapping[str, Json]) -> set[str]:
    return {name for kind, name in _outline(value.get("messages")) if kind == "for"}


def _is_within(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> bool:
    """Whether *new* is *old* with something in between."""
    rest = iter(new)
    return all(each in rest for each in old)


JUDGES: dict[str, Judge] = {
    "template": one(Bump.MAJOR, "the text is read by another engine"),
    "inputs": _inputs,
    "messages": _messages,
    "output": _output,
    "text": one(Bump.PATCH, "the wording changed"),
    "cases": one(Bump.PATCH, "the cases changed"),
}
