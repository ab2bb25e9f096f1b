"""The pages in docs/ name what there is, and nothing that there is not."""

import ast
import re
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import typer.main

from registry.api.app import create_app, routes_of
from registry.cli.app import app as command_line
from registry.notices import KINDS
from registry.writer import Home, opened

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "prompts/README.md"}
)
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_the_map_of_http_has_every_address(tmp_path):
    home = Home(path=tmp_path / "registry")
    home.create().close()
    told = (ROOT / "docs/http.md").read_text()
    with opened(home) as registry:
        operations = home.open_operations()
        app = routes_of(create_app(registry, operations, lambda: NOON))
        operations.dispose()

    there = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    found = re.findall(r"^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|", told, re.MULTILINE)
    assert len(found) == len(set(found))
    pages = {"GET /openapi.json", "GET /docs"} | {
        f"{method} /sign-{way}" for method in ("GET", "POST") for way in ("in", "out")
    }
    assert set(found) == there | pages


@cache
def all_commands() -> dict[str, set[str]]:
    """The options of every command of `placet`, by its words."""
    found = {}

    def walk(command, words: tuple[str, ...]) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))
        if not hasattr(command, "commands"):
            options = {o for p in command.params for o in p.opts} | {"--help"}
            found[" ".join(words)] = options

    walk(typer.main.get_command(command_line), ())
    return found


def test_the_map_of_the_command_line_has_every_command():
    told = (ROOT / "docs/command-line.md").read_text()

    found = re.findall(r"^\| `placet ([^`]+)` \|", told, flags=re.MULTILINE)

    assert len(found) == len(set(found))
    assert set(found) == set(all_commands())


def unknown_commands(text: str) -> list[str]:
    """Calls of `placet` in *text* that the command line would not understand."""
    known = all_commands()
    groups = {
        " ".join(name.split()[:length])
        for name in known
        for length in range(1, len(name.split()))
    }
    wrong = []
    for call in re.findall(r"(?:^|[`\s/])placet( [a-z][^`|#\n]*)", text, re.MULTILINE):
        words = re.findall(r"--?[a-z-]+|[\w./-]+", call)
        length = 1
        while length <= len(words) and " ".join(words[:length]) in groups:
            length += 1
        name = " ".join(words[:length])
        options = {word for word in words if word.startswith("--")}
        if name not in known or not options <= known[name]:
            wrong.append(f"placet{call}")
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page):
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL)
    spans = re.findall(r"`(placet [^`]+)`", " ".join(page.read_text().split()))
    named = "\n".join([*blocks, *spans])

    assert unknown_commands(named) == []


def test_the_page_on_notifications_has_every_kind_of_notice():
    told, _, _ = (ROOT / "docs/notifications.md").read_text().partition("## Targets")

    rows = re.findall(r"^\| (`.+?`) \|", told, flags=re.MULTILINE)
    kinds = [kind for row in rows for kind in re.findall(r"`([a-z-]+)`", row)]

    assert kinds == list(KINDS)


def texts_of(path: Path) -> dict[int, str]:
    """What a module can say to people, by line: its texts but no docstrings."""
    tree = ast.parse(path.read_text())
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        node.lineno: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in silent
    }


def test_every_command_that_a_hint_names_exists():
    wrong = {}
    for path in sorted((ROOT / "registry").rglob("*.py")):
        for line, text in texts_of(path).items():
            spans = re.findall(r"`(placet [^`]+)`", text)
            if unknown := unknown_commands("\n".join(spans)):
                wrong[f"{path.relative_to(ROOT)}:{line}"] = unknown

    assert wrong == {}


def test_the_architecture_page_has_every_name_of_the_tree():
    told = (ROOT / "docs/architecture.md").read_text()
    lines = re.findall(r"^(\S+)  +\S", told, flags=re.MULTILINE)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip

    rules = {
        parts[1] + ("/" if len(parts) > 2 else "")
        for parts in (Path(line).parts for line in listed)
        if parts[0] == "registry" and parts[1] != "__init__.py"
    }
    folders = {f"{Path(line).parts[0]}/" for line in listed if "/" in line}

    assert rules - set(lines) == set()
    assert folders - set(lines) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_in_a_page_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)

    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        other = (page.parent / path).resolve() if path else page
        if not other.exists() or (anchor and anchor not in anchors(other.read_text())):
            broken.append(target)

    assert broken == []


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def test_decisions_are_numbered_without_gaps():
    numbers = [path.name[:4] for path in ADRS]

    assert numbers == [f"{n:04d}" for n in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_says_why_what_it_costs_and_what_was_refused(path):
    text = path.read_text()
    told = (ROOT / "docs/architecture.md").read_text()

    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Accepted, \d{4}-\d{2}-\d{2}\.$", text, flags=re.MULTILINE)
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE) == [
        "Context", "Decision", "Costs", "Refused",
    ]  # fmt: skip
    assert f"[{text.splitlines()[0][2:]}](adr/{path.name})" in told
