"""Facts: what an edit does, in the words that a policy can ask about.

 * guardrail-weakened: a guardrail protects less, or a bot is protected by less,
   as `registry.weakening` tells it.
 * model-changed: a binding names another model, platform, pin or fallback, or a
   bot uses a binding of another model.
 * tools-changed: a bot has another tool, or a tool with another description or
   schema.
 * sources-changed: a bot reads other knowledge, or knowledge of another age.
 * inputs-changed: callers have to, or may, give a prompt or a fragment something
   else.
 * disclosure-changed: users are told something else about talking to a machine.
 * owner-changed: somebody else answers for a document, a tool, a source or a
   term, or a bot has another deputy, risk partner or on-call.
 * retirement-near: a model is shut down before the bot that uses it is reviewed.
 * wording-only: nothing but the texts of prompts, fragments and glossaries,
   descriptions, labels and cases differ.

They compare what is live with what would be.  A document that is new has nothing
to be compared with: that it is there is seen by everybody.  Each fact is true of
edited documents, and a requirement that asks about it covers what uses them too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from registry.binding_rules import find_day
from registry.bot_bumps import PEOPLE
from registry.bump_reasons import by_name, items, listed, mapping, shorten, shown
from registry.changes import Fact
from registry.document_rules import named_in
from registry.documents import Document
from registry.effects import Documents, Replacements, dependents, overlay
from registry.errors import NotFound
from registry.names import Kind, Ref, kind_of, ref
from registry.policies import FactName
from registry.prompt_bumps import inputs_differ
from registry.state import Environment
from registry.values import Json, same
from registry.weakening import Get, weakened

MAX_TOLD = 5
"""How many differences a fact's sentence names."""

_WORDING = {"version", "description", "labels", "cases"}
_TERM_WORDING = {"definition", "synonyms", "avoid"}
_MODEL = ("platform", "model", "model_version")


def facts(
    environment: Environment, replacements: Replacements, documents: Documents
) -> tuple[Fact, ...]:
    """What *replacements* do to *environment*, in the order of `FactName`."""
    comparison = _Comparison(
        was=overlay(environment, {}, documents),
        will=overlay(environment, replacements, documents),
        names=dependents(environment, replacements),
    )
    found: dict[FactName, dict[Ref, list[str]]] = {}
    for name, find in _FINDERS.items():
        for edited in sorted(replacements):
            sentences = list(find(comparison, edited))
            if sentences:
                found.setdefault(name, {})[edited] = sentences
    told = [_fact(name, sentences) for name, sentences in found.items()]
    if all(map(comparison.is_wording, replacements)):
        edited_ones = tuple(sorted(replacements))
        told.append(
            Fact(
                name=FactName.WORDING_ONLY,
                documents=edited_ones,
                sentence="nothing but wording differs",
            )
        )
    return tuple(told)


def true_of(
    found: Iterable[Fact], uses: Mapping[Ref, Iterable[Ref]]
) -> dict[Ref, set[FactName]]:
    """The facts that are true of each document, or of something that it uses.

    Args:
        uses: What each document of the effect uses directly.
    """
    users: dict[Ref, list[Ref]] = {}
    for user, used in uses.items():
        for each in used:
            users.setdefault(each, []).append(user)
    true: dict[Ref, set[FactName]] = {}
    for fact in found:
        waiting = list(fact.documents)
        while waiting:
            name = waiting.pop()
            if fact.name not in true.setdefault(name, set()):
                true[name].add(fact.name)
                waiting.extend(users.get(name, ()))
    return true


def _fact(name: FactName, found: Mapping[Ref, list[str]]) -> Fact:
    told = [
        f"{where}: {shorten(what)}" for where, each in found.items() for what in each
    ]
    more = len(told) - MAX_TOLD
    sentence = "; ".join(told[:MAX_TOLD]) + (f"; and {more} more" if more > 0 else "")
    return Fact(name=name, documents=tuple(sorted(found)), sentence=sentence)


class _Comparison:
    """What was and what will be, side by side.

    Attributes:
        was: Gives documents as they are live, `NotFound` for what is not.
        will: The same, as they would be.
        names: Every document of the effect.
    """

    def __init__(self, *, was: Get, will: Get, names: Iterable[Ref]) -> None:
        self.was = was
        self.will = will
        self.names = tuple(names)

    def before(self, name: Ref) -> Document | None:
        return _find(self.was, name)

    def after(self, name: Ref) -> Document | None:
        return _find(self.will, name)

    def both(self, name: Ref, *kinds: Kind) -> tuple[Mapping[str, Json], ...]:
        """What it says before and after; empty if it is of no such kind, or new."""
        before, after = self.before(name), self.after(name)
        if before is None or after is None or (kinds and kind_of(name) not in kinds):
            return ()
        return before.value, after.value

    def is_wording(self, name: Ref) -> bool:
        values = self.both(name)
        return bool(values) and same(*(_without_words(dict(one)) for one in values))


def _find(get: Get, name: Ref) -> Document | None:
    try:
        return get(name)
    except NotFound:
        return None


def _weaker(compared: _Comparison, name: Ref) -> Iterator[str]:
    before = compared.before(name)
    if before is None:
        return
    for weakening in weakened(
        before, compared.after(name), was=compared.was, will=compared.will
    ):
        rule = f"rule `{weakening.rule}`: " if weakening.rule else ""
        yield rule + weakening.sentence


