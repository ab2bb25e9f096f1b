"""Facts: what an edit does, in the words that a policy can ask about.

 * guardrail-weakened: a guardrail protects less, or a bot is protected by less,
   as `registry.weakening` tells it; or a bot that has guardrails is deleted.
 * model-changed: a binding names another model, platform, pin, target or fallback,
   or a bot uses a binding of another model.
 * tools-changed: a bot has another tool, or a tool with another description or
   schema.
 * sources-changed: a bot reads other knowledge, or knowledge of another age.
 * inputs-changed: callers have to, or may, give a prompt or a fragment something
   else, or a bot has a prompt of other inputs in a role.
 * disclosure-changed: users are told something else about talking to a machine.
 * owner-changed: somebody else answers for a document, a tool, a source or a
   term, or a bot has another deputy, risk partner or on-call.
 * retirement-near: a model is shut down before the bot that uses it is reviewed.
 * wording-only: nothing but the texts of prompts, fragments and glossaries, their
   cases, descriptions and labels differ, and nothing else is told.

They compare what is live, or was last, with what would be: see
`registry.comparisons`.  A document of a name that was never live has nothing to be
compared with: that it is there is seen by everybody.  Each fact is true of edited
documents, and a requirement that asks about it covers what uses them too.  No fact
depends on the day: a change does not become another one by waiting.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from registry.binding_rules import find_day
from registry.bot_bumps import APPOINTED
from registry.bump_reasons import by_name, listed, shorten, shown
from registry.changes import Fact
from registry.comparisons import Comparison, Value, answering, in_roles
from registry.document_rules import named_in
from registry.effects import Documents, Replacements
from registry.names import Kind, Ref, kind_of, ref
from registry.parts import as_mapping, entries
from registry.policy_rules import FactName
from registry.prompt_bumps import inputs_differ
from registry.state import Environment
from registry.values import Json, same
from registry.weakening import SEVERITIES, Get, weakened

MAX_TOLD = 500
"""How many differences a fact's sentence names, the gravest before others."""

_GRAVEST = len(SEVERITIES)
_WORDING = {"version", "description", "labels"}
_TERM_WORDING = {"definition", "synonyms", "avoid"}
_MODEL = ("platform", "model", "model_version")
_TARGET = ("endpoint_ref", "deployment", "region", "deployment_type", "upgrade_policy")

Find = Callable[[Comparison, Ref], Iterator[str]]


def facts(
    environment: Environment,
    replacements: Replacements,
    documents: Documents,
    *,
    by_cases: bool = True,
) -> tuple[Fact, ...]:
    """What *replacements* do to *environment*, in the order of `FactName`.

    Args:
        by_cases: Whether a case that is gone counts, as for `weakened`, and a bot
            that is deleted: neither leaves somebody who is answered unprotected.
    """
    comparison = Comparison(environment, replacements, documents)
    edited = sorted(replacements)
    weaker = [one for name in edited for one in _weaker(comparison, name, by_cases)]
    weaker.sort(key=lambda one: -one[0])
    told = [*_fact(FactName.GUARDRAIL_WEAKENED, [one[1:] for one in weaker])]
    for name, find in _FINDERS.items():
        found = [(each, why) for each in edited for why in find(comparison, each)]
        told.extend(_fact(name, found))
    if not told and all(_is_wording(comparison, name) for name in replacements):
        told.append(
            Fact(
                name=FactName.WORDING_ONLY,
                documents=tuple(edited),
                sentence="nothing but wording differs",
            )
        )
    return tuple(told)


def places(found: Iterable[Fact]) -> set[tuple[FactName, Ref]]:
    """Which fact is true of which document; how it is worded is no matter."""
    return {(fact.name, where) for fact in found for where in fact.documents}


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


def _fact(name: FactName, found: list[tuple[Ref, str]]) -> Iterator[Fact]:
    told = [f"{where}: {shorten(what)}" for where, what in found[:MAX_TOLD]]
    if len(found) > MAX_TOLD:
        told.append(f"and {len(found) - MAX_TOLD} more")
    if found:
        where = tuple(sorted({each for each, _ in found}))
        yield Fact(name=name, documents=where, sentence="; ".join(told))


def _weaker(
    compared: Comparison, name: Ref, by_cases: bool
) -> Iterator[tuple[int, Ref, str]]:
    """How grave it is, where, and what: what is not about one rule is the gravest."""
    before, after = compared.before(name), compared.after(name)
    if before is None:
        return
    if by_cases and after is None and kind_of(name) is Kind.BOT:
        guardrails = [u.ref for u in before.uses if kind_of(u.ref) is Kind.GUARDRAIL]
        if guardrails:
            yield _GRAVEST, name, f"it is deleted, which used {listed(guardrails)}"
    rules = by_name(before.value.get("rules"), "id")
    for weakening in weakened(
        before, after, was=compared.was, will=compared.will, by_cases=by_cases
    ):
        rule = f"rule `{weakening.rule}`: " if weakening.rule else ""
        said = rules.get(weakening.rule or "", {}).get("severity")
        grave = SEVERITIES.index(str(said)) if said else _GRAVEST
        yield grave, name, rule + weakening.sentence


