"""Findings: where in a document something is wrong, told in plain words.

A rule states a *problem* as a path into the document's value; the *places* that
were kept while reading the text turn the path into the line to look at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from registry.mistakes import Finding
from registry.values import Path, pointer

MAX_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the text.

    Attributes:
        line: 1-based; of a value in a mapping, the line of its key.
        first_line: The line on which the words of a `|` block begin; 0 for a
            value whose lines are not the lines of the text.
        plain: What was typed, if it was typed without quotes.
        inside: The places of what the value holds.
    """

    line: int
    first_line: int = 0
    plain: str | None = None
    inside: "dict[str, Place] | list[Place] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a rule found.

    Attributes:
        text_line: For a problem within a text of several lines, its line there,
            counted from 1; otherwise 0.
        rule: As in `Finding`.
    """

    path: Path
    message: str
    hint: str
    text_line: int = 0
    rule: str = ""

    def below(self, path: Path) -> "Problem":
        """The same problem, seen from where *path* begins."""
        return replace(self, path=path + self.path)


def place_of(root: Place, path: Path) -> Place:
    """Return the place of the value at *path*, or of the nearest one around it."""
    place = root
    for step in path:
        inner = _step(place, step)
        if inner is None:
            break
        place = inner
    return place


def locate(problems: Iterable[Problem], root: Place) -> Iterator[Finding]:
    """Tell each problem with its line."""
    for problem in problems:
        place = place_of(root, problem.path)
        line = place.line if problem.path else 0
        if problem.text_line and place.first_line:
            line = place.first_line + problem.text_line - 1
        yield Finding(
            line=line,
            where=pointer(problem.path),
            message=problem.message,
            hint=problem.hint,
            rule=problem.rule,
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Order by line; nothing twice, and not more than 50."""
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: finding.line)
    if len(ordered) <= MAX_FINDINGS:
        return tuple(ordered)
    hint = "Mend these, then check again."
    rest = Finding(line=0, where="", message="there are more findings", hint=hint)
    return (*ordered[:MAX_FINDINGS], rest)


def _step(place: Place, step: str | int) -> Place | None:
    if isinstance(place.inside, dict) and isinstance(step, str):
        return place.inside.get(step)
    if isinstance(place.inside, list) and isinstance(step, int):
        return place.inside[step] if step < len(place.inside) else None
    return None
