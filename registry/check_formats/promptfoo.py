"""promptfoo's result file: what `promptfoo eval -o results.json` writes.

* Version 3 of its format, which promptfoo writes since 0.99, and version 2: what is
  read of them is the same.  A list of rows alone is read as well.
* Each row is one test with one prompt and one provider.  A row passed if `success` is
  true; an error is a failure.
* Rows of one test (the same `testIdx`; without it, the same `vars`) with different
  prompts or providers are answers before and after.  Where the label of a prompt or
  provider says `before`, `live` or `baseline`, its rows are before, and all others
  after.  Without such a label the first column is before, the last one after, and
  what is between them is neither.  With one column nothing is known of before.
* Only rows after count as samples.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.check_formats.samples import Sample, as_text
from registry.errors import Invalid
from registry.parts import as_mapping, mapping, mappings
from registry.parts import as_text as text_of
from registry.values import Json, canonical

VERSIONS = (2, 3)

_BEFORE = re.compile(r"\b(?:before|live|baseline)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Attributes:
    column: The prompt and the provider.
    """

    test: str
    column: tuple[int, str, str]
    labels: str
    input: str
    answer: str
    passed: bool


def samples(value: Json) -> tuple[Sample, ...]:
    """Raises:
    Invalid: It is no result of promptfoo, or nothing was tried.
    """
    rows = list(map(_row, _rows(value)))
    columns = list(dict.fromkeys(row.column for row in sorted(rows, key=_place)))
    before = _before(rows, columns)
    old: dict[str, _Row] = {r.test: r for r in rows if r.column == before}
    after = [row for row in rows if row.column not in _earlier(rows, columns, before)]
    return tuple(_sample(row, old.get(row.test)) for row in after)


def _place(row: _Row) -> int:
    return row.column[0]


def _before(
    rows: list[_Row], columns: list[tuple[int, str, str]]
) -> tuple[int, str, str] | None:
    """The column that was live before; `None` if nobody tried that."""
    if len(columns) < 2:
        return None
    named = [row.column for row in rows if _BEFORE.search(row.labels)]
    return named[0] if named else columns[0]


def _earlier(
    rows: list[_Row],
    columns: list[tuple[int, str, str]],
    before: tuple[int, str, str] | None,
) -> set[tuple[int, str, str]]:
    """The columns that are no samples of what is proposed."""
    named = {row.column for row in rows if _BEFORE.search(row.labels)}
    if before is None:
        return set()
    if named and named != set(columns):
        return named
    return set(columns[:-1])


def _sample(row: _Row, old: _Row | None) -> Sample:
    return Sample(
        input=row.input,
        before=old.answer if old else None,
        after=row.answer,
        passed=row.passed,
        passed_before=old.passed if old else None,
    )


def _rows(value: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
    else:
        whole = as_mapping(value)
        outer = mapping(whole, "results") or whole
        version = outer.get("version")
        if version is not None and version not in VERSIONS:
            raise Invalid(
                f"version {version!r} of promptfoo's results is not known",
                hint="Known are 2 and 3: export them again with `-o results.json`.",
            )
        rows = mappings(outer, "results")
    if not rows or not all("success" in row for row in rows):
        raise Invalid(
            "this is no result of promptfoo, or nothing was tried",
            hint="Write it with `promptfoo eval -o results.json`.",
        )
    yield from rows


def _row(row: Mapping[str, Json]) -> _Row:
    prompt, provider = mapping(row, "prompt"), row.get("provider")
    maker = as_mapping(provider) or {"id": provider}
    variables = mapping(row, "vars") or mapping(mapping(row, "testCase"), "vars")
    index, column = row.get("testIdx"), row.get("promptIdx")
    return _Row(
        test=str(index) if isinstance(index, int) else canonical(variables),
        column=(
            column if isinstance(column, int) else 0,
            text_of(prompt.get("label")) or text_of(prompt.get("raw"))
            if column is None
            else "",
            text_of(maker.get("label")) or text_of(maker.get("id")),
        ),
        labels=f"{text_of(prompt.get('label'))}\n{text_of(maker.get('label'))}",
        input=_input(variables, text_of(prompt.get("raw"))),
        answer=_answer(row),
        passed=row.get("success") is True,
    )


def _input(variables: Mapping[str, Json], prompt: str) -> str:
    """The variables: alone if there is one, with their names if there are more."""
    if not variables:
        return prompt
    if len(variables) == 1:
        return as_text(next(iter(variables.values())))
    return "\n".join(f"{name}: {as_text(said)}" for name, said in variables.items())


def _answer(row: Mapping[str, Json]) -> str:
    response = mapping(row, "response")
    if response.get("output") is not None:
        return as_text(response["output"])
    error = text_of(row.get("error")) or text_of(response.get("error"))
    return f"[no answer: {error}]" if error else "[no answer]"
