"""The house rules of CONTRIBUTING.md, as far as a program can see them."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAYS_NOTHING = re.compile(r"(Manager|Service|Helper|Util|Handler|Processor)s?\Z", re.I)
MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40
PURE_FOLDERS = [
    "registry.announcements",
    "registry.check_formats",
    "registry.check_lines",
    "registry.evidence_packs",
    "registry.exports",
    "registry.imports",
    "registry.reminders",
]
"""Rules that are too many for one file."""

PRODUCT = sorted(
    path
    for folder in ("registry", "client", "ui")
    for path in (ROOT / folder).rglob("*.py")
)
RULES = sorted(set((ROOT / "registry").glob("*.py")) - {ROOT / "registry/__init__.py"})
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SOURCES = {path: path.read_text() for path in {*PRODUCT, *TESTS}}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(SOURCES[path])


def place(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def nodes(paths: list[Path], *kinds: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield path, node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does: neither its docstring nor what it declares.

    A command of the command line declares every option with its help.
    """
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def contract(kind: str, name: str) -> dict:
    found = settings()["tool"]["importlinter"]["contracts"]
    return next(c for c in found if c["type"] == kind and name in c["name"])


def test_no_name_says_nothing():
    classes = nodes(PRODUCT, ast.ClassDef)

    wrong = [place(p, c.lineno) for p, c in classes if SAYS_NOTHING.search(c.name)]
    wrong += [place(p) for p in PRODUCT if SAYS_NOTHING.search(p.stem)]
    wrong += [place(p) for p in PRODUCT if p.stem in {"base", "common", "core", "misc"}]

    assert wrong == []


def test_no_module_is_longer_than_it_can_be_read():
    longer = {
        place(path): lines
        for path in PRODUCT
        if (lines := SOURCES[path].count("\n")) > MAX_MODULE_LINES
    }

    assert longer == {}


def test_no_function_is_longer_than_a_screen():
    functions = nodes(PRODUCT, ast.FunctionDef, ast.AsyncFunctionDef)

    longer = {
        place(path, function.lineno): length(function)
        for path, function in functions
        if length(function) > MAX_FUNCTION_LINES
    }

    assert longer == {}


def test_every_module_begins_by_saying_what_it_is_for():
    silent = [
        place(path)
        for path in PRODUCT
        if SOURCES[path].strip() and ast.get_docstring(tree(path)) is None
    ]

    assert silent == []


def test_values_do_not_change():
    registry = [path for path in PRODUCT if ROOT / "registry" in path.parents]

    wrong = []
    for path, node in nodes(registry, ast.ClassDef):
        for decorator in node.decorator_list:
            text = ast.unparse(decorator)
            if text.startswith("dataclass") and not (
                "frozen=True" in text and "slots=True" in text
            ):
                wrong.append(place(path, node.lineno))

    assert wrong == []


def test_nobody_commits_but_the_database_door():
    elsewhere = [p for p in PRODUCT if ROOT / "registry/db" not in p.parents]

    wrong = [
        place(path, call.lineno)
        for path, call in nodes(elsewhere, ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]

    assert wrong == []


def test_rules_are_told_the_time_and_ids():
    asking = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|uuid\d?)\(")

    wrong = [place(path) for path in RULES if asking.search(SOURCES[path])]

    assert wrong == []


def test_no_rule_is_forgotten_in_the_contract_that_keeps_it_pure():
    listed = contract("forbidden", "A rule touches nothing")["source_modules"]

    assert sorted(listed) == sorted(
        [*PURE_FOLDERS, *(f"registry.{path.stem}" for path in RULES)]
    )


def test_imports_go_one_way():
    lint = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout[-4000:] + checked.stderr


def test_annotations_are_read_as_they_stand():
    """FastAPI, SQLModel and msgspec read them when the program runs."""
    wrong = [
        place(path, node.lineno)
        for path, node in nodes(PRODUCT, ast.ImportFrom)
        if node.module == "__future__"
    ]

    assert wrong == []


def test_tests_use_the_real_thing():
    stand_ins = {"mock", "pytest_mock", "monkeypatch", "mocker", "MagicMock"}

    wrong = []
    for path, node in nodes(TESTS, ast.Import, ast.ImportFrom, ast.arg, ast.Name):
        if isinstance(node, ast.arg):
            names = {node.arg}
        elif isinstance(node, ast.Name):
            names = {node.id}
        else:
            names = {alias.name for alias in node.names}
            names |= set((getattr(node, "module", None) or "").split("."))
        if names & stand_ins:
            wrong.append(place(path, node.lineno))

    assert wrong == []


def test_a_test_is_called_what_it_shows():
    wrong = [
        place(path, function.lineno)
        for path in TESTS
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef)
        and function.name.startswith("test_")
        and function.name.count("_") < 2
    ]

    assert wrong == []


@pytest.mark.parametrize("folder", ["alembic", "tests"])
def test_a_folder_that_is_no_package_stays_none(folder):
    assert list((ROOT / folder).rglob("__init__.py")) == []
