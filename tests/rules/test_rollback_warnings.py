"""What a rollback would bring back that is worth a look; it refuses nothing."""

import pytest

from registry.documents import Document, dump, parse
from registry.names import Ref
from tests.rules.texts import BOT, PROMPT, make_bot, make_prompt

FARES = Ref("glossaries/acme/fares")
UNGUARDED = "no guardrail looks at what the bot answers"


def glossary(version: str, **term: str) -> Document:
    value = {
        "kind": "glossary",
        "name": "acme/fares",
        "version": version,
        "owner": "product",
        "description": "Fares.",
        "tier": "low",
        "terms": [{"term": "flex", "definition": "A fare.", **term}],
    }
    return parse(dump(value))


@pytest.fixture
def moved(registry):
    """A term that holds until tomorrow, then a definition that stays."""
    includes = make_prompt("1.0.0", "{{> glossaries/acme/fares }}")
    registry.put(glossary("1.0.0", valid_until="2026-05-04"), includes)
    registry.put(glossary("1.1.0", definition="A fare that can be changed."))
    return registry


def warned(registry, scope) -> list[tuple[str, str]]:
    preview = registry.preview(scope, seq=1)
    return [(one.document, one.message) for one in preview.warnings]


def test_a_term_that_still_holds_is_not_worth_a_look(moved):
    assert warned(moved, FARES) == []


def test_terms_that_have_expired_since_are_told_and_come_back_all_the_same(moved):
    moved.wait(days=2)

    assert warned(moved, FARES) == [
        (FARES, 'the term "flex" expired on 2026-05-04'),
        (PROMPT, '"flex" of glossaries/acme/fares expired on 2026-05-04'),
    ]
    moved.roll_back(FARES, seq=1)
    assert moved.versions()[FARES] == "1.0.0"


def test_people_who_have_left_since_are_told(registry):
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.put(make_bot("1.1.0", purpose="Everything"))
    registry.set_person("editor", active=False)

    assert warned(registry, BOT) == [
        (BOT, UNGUARDED),
        (BOT, "the deputy editor is not active any more"),
    ]
