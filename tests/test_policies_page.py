"""docs/policies.md: what it shows can be said, and what can be said is in it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry import schemas
from registry.freezes import open_windows
from registry.policy_gaps import gaps
from registry.policy_text import parse_policy

PAGE = (Path(__file__).parents[1] / "docs/policies.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_policy_on_the_page_is_one(text: str):
    policy = parse_policy(text.encode()).policy

    assert gaps(policy, NOON) == ()


def test_every_option_is_on_the_page():
    options = json.loads(schemas.read_policy())["properties"]

    missing = [name for name in options if not re.search(rf"\b{name}\b", PAGE)]

    assert missing == []


def test_the_windows_on_the_page_are_open_when_it_says():
    (text,) = (text for text in EXAMPLES if "freezes:" in text)
    freezes = parse_policy(text.encode()).policy.freezes

    (weekend,) = open_windows(freezes, ("acme-bank/x",), NOON)
    summer = open_windows(freezes, ("acme-air/x",), datetime(2026, 7, 1, tzinfo=UTC))

    assert weekend.freeze.name == "the weekend"
    assert [one.freeze.name for one in summer] == ["the airline's summer"]
