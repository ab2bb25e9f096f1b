"""The rules at the top of `registry/timelines.py`."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.effects import used
from registry.errors import Conflict
from registry.marks import Mark, MarkKind
from registry.names import Ref
from registry.people import Role
from registry.policy_rules import EmergencyRule
from registry.ratification import Judgement
from registry.timelines import Band, Period, Timeline, timeline
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

NAME = BOT.removeprefix("bots/")
RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)


def told(
    registry: Registry,
    stops: dict[int, str | None] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Timeline:
    """Args:
    stops: The seqs at which it was stopped, and resumed; the others are found.
    """
    environment = registry.state.environment("production")
    return timeline(
        registry.state,
        environment,
        NAME,
        told=stops or {},
        others=(),
        period=Period(since=since, until=until),
    )


def kinds(registry: Registry, **more) -> list[MarkKind]:
    return [mark.kind for mark in told(registry, **more).marks]


def of(document: str, found: Timeline) -> list[Band]:
    return [band for band in found.bands if band.document == document]


def in_emergency(registry: Registry) -> int:
    """Another prompt of the bot; the ratification's number."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    text = make_prompt("1.0.1", including(text="Be sorry."))
    return registry.activate_in_emergency(registry.submit(text)).number


def test_what_went_live_in_an_emergency_is_one(furnished: Registry):
    in_emergency(furnished)

    assert kinds(furnished)[-1] is MarkKind.EMERGENCY


@pytest.mark.parametrize(
    ("judgement", "kind"),
    [
        (Judgement.RATIFY, MarkKind.RATIFIED),
        (Judgement.REPUDIATE, MarkKind.REPUDIATED),
    ],
)
def test_what_people_said_afterwards_is_a_mark(furnished: Registry, judgement, kind):
    number = in_emergency(furnished)
    for handle in ("product", "risk"):
        if furnished.state.ratifications[number].outcome is None:
            furnished.judge(number, handle, judgement)

    last = told(furnished).marks[-1]

    assert last.kind is kind
    assert last.seq == furnished.state.ratifications[number].seq
    assert last.by in last.sentence


def test_an_open_ratification_is_no_mark(furnished: Registry):
    in_emergency(furnished)

    found = kinds(furnished)

    assert {MarkKind.RATIFIED, MarkKind.REPUDIATED}.isdisjoint(found)


def test_a_document_that_the_bot_no_longer_uses_ends_its_band(furnished: Registry):
    furnished.put(make_prompt("2.0.0", "Be brief."))

    (tone,) = of(TONE, told(furnished))

    assert (tone.since, tone.until) == (1, 2)


def test_a_document_that_was_live_before_begins_when_the_bot_uses_it(
    registry: Registry,
):
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", "Hi."), make_bot("1.0.0"))
    registry.put(make_prompt("1.0.1", including()))

    (tone,) = of(TONE, told(registry))

    assert tone.since == 2


def test_a_bot_that_came_back_has_two_bands(furnished: Registry):
    furnished.activate(furnished.agree(furnished.submit(deleted=[BOT])))
    furnished.roll_back(BOT, seq=1)

    found = told(furnished)

    assert [(one.since, one.until) for one in of(BOT, found)] == [(1, 2), (3, None)]
    assert found.marks[-1].kind is MarkKind.ROLLED_BACK


def test_a_period_has_its_beginning_and_not_its_end(moved: Registry):
    marks = told(moved).marks
    first, last = marks[0].at, marks[-1].at

    assert told(moved, since=last).marks == (marks[-1],)
    assert marks[-1] not in told(moved, until=last).marks
    assert told(moved, since=first).marks == marks


def test_a_band_that_reaches_into_a_period_is_in_it(moved: Registry):
    (early, late) = of(PROMPT, told(moved))

    assert of(PROMPT, told(moved, since=late.begins)) == [late]
    assert of(PROMPT, told(moved, until=late.begins)) == [early]


def test_marks_are_told_oldest_first(moved: Registry):
    times = [mark.at for mark in told(moved).marks]

    assert times == sorted(times)


EDITS = st.lists(
    st.sampled_from(["tone", "prompt", "plain", "other", "back"]), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(EDITS)
def test_at_every_seq_the_bands_are_what_the_bot_used(edits: list[str]):
    registry = Registry()
    registry.put(
        make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")
    )
    for number, edit in enumerate(edits, start=1):
        edited(registry, edit, f"{number + 1}.0.0")

    bands = told(registry).bands

    moments = registry.state.environment("production").moments
    for seq in range(1, registry.state.environment("production").seq + 1):
        live = moments[seq].live
        wanted = {n: live[n].document.digest for n in used(live, (Ref(BOT),))}
        at = [b for b in bands if b.since <= seq and (b.until is None or seq < b.until)]
        assert {band.document: band.digest for band in at} == wanted
        assert len(at) == len(wanted)


def edited(registry: Registry, edit: str, version: str) -> None:
    if edit == "tone":
        registry.put(make_fragment(version, f"Be {version}."))
    elif edit == "prompt":
        registry.put(make_prompt(version, including(text=f"Say {version}.")))
    elif edit == "plain":
        registry.put(make_prompt(version, f"Be {version}."))
    elif edit == "other":
        registry.put(make_prompt(version, name=f"acme/n{version}"))
    else:
        with suppress(Conflict):  # it is as it was
            registry.roll_back(None, seq=1)


def test_marks_from_elsewhere_are_put_in_their_place(furnished: Registry):
    environment = furnished.state.environment("production")
    at = environment.moments[1].at
    alert = Mark(
        kind=MarkKind.ALERT, at=at, seq=None, by=None, change=None, sentence="Odd."
    )

    found = timeline(
        furnished.state,
        environment,
        NAME,
        told={},
        others=(alert,),
        period=Period(since=None, until=None),
    )

    assert alert in found.marks
