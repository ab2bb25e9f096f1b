"""What a document must be beyond what its schema says.

Each rule names the parts of the document that must be there and fit the schema
for it to make sense; what else it reads, it reads as it finds it, so that one
mistake does not hide another.  A rule looks at nothing but the document: what needs
another one is in `registry.checks`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry import (
    binding_rules,
    bot_rules,
    glossary_rules,
    guardrail_rules,
    inputs,
    json_schemas,
)
from registry.errors import Invalid
from registry.findings import Place, Problem, place_of
from registry.names import Kind, check_name
from registry.parts import entries, mapping
from registry.templates import Engine
from registry.templates import problems as text_problems
from registry.values import Json, Path
from registry.versions import check_range, parse_version

Value = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Rule:
    """*check* runs if *parts* are there and fit."""

    parts: tuple[str, ...]
    check: Callable[[Value, Place], Iterator[Problem]]


def rules_for(kind: Kind) -> tuple[Rule, ...]:
    return _SHARED + _RULES.get(kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document that a bot or a binding names.

    Attributes:
        part: The part of the document that names it, such as `prompts`.
        role: Its role there; of a fallback, its place in the list, from 1.
        range: The versions that fit; None for every one.
    """

    part: str
    path: Path
    role: str
    kind: Kind
    name: str
    range: str | None


def named_in(value: Value) -> Iterator[Named]:
    """Yield what a bot uses in its roles, and what a binding falls back to."""
    for part, kind in _ROLES.items():
        for role, said in mapping(value, part).items():
            yield from _named(part, (part, role), role, kind, said)
    for index, said in enumerate(entries(value, "fallbacks")):
        path: Path = ("fallbacks", index)
        yield from _named("fallbacks", path, str(index + 1), Kind.BINDING, said)


def _named(part: str, path: Path, role: str, kind: Kind, said: Json) -> Iterator[Named]:
    """*said* is a name, or a mapping of `name` and `range`."""
    mapping = said if isinstance(said, dict) else {"name": said}
    name, versions = mapping.get("name"), mapping.get("range")
    if isinstance(name, str):
        yield Named(
            part=part,
            path=path,
            role=role,
            kind=kind,
            name=name,
            range=None if versions is None else str(versions),
        )


def texts_of(value: Value) -> Iterator[tuple[Path, str]]:
    """Yield each text of a prompt or fragment, and where it stands."""
    text = value.get("text")
    if isinstance(text, str):
        yield ("text",), text
    for index, message in enumerate(entries(value, "messages")):
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, str):
            yield ("messages", index, "content"), content


def _name(value: Value, _: Place) -> Iterator[Problem]:
    yield from _refused(("name",), check_name, value["name"])


def _version(value: Value, _: Place) -> Iterator[Problem]:
    yield from _refused(("version",), parse_version, value["version"])


def _review_by(value: Value, _: Place) -> Iterator[Problem]:
    day = str(value["review_by"])
    try:
        date.fromisoformat(day)
    except ValueError:
        hint = "Write a day that the calendar has, as 2027-05-01."
        yield Problem(path=("review_by",), message=f"there is no day {day}", hint=hint)


def _inputs(value: Value, place: Place) -> Iterator[Problem]:
    found = inputs.problems(inputs.declared(value), place_of(place, ("inputs",)))
    yield from (problem.below(("inputs",)) for problem in found)


def _texts(value: Value, _: Place) -> Iterator[Problem]:
    engine = Engine(str(value["template"]))
    for path, text in texts_of(value):
        yield from text_problems(text, engine, path)


def _placeholders(value: Value, _: Place) -> Iterator[Problem]:
    """Callers give messages and inputs in one go, by name."""
    taken = set(mapping(inputs.declared(value), "properties"))
    for index, message in enumerate(entries(value, "messages")):
        name = message.get("placeholder") if isinstance(message, dict) else None
        if not isinstance(name, str):
            continue
        if name in taken:
            yield Problem(
                path=("messages", index, "placeholder"),
                message=f"{name} is the name of another placeholder or of an input",
                hint="Give each of them a name of its own.",
            )
        taken.add(name)


def _output(value: Value, _: Place) -> Iterator[Problem]:
    found = json_schemas.problems(value["output"])
    yield from (problem.below(("output",)) for problem in found)


def _names(value: Value, _: Place) -> Iterator[Problem]:
    for named in named_in(value):
        yield from _refused(named.path, check_name, named.name)
        if named.range is not None:
            yield from _refused((*named.path, "range"), check_range, named.range)


def _steps(value: Value, _: Place) -> Iterator[Problem]:
    roles = mapping(value, "prompts")
    earlier: list[str] = []
    for index, step in enumerate(entries(value, "steps")):
        if not isinstance(step, dict):
            continue
        path: Path = ("steps", index)
        name, role = str(step.get("name")), str(step.get("prompt"))
        if name in earlier:
            message, hint = f"the step {name} is there already", "Rename one of them."
            yield Problem(path=(*path, "name"), message=message, hint=hint)
        if role not in roles:
            message = f"{role} is no role of the bot's prompts"
            hint = "The roles are " + ", ".join(roles) + "."
            yield Problem(path=(*path, "prompt"), message=message, hint=hint)
        for other in entries(step, "after"):
            if other not in earlier:
                message = f"{other} is no step that comes before {name}"
                hint = "Move it further up, or take it out of `after`."
                yield Problem(path=(*path, "after"), message=message, hint=hint)
        earlier.append(name)


def _refused(
    path: Path, check: Callable[[str], object], value: Json
) -> Iterator[Problem]:
    try:
        check(str(value))
    except Invalid as error:
        yield Problem(path=path, message=str(error), hint=error.hint)


_SHARED = (
    Rule(("name",), _name),
    Rule(("version",), _version),
    Rule(("review_by",), _review_by),
)
_RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.PROMPT: (
        Rule((), _inputs),
        Rule(("template",), _texts),
        Rule((), _placeholders),
        Rule(("output",), _output),
    ),
    Kind.FRAGMENT: (Rule((), _inputs), Rule(("template",), _texts)),
    Kind.BOT: (
        Rule((), _names),
        Rule(("prompts",), _steps),
        Rule((), bot_rules.said_problems),
        Rule(("tools",), bot_rules.tool_name_problems),
    ),
    Kind.GLOSSARY: (Rule(("terms",), glossary_rules.problems),),
    Kind.GUARDRAIL: (
        Rule(("rules",), guardrail_rules.rule_problems),
        Rule(("rules", "cases"), guardrail_rules.case_problems),
    ),
    Kind.BINDING: (
        Rule((), _names),
        Rule(("pin", "platform"), binding_rules.pin_problems),
        Rule(("pin", "platform"), binding_rules.checkpoint_problems),
        Rule(("platform",), binding_rules.upgrade_problems),
        Rule((), binding_rules.day_problems),
        Rule(("lifecycle",), binding_rules.lifecycle_problems),
        Rule(("platform", "parameters"), binding_rules.parameter_problems),
        Rule(("residency",), binding_rules.residency_problems),
        Rule(("fallbacks",), binding_rules.fallback_problems),
    ),
}
_ROLES = {
    "prompts": Kind.PROMPT,
    "guardrails": Kind.GUARDRAIL,
    "bindings": Kind.BINDING,
}