def _other_model(compared: Comparison, name: Ref) -> Iterator[str]:
    for was, will in compared.both(name, Kind.BINDING):
        old, new = _model(was), _model(will)
        for part in old:
            if part == "pin" and old[part] != new[part]:
                yield f"it is pinned by a {new[part]} instead of a {old[part]}"
            elif not same(old[part], new[part]):
                told = [shown(one[part] or "nothing") for one in (old, new)]
                yield f"the {part.replace('_', ' ')} {told[0]} became {told[1]}"
    for was, will in compared.both(name, Kind.BINDING, Kind.BOT):
        models = _models(compared.was, was), _models(compared.will, will)
        if changed := _changed(*models):
            what = "role" if kind_of(name) is Kind.BOT else "fallback"
            yield f"another model has the {what} {listed(changed)}"


def _model(binding: Value) -> dict[str, Json]:
    """What decides which model answers, and where."""
    target = as_mapping(binding.get("target"))
    return {
        **{part: binding.get(part) for part in _MODEL},
        "pin": as_mapping(binding.get("pin")).get("kind"),
        **{part: target.get(part) for part in _TARGET},
    }


def _models(get: Get, value: Value) -> dict[str, list[dict[str, Json]]]:
    """By role, or place among fallbacks, which models answer, the first one first."""
    return {
        named.role: [
            _model(binding)
            for binding in answering(get, [ref(Kind.BINDING, named.name)]).values()
        ]
        for named in named_in(value)
        if named.kind is Kind.BINDING
    }


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return [role for role in {**old, **new} if old.get(role) != new.get(role)]


def _listed(part: str, ignored: str) -> Find:
    """Tells how a list of a bot differs, but for who owns what is in it."""

    def find(compared: Comparison, name: Ref) -> Iterator[str]:
        for was, will in compared.both(name, Kind.BOT):
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


def _other_inputs(compared: Comparison, name: Ref) -> Iterator[str]:
    for was, will in compared.both(name, Kind.PROMPT, Kind.FRAGMENT):
        if inputs_differ(was, will):
            yield "callers give it something else"
    for was, will in compared.both(name, Kind.BOT):
        old = in_roles(compared.was, was, Kind.PROMPT)
        new = in_roles(compared.will, will, Kind.PROMPT)
        changed = [
            role
            for role in {**old, **new}
            if inputs_differ(old.get(role, {}), new.get(role, {}))
        ]
        if changed:
            yield f"callers give something else to the role {listed(changed)}"


def _other_disclosure(compared: Comparison, name: Ref) -> Iterator[str]:
    for was, will in compared.both(name, Kind.BOT):
        if not same(was.get("disclosure"), will.get("disclosure")):
            yield "users are told something else about talking to a machine"


def _other_owner(compared: Comparison, name: Ref) -> Iterator[str]:
    for was, will in compared.both(name):
        for part in ("owner", *APPOINTED):
            if not same(was.get(part), will.get(part)):
                yield f"`{part}` is somebody else"
        for part, key in (("tools", "name"), ("sources", "name"), ("terms", "term")):
            old, new = by_name(was.get(part), key), by_name(will.get(part), key)
            for each in old:
                owners = [one.get(each, {}).get("owner") for one in (old, new)]
                if each in new and not same(*owners):
                    yield f"somebody else owns {listed([each])} of its {part}"


def _retiring(compared: Comparison, name: Ref) -> Iterator[str]:
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
            lifecycle = as_mapping(binding.value.get("lifecycle")) if binding else {}
            ends = find_day(lifecycle.get("shutdown_on"))
            if ends is not None and ends < review:
                yield f"{used.ref} is shut down on {ends}, {bot.ref} reviewed {review}"


def _is_wording(compared: Comparison, name: Ref) -> bool:
    return compared.is_live(name) and any(
        same(_without_words(dict(was)), _without_words(dict(will)))
        for was, will in compared.both(name)
    )


def _without_words(value: dict[str, Json]) -> Json:
    """What is left of a document when its wording is taken out."""
    left = {part: said for part, said in value.items() if part not in _WORDING}
    kind = value["kind"]
    if kind != Kind.GUARDRAIL:
        left.pop("cases", None)
    if kind == Kind.FRAGMENT:
        left["text"] = None
    if kind == Kind.PROMPT:
        left["messages"] = [
            {**as_mapping(each), "content": None} for each in entries(value, "messages")
        ]
    if kind == Kind.GLOSSARY:
        left["terms"] = [
            {k: v for k, v in as_mapping(each).items() if k not in _TERM_WORDING}
            for each in entries(value, "terms")
        ]
    return left


_FINDERS: dict[FactName, Find] = {
    FactName.MODEL_CHANGED: _other_model,
    FactName.TOOLS_CHANGED: _listed("tools", "owner"),
    FactName.SOURCES_CHANGED: _listed("sources", "owner"),
    FactName.INPUTS_CHANGED: _other_inputs,
    FactName.DISCLOSURE_CHANGED: _other_disclosure,
    FactName.OWNER_CHANGED: _other_owner,
    FactName.RETIREMENT_NEAR: _retiring,
}
"""How each is found but for the first, which has an order, and the last."""