def _other_model(compared: _Comparison, name: Ref) -> Iterator[str]:
    for was, will in _pairs(compared.both(name, Kind.BINDING)):
        for part in _MODEL:
            if not same(was.get(part), will.get(part)):
                told = [shown(one.get(part, "nothing")) for one in (was, will)]
                yield f"the {part.replace('_', ' ')} {told[0]} became {told[1]}"
        pins = [mapping(one.get("pin")).get("kind") for one in (was, will)]
        if pins[0] != pins[1]:
            yield f"it is pinned by a {pins[1]} instead of a {pins[0]}"
    for was, will in _pairs(compared.both(name, Kind.BINDING, Kind.BOT)):
        old, new = _models(compared.was, was), _models(compared.will, will)
        changed = [role for role in {**old, **new} if old.get(role) != new.get(role)]
        if changed:
            what = "role" if kind_of(name) is Kind.BOT else "fallback"
            yield f"another model has the {what} {listed(changed)}"


def _models(get: Get, value: Mapping[str, Json]) -> dict[str, Json]:
    """By role, or place among fallbacks, which model is named."""
    found: dict[str, Json] = {}
    for named in named_in(value):
        if named.kind is Kind.BINDING:
            binding = _find(get, ref(Kind.BINDING, named.name))
            said = binding.value if binding else {}
            found[named.role] = [said.get(part) for part in _MODEL]
    return found


def _listed(part: str, ignored: str) -> "Callable[[_Comparison, Ref], Iterator[str]]":
    """Tells how a list of a bot differs, but for who owns what is in it."""

    def find(compared: _Comparison, name: Ref) -> Iterator[str]:
        for was, will in _pairs(compared.both(name, Kind.BOT)):
            old, new = (
                {
                    key: {k: v for k, v in each.items() if k != ignored}
                    for key, each in by_name(one.get(part)).items()
                }
                for one in (was, will)
            )
            changed = [k for k in old if k in new and not same(old[k], new[k])]
            for word, names in (
                ("gone", [key for key in old if key not in new]),
                ("new", [key for key in new if key not in old]),
                ("changed", changed),
            ):
                if names:
                    yield f"{part} {word}: {listed(names)}"

    return find


def _other_inputs(compared: _Comparison, name: Ref) -> Iterator[str]:
    for was, will in _pairs(compared.both(name, Kind.PROMPT, Kind.FRAGMENT)):
        if inputs_differ(was, will):
            yield "callers give it something else"


def _other_disclosure(compared: _Comparison, name: Ref) -> Iterator[str]:
    for was, will in _pairs(compared.both(name, Kind.BOT)):
        if not same(was.get("disclosure"), will.get("disclosure")):
            yield "users are told something else about talking to a machine"


def _other_owner(compared: _Comparison, name: Ref) -> Iterator[str]:
    for was, will in _pairs(compared.both(name)):
        for part in ("owner", *PEOPLE):
            if not same(was.get(part), will.get(part)):
                yield f"`{part}` is somebody else"
        for part, key in (("tools", "name"), ("sources", "name"), ("terms", "term")):
            old, new = by_name(was.get(part), key), by_name(will.get(part), key)
            for each in old:
                owners = [one.get(each, {}).get("owner") for one in (old, new)]
                if each in new and not same(*owners):
                    yield f"somebody else owns {listed([each])} of its {part}"


def _retiring(compared: _Comparison, name: Ref) -> Iterator[str]:
    """Of a binding, for every bot that uses it; of a bot, for every binding."""
    bots = compared.names if kind_of(name) is Kind.BINDING else (name,)
    for bot in map(compared.after, bots):
        review = find_day(bot.value.get("review_by")) if bot else None
        if bot is None or review is None or kind_of(bot.ref) is not Kind.BOT:
            continue
        for used in bot.uses:
            if kind_of(used.ref) is not Kind.BINDING or name not in (bot.ref, used.ref):
                continue
            binding = compared.after(used.ref)
            lifecycle = mapping(binding.value.get("lifecycle")) if binding else {}
            ends = find_day(lifecycle.get("shutdown_on"))
            if ends is not None and ends < review:
                yield f"{used.ref} is shut down on {ends}, {bot.ref} reviewed {review}"


def _without_words(value: dict[str, Json]) -> Json:
    """What is left of a document when its wording is taken out."""
    left = {part: said for part, said in value.items() if part not in _WORDING}
    kind = value["kind"]
    if kind == Kind.FRAGMENT:
        left["text"] = None
    if kind == Kind.PROMPT:
        left["messages"] = [
            {**mapping(each), "content": None} for each in items(value.get("messages"))
        ]
    if kind == Kind.GLOSSARY:
        left["terms"] = [
            {k: v for k, v in mapping(each).items() if k not in _TERM_WORDING}
            for each in items(value.get("terms"))
        ]
    return left


def _pairs(
    values: tuple[Mapping[str, Json], ...],
) -> Iterator[tuple[Mapping[str, Json], Mapping[str, Json]]]:
    if values:
        yield values[0], values[1]


_FINDERS: dict[FactName, Callable[[_Comparison, Ref], Iterator[str]]] = {
    FactName.GUARDRAIL_WEAKENED: _weaker,
    FactName.MODEL_CHANGED: _other_model,
    FactName.TOOLS_CHANGED: _listed("tools", "owner"),
    FactName.SOURCES_CHANGED: _listed("sources", "owner"),
    FactName.INPUTS_CHANGED: _other_inputs,
    FactName.DISCLOSURE_CHANGED: _other_disclosure,
    FactName.OWNER_CHANGED: _other_owner,
    FactName.RETIREMENT_NEAR: _retiring,
}
"""How each is found; `wording-only` is about all edits together."""
