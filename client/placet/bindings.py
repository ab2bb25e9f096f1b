"""A model binding as it is live: which model to ask, where, and within what limits.

It says what was agreed, and connects to nothing. What it falls back to comes with
it, so that a chatbot which loses its model needs to ask nobody.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from placet import shapes
from placet.errors import BadAnswer
from placet.shapes import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One live binding; it never changes, and threads may share it.

    Attributes:
        digest: Of the binding as served, its tier filled in: what `log_fields` and
            the bundle name.  `document["digest"]` is another one, of the document
            that people agreed to: what `placet bindings list --json` names.
        fallbacks: What to ask instead, in this order; when, is under `on` of the
            document's `fallbacks`.
    """

    name: str
    version: str
    digest: str
    fallbacks: tuple["Binding", ...] = field(repr=False)
    _document: Object = field(repr=False, compare=False)

    @property
    def document(self) -> dict[str, object]:
        """Everything the registry says of it; a copy, to change as you like."""
        return copy.deepcopy(dict(self._document))


def bindings_of(entries: Object, fallbacks: Object) -> dict[str, Binding]:
    """Read the bindings of a bundle, by role.

    Args:
        entries: By role, a digest and a document.
        fallbacks: By name, the same for every binding that one falls back to.

    Raises:
        BadAnswer: One is not a binding, or falls back to what is not there, or to
            itself.
    """
    known: dict[str, Binding] = {}
    return {
        role: _binding(shapes.mapping(entries, role), fallbacks, known, ())
        for role in entries
    }


def _binding(
    entry: Object,
    fallbacks: Object,
    known: dict[str, Binding],
    above: tuple[str, ...],
) -> Binding:
    """*known* has the fallbacks that were read, *above* leads to this one."""
    document = shapes.mapping(entry, "document")
    if document.get("kind") != "binding":
        raise BadAnswer("the answer is not a binding")
    name = shapes.text(document, "name")
    if name in above:
        raise BadAnswer(f"the binding {name} falls back to itself")
    for fallback in _fallbacks(document):
        if fallback not in known:
            entry_of = shapes.mapping(fallbacks, fallback)
            known[fallback] = _binding(entry_of, fallbacks, known, (*above, name))
    return Binding(
        name=name,
        version=shapes.text(document, "version"),
        digest=shapes.digest(entry, "digest"),
        fallbacks=tuple(known[fallback] for fallback in _fallbacks(document)),
        _document=document,
    )


def _fallbacks(document: Mapping[str, object]) -> list[str]:
    if "fallbacks" not in document:
        return []
    return [
        shapes.text(shapes.mapping({"fallback": each}, "fallback"), "name")
        for each in shapes.sequence(document, "fallbacks")
    ]
