"""Open changes that edit the same document: `registry/rivals.py`."""

from registry.rivals import Rival, rivals
from tests.rules.assembly import Registry
from tests.rules.texts import PROMPT, make_prompt

BRIEF, CALM = make_prompt("1.1.0", "Be brief."), make_prompt("1.1.0", "Be calm.")


def found(registry: Registry, **more: int) -> tuple[Rival, ...]:
    situation = registry.situation("viewer")
    return rivals(situation.state, "production", {PROMPT}, situation.now, **more)


def test_a_change_of_the_same_document_is_a_rival(furnished):
    one = furnished.submit(BRIEF, title="Brief")
    furnished.submit(make_prompt("1.0.0", name="acme/other"))

    assert found(furnished) == (
        Rival(change=one, title="Brief", author="author", documents=(PROMPT,)),
    )


def test_a_change_is_not_its_own_rival(furnished):
    one = furnished.submit(BRIEF)
    other = furnished.submit(CALM, by="editor")

    assert [rival.change for rival in found(furnished, revises=one)] == [other]


def test_a_change_that_can_go_live_no_more_is_no_rival(furnished):
    one = furnished.submit(BRIEF)
    furnished.submit(CALM, by="editor")
    furnished.agree(one)
    furnished.activate(one)

    assert found(furnished) == ()
