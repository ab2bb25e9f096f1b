"""The page on testing names the tests that there are, by their numbers and places."""

import re
from pathlib import Path

from tests.planted.mistakes import MISTAKES
from tests.rules.workflow_invariants import INVARIANTS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/testing.md").read_text()
NUMBERED = re.compile(r"def test_((?:i\d\d_)+)")
MACHINE = "the machine"


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table below *heading*, by their first cell."""
    text = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    cells = [line.strip("|").split("|") for line in re.findall(r"^\|.*", text, re.M)]
    return {row[0].strip(): [one.strip() for one in row[1:]] for row in cells[2:]}


def where_it_is_tested() -> dict[str, set[str]]:
    """Where each invariant is tested, by its number."""
    found: dict[str, set[str]] = {str(number): set() for number in range(1, 33)}
    for invariant in INVARIANTS:
        if invariant.__name__[1:3].isdigit():
            found[str(int(invariant.__name__[1:3]))].add(MACHINE)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for numbers in NUMBERED.findall(path.read_text()):
            for number in re.findall(r"\d\d", numbers):
                found[str(int(number))].add(str(path.relative_to(ROOT)))
    return found


def test_every_invariant_is_told_with_its_tests():
    told = {
        number: set(re.findall(rf"tests/[\w/]+\.py|{MACHINE}", cells[-1]))
        for number, cells in rows("Invariants").items()
    }

    assert told == where_it_is_tested()


def test_every_planted_mistake_is_told():
    assert list(rows("Planted mistakes")) == [one.name for one in MISTAKES]


def test_every_place_that_is_named_exists():
    named = set(re.findall(r"`(tests/[\w/.]+)`", PAGE))

    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


def test_every_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text()
    named = re.findall(r"make ([a-z-]+)", PAGE)

    assert [one for one in named if f"\n{one}:" not in makefile] == []
