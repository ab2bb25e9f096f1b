"""The cases of dotprompt's own specification, each as far as it applies.

Not every case does: what is refused, and why, is listed here by name, so that a
case that begins to mean something else is seen.
"""

from collections import Counter

import pytest
import yaml

from registry.errors import Invalid
from registry.imports import Format
from registry.imports.picoschema import schema_from
from registry.imports.sources import fenced
from tests.imports.tried import DATA, bring, needs_data, said

pytestmark = needs_data

SPECIFICATION = DATA / "prompt-file-formats/google-dotprompt/spec"


def cases():
    for path in sorted(SPECIFICATION.rglob("*.yaml")):
        for group in yaml.safe_load(path.read_text()):
            for case in group["tests"]:
                name = f"{path.stem}-{group['name']}-{case['desc']}"
                yield pytest.param(path.stem, group, case, id=name.replace(" ", "_"))


CASES = list(cases()) if SPECIFICATION.is_dir() else []


def outcome(file: str, group: dict, case: dict) -> str:
    """`same`, or why the case does not apply."""
    if file == "picoschema":
        return picoschema_outcome(group, case)
    try:
        made = bring(group["template"], Format.DOTPROMPT)
    except Invalid as error:
        return f"refused: {error}"
    values: dict = {}
    for data in (group.get("data"), case.get("data")):
        values |= (data or {}).get("input", {})
    defaults = case.get("options", {}).get("input", {}).get("default", {})
    got = [one for one in said(made, **defaults | values) if one[0] != "placeholder"]
    assert got == expected(case, group.get("data", {}).get("messages", []))
    return "same"


def expected(case: dict, conversation: list[dict]) -> list[tuple[str, str]]:
    """The messages that are the prompt's own, without the *conversation* put in."""
    texts = [message["content"] for message in conversation]
    return [
        (
            message["role"].replace("model", "assistant"),
            "".join(part.get("text", "") for part in message["content"]),
        )
        for message in case["expect"]["messages"]
        if message["content"] not in texts
    ]


def picoschema_outcome(group: dict, case: dict) -> str:
    front, _ = fenced(group["template"].replace("\r\n", "\n"))
    elsewhere: list[str] = []
    for part in ("input", "output"):
        if part in case["expect"]:
            schema = schema_from(
                yaml.safe_load(front)[part]["schema"], elsewhere.append
            )
            if elsewhere:
                return "a schema that a program registers"
            assert schema == case["expect"][part]["schema"]
    return "same"


@pytest.mark.parametrize(("file", "group", "case"), CASES)
def test_a_case_of_the_specification_comes_to_the_same(file, group, case):
    found = outcome(file, group, case)

    if found != "same":
        pytest.skip(found)


def test_how_many_cases_of_the_specification_apply():
    found = Counter(outcome(*case.values).partition(":")[0] for case in CASES)

    assert found == {
        "same": 92,
        "refused": 23,
        "a schema that a program registers": 2,
    }
    assert found.total() == 117
