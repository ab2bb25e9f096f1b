"""What events add up to, and which of them do not follow: `registry/fold.py`."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785

from registry import commands, events
from registry.changes import Verdict
from registry.epochs import BY_HAND
from registry.errors import LedgerBroken
from registry.events import NOTHING_BEFORE, Event
from registry.fold import EMPTY, apply
from registry.names import Digest, digest_of
from registry.state import State
from tests.rules.assembly import Registry
from tests.rules.checking import attach, waive
from tests.rules.keeping import approve_if, certify, meet
from tests.rules.texts import BOT, PROMPT, TONE, make_fragment, make_prompt


@pytest.fixture
def lived(furnished: Registry) -> Registry:
    """A registry to which every type of event has happened."""
    furnished.set_person("legal", seats=("board", "legal"))
    change = furnished.submit(make_prompt("1.1.0", "Be brief."))
    furnished.revise(change, make_prompt("1.1.0", "Be short."))
    furnished.act("author", commands.Comment(change=change, text="Why?"))
    furnished.vote(change, "legal", Verdict.VETO, seat="legal")
    furnished.clear_veto(change, "legal", by="board")
    furnished.activate(furnished.agree(change))
    furnished.withdraw(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.stop()
    furnished.activate(furnished.agree(furnished.resume()))
    furnished.recall(furnished.live()[PROMPT])
    furnished.roll_back(PROMPT, seq=1)
    furnished.put(make_fragment("1.1.0", "Be calm.", tier="high"))
    opened = furnished.roll_back(TONE, seq=furnished.environment().seq - 1)
    furnished.judge(opened.number, "risk")
    conditional = furnished.submit(make_prompt("1.0.0", name="acme/other"))
    approve_if(furnished, conditional)
    meet(furnished, conditional)
    certify(furnished, document=TONE)
    asked = replace(furnished.state.people["viewer"], seats=("risk",))
    refused = furnished.act("admin", commands.SetPerson(person=asked))
    furnished.act(
        "admin",
        commands.RefusePerson(
            handle="viewer", proposed=refused.number, reason="Not yet."
        ),
    )
    furnished.put_policy(CHECKED)
    unchecked = furnished.submit(make_prompt("1.0.0", name="acme/new"))
    attach(furnished, unchecked, by="editor", failed=1)
    waive(furnished, unchecked, "product", seat="product")
    furnished.put_policy(POLICY)
    furnished.act(
        BY_HAND.handle,
        commands.RaiseEpoch(taken=None, known=None, reason="The disk is gone."),
        via=BY_HAND.via,
    )
    return furnished


CHECKED = """environment: production
requirements: [{name: product, seat: product}]
checks: [{name: answers, waived_by: [product]}]
"""
POLICY = "environment: production\nrequirements: [{name: open, open: true}]\n"


def fold(history: list[Event]) -> State:
    state = EMPTY
    for event in history:
        body = events.dump(event)
        state = apply(state, events.parse(body), digest_of(body))
    return state


def test_the_same_events_give_the_same_state(lived):
    assert fold(lived.events) == lived.state


def test_every_type_of_event_was_tried(lived):
    happened = {type(event.payload) for event in lived.events}

    assert happened == set(events.TYPES.values())


def test_an_earlier_state_stays_as_it_was(furnished):
    before = furnished.state
    live = furnished.live()

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert {
        ref: one.document.digest
        for ref, one in before.environment("production").live.items()
    } == live
    assert before.environment("production").seq == 1


def test_a_gap_is_refused(lived):
    with pytest.raises(LedgerBroken, match="event 4 does not follow event 2"):
        fold([*lived.events[:2], *lived.events[3:]])


def test_an_event_out_of_order_is_refused(lived):
    first, second, third, *_ = lived.events

    with pytest.raises(LedgerBroken, match="does not follow"):
        fold([first, third, second])


def test_an_event_that_happened_already_is_refused(lived):
    first, second, *_ = lived.events

    with pytest.raises(LedgerBroken):
        fold([first, second, second])


def test_a_ledger_begins_with_its_first_event(lived):
    with pytest.raises(LedgerBroken):
        fold(lived.events[1:])
    assert lived.events[0].previous == NOTHING_BEFORE


def test_an_event_that_names_another_one_before_it_is_refused(lived):
    first, second, *_ = lived.events
    other = replace(second, previous=Digest("sha256:" + "1" * 64))

    with pytest.raises(LedgerBroken, match="the chain of digests is broken"):
        fold([first, other])


def test_a_changed_event_breaks_the_chain_after_it(lived):
    first, second, third, *_ = lived.events
    changed = replace(second, message="Something else")

    with pytest.raises(LedgerBroken):
        fold([first, changed, third])


@pytest.mark.parametrize("by", [timedelta(0), timedelta(microseconds=-1)])
def test_an_event_that_is_not_later_is_refused(lived, by):
    first, second, *_ = lived.events

    with pytest.raises(LedgerBroken, match="event 2 is not later"):
        fold([first, replace(second, at=first.at + by)])


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_an_activation_takes_its_environment_to_the_next_seq(furnished, seq):
    furnished.put(make_fragment("1.1.0", "Be calm."))
    last = furnished.events[-1]
    other = replace(last, payload=replace(last.payload, seq=seq))

    with pytest.raises(LedgerBroken, match=f"from seq 1 to {seq}"):
        fold([*furnished.events[:-1], other])


def test_an_idempotency_key_belongs_to_whoever_used_it(registry):
    registry.submit(make_prompt("1.0.0"), key="once")
    registry.submit(make_prompt("1.0.0"), by="editor", key="once")

    answered = registry.state.answered
    assert answered["author", "once"].number == 2
    assert answered["editor", "once"].number == 3
    assert answered["author", "once"].command == registry.events[1].command


def test_an_event_without_a_key_answers_nothing(registry):
    registry.submit(make_prompt("1.0.0"))

    assert len(registry.state.answered) == 0


def test_changes_are_open_until_they_end(registry):
    one = registry.submit(make_prompt("1.0.0"))
    two = registry.submit(make_prompt("1.0.0", name="acme/other"))

    registry.withdraw(one)

    assert set(registry.state.open_changes) == {two}
    assert registry.change(one).closed_by == "author"


def test_moments_keep_what_was_live(furnished):
    furnished.put(make_fragment("1.1.0", "Be calm."))

    moments = furnished.environment().moments
    assert moments[1].live[TONE].document.version == "1.0.0"
    assert moments[2].live[TONE].document.version == "1.1.0"
    assert moments[2].title == "Say it better"
    assert moments[2].change == 2


def test_bytes_keep_the_seq_since_which_they_are_live(furnished):
    furnished.put(make_fragment("1.1.0", "Be calm."))

    live = furnished.environment().live
    assert (live[TONE].since, live[TONE].composed_since) == (2, 2)
    assert (live[PROMPT].since, live[PROMPT].composed_since) == (1, 2)
    assert (live[BOT].since, live[BOT].composed_since) == (1, 1)


def test_what_comes_back_is_live_since_it_came_back(furnished):
    furnished.put(make_prompt("1.1.0", "Be brief."))

    furnished.roll_back(PROMPT, seq=1)

    assert furnished.environment().live[PROMPT].since == 3


def test_users_are_known_both_ways(furnished):
    used_by = furnished.environment().used_by
    assert used_by[TONE] == {PROMPT}
    assert used_by[PROMPT] == {BOT}

    furnished.put(make_prompt("1.1.0", "Be brief."))

    assert furnished.environment().used_by[TONE] == frozenset()


def test_what_something_read_like_is_remembered_with_its_end(furnished):
    before = furnished.environment().live[PROMPT].document.composed
    furnished.put(make_fragment("1.1.0", "Be calm."))

    environment = furnished.environment()
    after = environment.live[PROMPT].document.composed
    assert environment.was_live[PROMPT, before] == furnished.events[-1].at
    assert environment.was_live[PROMPT, after] is None


def test_a_ratification_names_the_bytes_of_an_older_event(furnished):
    """They lack fields that were added since, and are not written again."""
    furnished.put(make_prompt("1.1.0", "Be brief.", tier="high"))
    before = furnished.state
    event = furnished.roll_back(PROMPT, seq=1)
    said = json.loads(events.dump(event))
    del said["actor"]["reset_at"]
    older = rfc8785.dumps(said)

    state = apply(before, events.parse(older), digest_of(older))

    assert events.dump(events.parse(older)) != older
    assert state.ratifications[event.number].activated == digest_of(older)
