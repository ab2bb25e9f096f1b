"""Rendering templates of the kind `jinja`, within limits that never vary.

 * A value is data: text, numbers, true and false, none, lists and mappings of them.
   None of Python's attributes or methods can be reached through it, and nothing in it
   is read as a template.
 * A value that is not there is an error, unless the template asks first.
 * Text is written as it is, everything else as JSON, as in `simple` templates.
 * Everything that is written, made by a filter or taken out of a value is counted
   before it is held.  Steps are limited by MiniJinja's fuel, the less of them the
   longer the texts are that one step can look through.

No limit is a time: the same template and values are always rendered, or never.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from minijinja import Environment, TemplateError

from placet.jinja.data import (
    BUDGET,
    MAX_OUTPUT_CHARS,
    Budget,
    Closed,
    ListOf,
    MappingOf,
    closed,
    dumped,
    measured,
)
from placet.jinja.expressions import NO_NAMES
from placet.jinja.syntax import read
from placet.templates import MissingInput, Name, OverLimit, TemplateInvalid

__all__ = ["MAX_OUTPUT_CHARS", "Jinja", "parse", "render", "render_all"]

_MAX_NAMED = 3
_FUEL = 2**15
_SEARCHED_CHARS = 2**27  # steps by the characters that one can look through


_NAMES = re.compile(
    r"\{%\s*\w+|[|]\s*\w+|\bis\s+(?:not\s+)?\w+"
    r"|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
    r"|([A-Za-z_]\w*(?:\s*\.\s*\w+|\s*\[\s*(?:\"\w*\"|'\w*'|-?\s*\d+)\s*\])*)"
)
"""Names with their parts; before them, what stands in a tag and is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jinja:
    """A text that was read once and can be rendered many times, by many threads."""

    names: tuple[Name, ...]
    _source: str
    _wanted: frozenset[str]
    _engines: dict[int, Environment]

    def render(self, values: Mapping[str, object], budget: Budget) -> str:
        """Raises:
        MissingInput: A value that is needed is not there, or is no data.
        OverLimit: It would take too much.
        """
        given = {name: values[name] for name in self._wanted if name in values}
        longest, budget.size = measured(given)
        fuel = min(_FUEL, _SEARCHED_CHARS // max(longest, 1)) // budget.parts
        engine = self._engine(_power_of_two(fuel))
        token = BUDGET.set(budget)
        try:
            shown = {name: closed(value) for name, value in given.items()}
            text = engine.render_template("text", **shown)
            budget.work(0)
        except TemplateError as error:
            raise _failure(error, self._source) from None
        except (TypeError, UnicodeEncodeError):
            raise MissingInput("a filter or a text is not what it must be") from None
        except BaseException as error:
            if type(error).__name__ == "PanicException":  # Rust's, not an Exception
                raise OverLimit("rendering failed in the template engine") from None
            raise
        finally:
            BUDGET.reset(token)
        return text

    def _engine(self, fuel: int) -> Environment:
        if fuel not in self._engines:
            self._engines[fuel] = _compiled(self._source, fuel)
        return self._engines[fuel]


def parse(text: str, *, includes: bool = False) -> Jinja:
    """Read a template.

    Args:
        includes: `{{> fragments/NAME }}` is passed over, where it may stand.

    Raises:
        TemplateInvalid: It is none, or has something in it that is not taken.
    """
    syntax = read(text, includes=includes)
    first = _power_of_two(_FUEL)
    return Jinja(
        names=syntax.names,
        _source=syntax.source,
        _wanted=frozenset(name.path[0] for name in syntax.names),
        _engines={first: _compiled(syntax.source, first)},
    )


def render(text: str, values: Mapping[str, object]) -> str:
    """Raises:
    TemplateInvalid: *text* is no template.
    MissingInput: A value that is needed is not there, or is no data.
    OverLimit: It would take too much.
    """
    return render_all([parse(text)], values)[0]


def render_all(
    texts: Sequence[Jinja], values: Mapping[str, object], *, of: int = 1
) -> list[str]:
    """Render the texts of one prompt, which share the limits.

    Args:
        of: How often that will be done in one go, as for the cases of a prompt;
            from nine times on, each has less to spend.

    Raises:
        MissingInput: A value that is needed is not there, or is no data.
        OverLimit: It would take too much.
    """
    budget = Budget(texts=len(texts), of=of)
    rendered: list[str] = []
    for index, text in enumerate(texts):
        try:
            rendered.append(text.render(values, budget))
        except (MissingInput, OverLimit) as error:
            error.text = index
            raise
    return rendered


def _power_of_two(steps: int) -> int:
    """Engines are kept by their fuel, so there shall be few different ones."""
    return 1 << max(steps, 2).bit_length() - 1


def _compiled(source: str, fuel: int) -> Environment:
    engine = Environment(
        undefined_behavior="strict",
        fuel=fuel,
        keep_trailing_newline=True,
        pycompat=False,
        debug=False,
        auto_escape_callback=lambda _: False,
        finalizer=_written,
        filters=_FILTERS,
        tests=_TESTS,
    )
    for name in list(engine.globals):
        engine.remove_global(name)
    try:
        engine.add_template("text", source)
    except TemplateError as error:
        message = str(error.detail or "it cannot be read")
        raise TemplateInvalid(message, line=error.line or 1, at=0) from None
    return engine


def _failure(error: TemplateError, source: str) -> MissingInput | OverLimit:
    """The engine's own words may quote the prompt or a value; names are told."""
    if error.kind == "OutOfFuel":
        return OverLimit("rendering takes more steps than a template may")
    named = " or ".join(f"`{name}`" for name in _names_at(error.range, source))
    if error.kind == "UndefinedError":
        what = named or "what is named"
        return MissingInput(f"no value for {what} on line {error.line}")
    what = f", of {named}" if named else ""
    return MissingInput(f"a value is not what line {error.line} takes{what}")


def _names_at(place: tuple[int, int] | None, source: str) -> list[str]:
    """The names in a place of *source* that the engine points at, in its bytes.

    It can begin after the first part of a dotted name.
    """
    if place is None:
        return []
    whole = source.encode()
    start, end = (len(whole[:at].decode(errors="ignore")) for at in place)
    found = [
        re.sub(r"\s+", "", name[1])
        for name in _NAMES.finditer(source, 0, end)  # so that it never begins in text
        if name[1] and name.end() > start and name[1] not in NO_NAMES
    ]
    return list(dict.fromkeys(found))[:_MAX_NAMED]


def _written(value: object) -> str:
    """What goes out for *value*: MiniJinja asks for everything that is written."""
    text = value if isinstance(value, str) else dumped(value)
    BUDGET.get().write(len(text))
    return text


def _text_filter(change: Callable[[str], str]) -> Callable[[object], str]:
    def changed(value: object) -> str:
        if value is None:  # also what MiniJinja hands over for what is not there
            raise MissingInput("a filter that writes text was given no value")
        text = change(value if isinstance(value, str) else dumped(value))
        BUDGET.get().work(len(text))
        return text

    return changed


def _join(value: object, between: str = "", part: str | None = None) -> str:
    if not isinstance(value, list | ListOf) or not isinstance(between, str):
        raise MissingInput("`join` takes a list, and a text to put between")
    texts: list[str] = []
    for one in value:
        inner = one if part is None else _part(one, part)
        text = inner if isinstance(inner, str) else dumped(inner)
        BUDGET.get().work(len(text) + len(between))
        texts.append(text)
    return between.join(texts)


def _part(value: object, part: str) -> object:
    if not isinstance(value, MappingOf) or part not in value:
        raise MissingInput("`join` was given mappings without the part that it joins")
    return value[part]


_FILTERS: dict[str, Callable[..., object]] = {
    "capitalize": _text_filter(str.capitalize),
    "join": _join,
    "lower": _text_filter(str.lower),
    "title": _text_filter(str.title),
    "tojson": dumped,
    "trim": _text_filter(str.strip),
    "upper": _text_filter(str.upper),
}
_TESTS: dict[str, Callable[[object], bool]] = {
    "iterable": lambda value: isinstance(value, str | list | Closed),
    "mapping": lambda value: isinstance(value, MappingOf),
    "sequence": lambda value: isinstance(value, list | ListOf),
}
