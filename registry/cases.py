"""Cases: examples in a prompt that say what it must and must not come to.

* A case gives inputs that fit the prompt's declaration; those with a default may
  be left out.
* The messages are rendered with them and joined by a line end, placeholders left
  out.  The result contains what `contains` lists, nothing of what `excludes`
  lists, and has at most `max_chars` characters.
* A `jinja` prompt is rendered within a chatbot's limits; with more than eight cases,
  each has its share of eight times these.
* Cases that would take noticeable time are refused rather than tried.
"""

import json
from collections.abc import Callable, Iterator, Mapping

from placet import templates as simple
from placet.jinja import rendering
from registry.document_rules import texts_of
from registry.documents import Document
from registry.findings import Place, Problem, place_of
from registry.inputs import declared
from registry.json_schemas import expanded
from registry.parts import entries, mapping, placed
from registry.templates import Engine
from registry.validation import MAX_WORK, author_problems
from registry.values import Json, Path, count, quoted, spoken
from registry.yaml_text import parse

MAX_COMPARED_CHARS = 2**28

_TOO_MUCH = "checking the cases would take too long"


def problems(document: Document, texts: Mapping[Path, str]) -> Iterator[Problem]:
    """Tell which cases of a prompt do not hold.

    Args:
        texts: The prompt's texts, includes put in.
    """
    cases = document.value.get("cases")
    if not isinstance(cases, list):
        return
    inputs = declared(document.value)
    if expanded(inputs) * count(cases) > MAX_WORK:
        yield Problem(path=("cases",), message=_TOO_MUCH, hint="Give fewer values.")
        return
    render = _renderer(document, texts, len(cases))
    left = MAX_COMPARED_CHARS
    for path, case in placed(document.value, "cases"):
        given = mapping(case, "inputs")
        found = _input_problems(document, inputs, given, (*path, "inputs"))
        yield from found
        if found:
            continue
        expect = mapping(case, "expect")
        try:
            rendered = render(
                simple.complete(inputs, given), left // (count(expect) + 1)
            )
        except (simple.MissingInput, simple.OverLimit) as error:
            hint = "Correct the text, or the inputs that the case gives."
            message = f"it cannot be rendered: {_where(error, document, texts)}{error}"
            yield Problem(path=(*path, "inputs"), message=message, hint=hint)
            continue
        if rendered is None:
            hint = "Give fewer cases, or shorter values."
            yield Problem(path=path, message=_TOO_MUCH, hint=hint)
            return
        left -= len(rendered) * (count(expect) + 1)
        yield from unmet(expect, rendered, (*path, "expect"))


def _input_problems(
    document: Document, inputs: dict[str, Json], given: dict[str, Json], path: Path
) -> list[Problem]:
    found = list(author_problems(inputs, given))
    if found:  # only now is it worth finding out what was typed
        place: Place = place_of(parse(document.source).place, path)
        found = list(author_problems(inputs, given, place))
    return [problem.below(path) for problem in found]


def _renderer(
    document: Document, texts: Mapping[Path, str], cases: int
) -> Callable[[Mapping[str, object], int], str | None]:
    """How to render the messages; None if they could have more than so many chars."""
    engine = document.value["template"]
    if engine == Engine.JINJA:
        parsed = [rendering.parse(text) for text in texts.values()]
        most = rendering.MAX_OUTPUT_CHARS

        def limited(values: Mapping[str, object], left: int) -> str | None:
            if left < most:
                return None
            return "\n".join(rendering.render_all(parsed, values, of=cases))

        return limited

    def replaced(values: Mapping[str, object], left: int) -> str | None:
        if _size(texts, values) > left:
            return None
        if engine == Engine.NONE:
            return "\n".join(texts.values())
        return "\n".join(simple.render(text, values) for text in texts.values())

    return replaced


def _size(texts: Mapping[Path, str], values: Mapping[str, object]) -> int:
    """Return more characters than the texts can have when rendered."""
    longest = max((len(json.dumps(value)) for value in values.values()), default=0)
    return sum(len(text) + text.count("{{") * longest for text in texts.values())


def _where(
    error: simple.MissingInput | simple.OverLimit,
    document: Document,
    texts: Mapping[Path, str],
) -> str:
    """Lines are of the text that is rendered, with what it includes."""
    if error.text is None:
        return ""
    path = list(texts)[error.text]
    is_whole = dict(texts_of(document.value)).get(path) == texts[path]
    return f"in {spoken(path)}{'' if is_whole else ', its includes put in'}, "


def unmet(expect: dict[str, Json], rendered: str, path: Path) -> Iterator[Problem]:
    """Tell what *rendered* does not come to.

    Args:
        path: Where *expect* stands.
    """
    hint = "Correct the text, or what the case expects of it."
    for index, wanted in enumerate(entries(expect, "contains")):
        if str(wanted) not in rendered:
            yield Problem(
                path=(*path, "contains", index),
                message=f"the rendered text does not contain {quoted(str(wanted))}",
                hint=hint,
            )
    for index, unwanted in enumerate(entries(expect, "excludes")):
        if str(unwanted) in rendered:
            yield Problem(
                path=(*path, "excludes", index),
                message=f"the rendered text contains {quoted(str(unwanted))}",
                hint=hint,
            )
    most = expect.get("max_chars")
    if isinstance(most, int) and len(rendered) > most:
        yield Problem(
            path=(*path, "max_chars"),
            message=f"the rendered text has {len(rendered):,} characters",
            hint=hint,
        )
