"""The digest of what somebody holds: `registry/people_file.py`."""

from dataclasses import replace

import pytest

from registry import commands
from registry.errors import ContentMoved
from registry.people import Limit, Role
from registry.people_file import held_digest

LIMIT = Limit(held="legal", environments=("staging",), names=())


@pytest.mark.parametrize(
    "what",
    [{"roles": ()}, {"seats": ()}, {"active": False}, {"limits": (LIMIT,)}],
    ids=["roles", "seats", "activity", "limits"],
)
def test_the_digest_is_another_one_if_something_else_is_held(registry, what):
    state = registry.state
    before = state.people["legal"]
    held = replace(before, roles=(Role.VIEWER,), seats=("legal",))
    with_it = replace(state, people=state.people.insert("legal", held))
    without = replace(state, people=state.people.insert("legal", replace(held, **what)))

    assert held_digest(with_it, "legal") != held_digest(without, "legal")


def test_the_digest_is_another_one_if_something_is_asked_for_them(registry):
    legal = registry.state.people["legal"]
    before = held_digest(registry.state, "legal")
    asked = replace(legal, seats=(*legal.seats, "board"))
    registry.act("admin", commands.SetPerson(person=asked))

    assert held_digest(registry.state, "legal") != before


def test_what_was_read_and_has_changed_since_sets_nothing(registry):
    legal = registry.state.people["legal"]
    read = held_digest(registry.state, "legal")
    first = replace(legal, roles=(Role.AUTHOR,))
    second = replace(legal, roles=(Role.AUDITOR,))
    registry.act("admin", commands.SetPerson(person=first, expected=read))

    with pytest.raises(ContentMoved, match="legal holds something else now"):
        registry.act("second-admin", commands.SetPerson(person=second, expected=read))

    assert registry.state.people["legal"].roles == (Role.AUTHOR,)
