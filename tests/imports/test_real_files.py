"""Files that other people wrote: how many of them import.

The numbers stand in docs/imports.md as well, and are compared with it.
"""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from registry.errors import RegistryError
from registry.imports import Asked, Imported, detect, name_from, read
from tests.imports.tried import DATA, needs_data, value_of

pytestmark = [needs_data, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs/imports.md"
COUNTED = {
    "prompt-file-formats/chatgpt-system-prompts": ("*.md", 46, 46),
    "prompt-file-formats/contoso-chat-prompty": ("*.prompty", 14, 12),
    "prompt-file-formats/github-models-prompt-yml": ("*.yml", 6, 6),
    "prompt-file-formats/google-dotprompt": ("*.prompt", 39, 20),
    "prompt-file-formats/microsoft-prompty": ("*.prompty", 91, 91),
    "prompt-file-formats/promptflow": ("*.prompty", 16, 16),
    "prompt-file-formats/promptflow/": ("*.jinja2", 88, 87),
    "prompt-file-formats/semantic-kernel-prompt-samples": ("skprompt.txt", 51, 51),
    "guardrail-rules/litellm-content-filter/categories": ("*.yaml", 16, 16),
    "guardrail-rules/litellm-content-filter/policy_templates": ("*.yaml", 28, 28),
    "guardrail-rules/litellm-content-filter": ("patterns.json", 1, 1),
    "guardrail-rules/litellm-proxy-configs": ("*.yaml", 25, 1),
    "guardrail-rules/nemo-example-configs": ("config.yml", 97, 0),
}


def outcome(path: Path) -> Imported | RegistryError:
    data = path.read_bytes()
    name = name_from(path.relative_to(DATA).as_posix())
    try:
        asked = Asked(name=name, owner="product", version="0.1.0")
        return read(data, asked, detect(path.name, data))
    except RegistryError as error:
        return error


@pytest.mark.parametrize("folder", COUNTED)
def test_the_share_of_real_files_that_import(folder):
    pattern, files, imported = COUNTED[folder]

    outcomes = [outcome(path) for path in sorted((DATA / folder).rglob(pattern))]

    assert len(outcomes) == files
    made = [one for one in outcomes if isinstance(one, Imported)]
    assert len(made) == imported
    for one in outcomes:
        if isinstance(one, RegistryError):
            assert str(one)
            assert one.hint


def test_the_page_says_the_same_shares():
    told = PAGE.read_text()

    for folder, (pattern, files, imported) in COUNTED.items():
        line = f"| {folder.rstrip('/')} | `{pattern}` | {files} | {imported} |"
        assert line in told


def test_patterns_that_re2_takes_are_rules():
    path = DATA / "guardrail-rules/litellm-content-filter/patterns.json"

    made = outcome(path)

    refused = [one for one in made.leftovers if "RE2 does not take" in one.message]
    assert (len(value_of(made)["rules"]), len(refused)) == (77, 5)


def test_every_word_of_every_category_is_in_a_rule():
    folder = DATA / "guardrail-rules/litellm-content-filter"
    counted: Counter[str] = Counter()

    for path in sorted(folder.rglob("*.yaml")):
        checks = [rule["check"] for rule in value_of(outcome(path))["rules"]]
        found = {term.casefold() for one in checks for term in one.get("terms", ())}
        for key in ("identifier_words", "always_block_keywords", "keywords"):
            for one in yaml.safe_load(path.read_text()).get(key, ()):
                word = one["keyword"] if isinstance(one, dict) else one
                counted["there" if word.strip().casefold() in found else word] += 1

    assert set(counted) == {"there"}
