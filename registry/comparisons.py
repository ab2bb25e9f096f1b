"""Comparisons: what was and what will be, side by side, to tell what an edit does.

* What is edited is compared with what is live.  What comes back is compared with
  what was live last under its name, so that deleting a document and adding it
  again sheds nothing.
* What a bot uses in a role, and what a binding falls back to, is compared by what
  it says, not by its name.  So what an edit does depends on documents outside it,
  whose bases a vote binds as well.
"""

from collections.abc import Iterable, Iterator, Mapping

from registry.changes import Read
from registry.document_rules import named_in
from registry.documents import Document
from registry.effects import Documents, Replacements, dependents, overlay
from registry.errors import NotFound
from registry.names import Kind, Ref, kind_of, ref
from registry.state import Environment
from registry.values import Json
from registry.weakening import Get

Value = Mapping[str, Json]


class Comparison:
    """What was and what will be, side by side.

    Attributes:
        was: Gives documents as they are live, or were live last; `NotFound` for
            what never was.
        will: Gives them as they would be live, `NotFound` for what would not.
        names: Every document of the effect.
    """

    def __init__(
        self,
        environment: Environment,
        replacements: Replacements,
        documents: Documents,
    ) -> None:
        self._live = environment.live
        self.was = _as_last_live(environment, documents)
        self.will = overlay(environment, replacements, documents)
        self.names = dependents(environment, replacements)

    def before(self, name: Ref) -> Document | None:
        return find(self.was, name)

    def after(self, name: Ref) -> Document | None:
        return find(self.will, name)

    def both(self, name: Ref, *kinds: Kind) -> Iterator[tuple[Value, Value]]:
        """What it says before and after; nothing if it is new, gone or of no such kind.

        Args:
            kinds: None for every kind.
        """
        before, after = self.before(name), self.after(name)
        if before and after and (not kinds or kind_of(name) in kinds):
            yield before.value, after.value

    def is_live(self, name: Ref) -> bool:
        """Whether it is live now, before the edit."""
        return name in self._live


def find(get: Get, name: Ref) -> Document | None:
    try:
        return get(name)
    except NotFound:
        return None


def in_roles(get: Get, value: Value, kind: Kind) -> dict[str, Value]:
    """What the documents of *kind* say that are named, by role or place."""
    found = {
        named.role: find(get, ref(kind, named.name))
        for named in named_in(value)
        if named.kind is kind
    }
    return {
        role: document.value if document else {} for role, document in found.items()
    }


def answering(get: Get, names: Iterable[Ref]) -> dict[Ref, Value]:
    """The bindings *names* and all that they fall back to, in that order."""
    found: dict[Ref, Value] = {}
    waiting = list(names)[::-1]
    while waiting:
        name = waiting.pop()
        document = find(get, name)
        if document is not None and name not in found:
            found[name] = document.value
            further = (named.name for named in named_in(document.value))
            waiting.extend([ref(Kind.BINDING, each) for each in further][::-1])
    return found


def compared(
    environment: Environment, replacements: Replacements, documents: Documents
) -> tuple[Read, ...]:
    """What *replacements* are compared with that they do not edit, sorted.

    That is whatever an edited bot or binding begins or ceases to use in a role.
    """
    comparison = Comparison(environment, replacements, documents)
    found: set[Ref] = set()
    for name in replacements:
        for was, will in comparison.both(name, Kind.BOT, Kind.BINDING):
            for used in _in_one_only(was, will):
                found.add(used)
                if kind_of(used) is Kind.BINDING:
                    found.update(answering(comparison.was, (used,)))
                    found.update(answering(comparison.will, (used,)))
    return tuple(
        Read(document=name, base=environment.live[name].base)
        for name in sorted(found)
        if name not in replacements and name in environment.live
    )


def _in_one_only(was: Value, will: Value) -> set[Ref]:
    """What only one of the two names in one and the same role."""
    old, new = (
        {(each.part, each.role, ref(each.kind, each.name)) for each in named_in(value)}
        for value in (was, will)
    )
    return {name for _, _, name in old ^ new}


def _as_last_live(environment: Environment, documents: Documents) -> Get:
    def get(name: Ref) -> Document:
        digest = environment.latest(name)
        if digest is None:
            raise NotFound(f"{name} was never live in {environment.name}")
        return documents[digest]

    return get
