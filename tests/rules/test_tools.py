"""A tool's schema changes only together with the tool's version."""

import pytest

from registry.documents import Document, dump, parse
from registry.errors import InvalidDocument
from registry.values import Json
from tests.rules.texts import make_bot, make_prompt

ONE, OTHER = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


def bot(version: str, *tools: dict[str, Json]) -> Document:
    listed: Json = [
        {"name": "refund", "description": "Pays.", "owner": "product", **tool}
        for tool in tools
    ]
    return parse(dump({**make_bot(version).value, "tools": listed}))


@pytest.fixture
def pinned(registry):
    """In production a bot with a tool of version 1 whose schema is pinned."""
    registry.put(
        make_prompt("1.0.0"), bot("1.0.0", {"version": "1", "schema_digest": ONE})
    )
    return registry


def test_another_schema_without_another_version_is_refused_with_its_line(pinned):
    edited = bot("2.0.0", {"version": "1", "schema_digest": OTHER})

    with pytest.raises(InvalidDocument) as error:
        pinned.submit(edited)

    (finding,) = error.value.findings
    assert "refund has another schema and no other version" in finding.message
    assert "name: refund" in edited.source.decode().splitlines()[finding.line - 1]


@pytest.mark.parametrize("tool", [{"version": "1"}, {"version": "1", "owner": "risk"}])
def test_a_schema_that_is_not_pinned_any_more_without_a_version_is_refused(
    pinned, tool
):
    with pytest.raises(InvalidDocument, match="no other version"):
        pinned.submit(bot("2.0.0", tool))


@pytest.mark.parametrize(
    "tool",
    [
        {"version": "2", "schema_digest": OTHER},
        {"version": "2", "schema_digest": ONE},
        {"version": "1", "schema_digest": ONE, "owner": "risk"},
        {"version": "1", "schema_digest": OTHER, "name": "another"},
        {"schema_digest": OTHER},
    ],
)
def test_a_tool_with_its_own_version_may_change(pinned, tool):
    assert pinned.submit(bot("2.0.0", tool))


def test_a_tools_first_digest_is_no_change(registry):
    registry.put(make_prompt("1.0.0"), bot("1.0.0", {}))

    assert registry.submit(bot("1.1.0", {"schema_digest": ONE}))


def test_a_tool_is_there_once():
    with pytest.raises(InvalidDocument, match="a tool refund already"):
        bot("1.0.0", {}, {})
