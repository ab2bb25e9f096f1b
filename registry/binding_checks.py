"""What must hold between model bindings.

A fallback answers in the place of its binding, so whatever was agreed to for the
binding must hold for the fallback as well:

 * What is said goes nowhere where it does not go already, and is not trained on
   unless it is already.
 * Its tier is not higher: what may do more harm was agreed to by others.
 * Fallbacks lead to an end.

Whether a fallback is there, in a version that fits, is told with everything else
that documents name.  That it may be retired earlier is no mistake: the older model
is often the better known one.  `registry.retirements` tells both days.

Only direct fallbacks are compared.  A fallback's own fallbacks are compared with it,
whenever one of them changes, and what holds from each to the next holds for all.
"""

from collections.abc import Callable, Iterator

from registry.binding_rules import ANYWHERE
from registry.document_rules import Named, named_in
from registry.documents import Document, stricter
from registry.errors import NotFound
from registry.findings import Problem
from registry.names import Kind, Ref, ref
from registry.values import Json, Path

Get = Callable[[Ref], Document]

_PLACES = {"processing": "processed", "at_rest": "kept"}


def problems(document: Document, get: Get) -> Iterator[Problem]:
    """Tell what is wrong with the fallbacks of *document*.

    Args:
        get: Raises `NotFound` for what will not be there.
    """
    for named in named_in(document.value):
        found = _find(ref(Kind.BINDING, named.name), get)
        if found is None:
            continue
        if _leads_to(document.ref, found, get):
            yield Problem(
                path=named.path,
                message=f"{found.ref} falls back to {document.ref} again",
                hint="Take one of the fallbacks out: each has to lead to an end.",
            )
        else:
            yield from _wider(document, named, found)


def _wider(document: Document, named: Named, fallback: Document) -> Iterator[Problem]:
    own, theirs = _residency(document), _residency(fallback)
    for part, words in _PLACES.items():
        yield from _further(
            named.path, fallback, own.get(part), theirs.get(part), words
        )
    if theirs.get("training_use") is True and own.get("training_use") is not True:
        yield Problem(
            path=named.path,
            message=f"{fallback.ref} may be trained on, and this may not",
            hint="Take another fallback, or say `training_use: true` here as well.",
        )
    if stricter(document.tier, fallback.tier) is not document.tier:
        yield Problem(
            path=named.path,
            message=f"{fallback.ref} has the tier {fallback.tier}, "
            f"and this has {document.tier}",
            hint=f"Take another fallback, or write tier: {fallback.tier} here.",
        )


def _further(
    path: Path, fallback: Document, own: Json, theirs: Json, words: str
) -> Iterator[Problem]:
    """Without regions of its own a binding promises none."""
    if not isinstance(own, list) or ANYWHERE in own:
        return
    if not isinstance(theirs, list):
        message = f"{fallback.ref} does not say where what is said is {words}"
    else:
        more = sorted({str(region) for region in theirs if region not in own})
        if not more:
            return
        message = f"what is said is {words} in {', '.join(more)} too by {fallback.ref}"
    hint = "Take a fallback in " + ", ".join(map(str, own)) + ", or name more here."
    yield Problem(path=path, message=message, hint=hint)


def _leads_to(target: Ref, start: Document, get: Get) -> bool:
    seen: set[Ref] = set()
    waiting = [start]
    while waiting:
        document = waiting.pop()
        if document.ref == target:
            return True
        if document.ref in seen:
            continue
        seen.add(document.ref)
        names = (ref(Kind.BINDING, named.name) for named in named_in(document.value))
        waiting += [one for one in (_find(n, get) for n in names) if one is not None]
    return False


def _find(document: Ref, get: Get) -> Document | None:
    try:
        return get(document)
    except NotFound:
        return None


def _residency(document: Document) -> dict[str, Json]:
    found = document.value.get("residency")
    return found if isinstance(found, dict) else {}
