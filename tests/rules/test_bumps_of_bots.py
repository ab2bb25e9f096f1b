"""What counts for bots: the rules at the top of `registry/bot_bumps.py`."""

import pytest

from registry.bot_bumps import JUDGES
from registry.bump_reasons import Bump, judge_parts

DIGEST = "sha256:" + "0" * 64


def roles(part: str = "prompts", **named) -> dict:
    return {part: named}


def tool(name: str = "search", **more) -> dict:
    return {"name": name, "description": "Finds.", "owner": "product", **more}


def step(name: str, prompt: str = "main", **more) -> dict:
    return {"name": name, "prompt": prompt, **more}


@pytest.mark.parametrize(
    ("before", "after", "bump"),
    [
        *(
            case
            for part in ("prompts", "guardrails", "bindings")
            for case in (
                (roles(part, a="x", b="y"), roles(part, a="x"), Bump.MAJOR),
                (roles(part, a="x"), roles(part, a="y"), Bump.MAJOR),
                (roles(part, a="x"), {}, Bump.MAJOR),
                (roles(part, a="x"), roles(part, a="x", b="y"), Bump.MINOR),
                ({}, roles(part, a="x"), Bump.MINOR),
                (
                    roles(part, a="x"),
                    roles(part, a={"name": "x", "range": "^1"}),
                    Bump.MINOR,
                ),
            )
        ),
        ({"tools": [tool()]}, {"tools": []}, Bump.MAJOR),
        ({"tools": [tool("a"), tool("a")]}, {"tools": [tool("a")]}, Bump.MAJOR),
        (
            {"tools": [tool(schema_digest=DIGEST)]},
            {"tools": [tool(schema_digest=DIGEST.replace("0", "1"))]},
            Bump.MAJOR,
        ),
        ({"tools": [tool(schema_digest=DIGEST)]}, {"tools": [tool()]}, Bump.MAJOR),
        ({"tools": [tool()]}, {"tools": [tool(schema_digest=DIGEST)]}, Bump.MINOR),
        ({}, {"tools": [tool()]}, Bump.MINOR),
        (
            {"tools": [tool()]},
            {"tools": [{**tool(), "description": "Seeks.", "owner": "risk"}]},
            Bump.PATCH,
        ),
        ({"sources": [{"name": "a", "owner": "b"}]}, {}, Bump.MAJOR),
        ({}, {"sources": [{"name": "a", "owner": "b"}]}, Bump.MINOR),
        (
            {"sources": [{"name": "a", "owner": "b"}]},
            {"sources": [{"name": "a", "owner": "b", "fresh_within": "1h"}]},
            Bump.MINOR,
        ),
        (
            {"sources": [{"name": "a", "owner": "b"}]},
            {"sources": [{"name": "a", "owner": "c"}]},
            Bump.PATCH,
        ),
        ({"steps": [step("a"), step("b")]}, {"steps": [step("a")]}, Bump.MAJOR),
        ({"steps": [step("a")]}, {"steps": [step("a", "other")]}, Bump.MAJOR),
        ({"steps": [step("a")]}, {"steps": [step("a"), step("b")]}, Bump.MINOR),
        (
            {"steps": [step("a"), step("b")]},
            {"steps": [step("a"), step("b", after=["a"])]},
            Bump.MINOR,
        ),
        ({"disclosure": "A machine."}, {"disclosure": "A computer."}, Bump.MINOR),
        ({"disclosure": "A machine."}, {}, Bump.MAJOR),
        ({"fallback": "Call us."}, {"fallback": "Write to us."}, Bump.MINOR),
        ({"budgets": {"turns": 5}}, {"budgets": {"turns": 9}}, Bump.MINOR),
        ({"purpose": "Support"}, {"purpose": "Everything"}, Bump.PATCH),
        ({"deputy": "a"}, {"deputy": "b"}, Bump.PATCH),
        ({"on_call": "a"}, {"on_call": "b"}, Bump.PATCH),
        ({}, {"success": {"metric": "m", "baseline": 1, "target": 2}}, Bump.PATCH),
    ],
)
def test_a_difference_of_a_bot_asks_for_a_step(before, after, bump):
    found = [one.bump for one in judge_parts(before, after, JUDGES)]

    assert max(found, key=lambda one: one.rank) is bump
