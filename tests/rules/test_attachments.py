"""What a pipeline may attach to a change, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.attachments import (
    MAX_A_DAY,
    MAX_ATTACHED,
    MAX_BY_ONE,
    check_result,
    reaches,
)
from registry.check_results import (
    MAX_EXAMPLES,
    MAX_TEXT_CHARS,
    OwnCheck,
    Source,
    totals,
)
from registry.decide import decide
from registry.errors import (
    Conflict,
    ContentMoved,
    Invalid,
    NotAllowed,
    NotOpen,
    TooLarge,
)
from registry.names import Digest
from registry.people import Role
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.checking import attach, content, example, result
from tests.rules.keeping import password_set
from tests.rules.texts import make_prompt

OTHER = Digest("sha256:" + "0" * 64)


@pytest.fixture
def registry() -> Registry:
    return Registry(people=PEOPLE | {"evaluator": ((Role.EVALUATOR,), ())})


@pytest.fixture
def change(registry: Registry) -> int:
    return registry.submit(make_prompt("1.0.0"))


def test_a_result_is_on_record_with_who_attached_it(registry, change):
    event = attach(registry, change, failed=4, threshold=0.95, passed=True)

    (attached,) = registry.change(change).attached
    assert (attached.by, attached.at, attached.revision) == ("evaluator", event.at, 1)
    assert attached.result == totals(event.payload.result)
    assert attached.event == event.number
    assert "96 of 100 pass" in event.message


def test_an_evaluator_and_an_author_attach_also_by_token(registry, change):
    attach(registry, change, via="token:one")
    attach(registry, change, by="editor", via="token:two")

    assert [one.by for one in registry.change(change).attached] == [
        "evaluator",
        "editor",
    ]


@pytest.mark.parametrize("handle", ["viewer", "operator", "admin", "board"])
def test_nobody_else_attaches(registry, change, handle):
    with pytest.raises(NotAllowed):
        attach(registry, change, by=handle)

    assert registry.change(change).attached == ()


def test_a_token_attaches_only_with_the_role_that_its_scope_has(registry, change):
    with pytest.raises(NotAllowed):
        registry.act(
            "evaluator",
            _command(registry, change),
            via="token:one",
            roles=(Role.OPERATOR,),
        )


def _command(registry, change):
    from registry import commands

    return commands.AttachCheck(change=change, result=result(content(registry, change)))


def test_an_evaluator_whose_password_somebody_else_has_set_attaches_later(
    registry, change
):
    registry.govern(seat_hours=24)
    command, since = _command(registry, change), registry.now

    with pytest.raises(NotAllowed, match="the password of evaluator"):
        decide(password_set(registry, "evaluator", since), command)

    assert decide(password_set(registry, "editor", since), command)
    registry.wait(hours=24)
    assert decide(password_set(registry, "evaluator", since), command)


def test_a_result_of_a_content_that_the_change_never_had_is_refused(registry, change):
    with pytest.raises(ContentMoved, match="revision 1 has sha256:"):
        attach(registry, change, content=OTHER)


def test_a_result_may_be_of_an_earlier_revision(registry, change):
    before = content(registry, change)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))

    attach(registry, change, content=before)

    assert registry.change(change).attached[0].revision == 1


def test_nothing_is_attached_to_a_change_that_was_decided(registry, change):
    registry.withdraw(change)

    with pytest.raises(NotOpen):
        attach(registry, change)


@pytest.mark.parametrize("name", [*OwnCheck, "", "Answers", "a b", "-a", "a" * 65])
def test_a_name_is_plain_and_none_of_the_registrys_own(registry, change, name):
    with pytest.raises(Invalid):
        attach(registry, change, name=name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 0},
        {"total": -1, "failed": -1},
        {"failed": 101},
        {"failed": -1, "passed": True},
        {"production": 101},
        {"production": -1},
        {"failed": 1, "passed": True},
        {"failed": 6, "passed": True, "threshold": 0.95},
        {"threshold": 0.0},
        {"threshold": 1.1},
        {"threshold": math.nan},
        {"threshold": math.inf},
        {"link": "javascript:alert(1)"},
        {"link": "https://user:password@example.org/"},
        {"link": "https://example.org/\u202e"},
        {"examples": (example("maybe"),)},
        {"examples": (example("fail"),)},
        {"total": 1, "examples": (example(), example())},
        {"examples": (example(source=Source.PRODUCTION),)},
        {"examples": (example(after="\ud800"),)},
    ],
    ids=str,
)
def test_what_contradicts_itself_is_refused(registry, change, wrong):
    with pytest.raises(Invalid):
        attach(registry, change, **wrong)

    assert registry.change(change).attached == ()


def test_it_has_passed_with_exactly_as_many_as_the_threshold_asks_for():
    """0.95 of 100 is 95, whatever a float makes of it."""
    for failed, passes in ((5, True), (6, False)):
        assert reaches(result(OTHER, failed=failed, threshold=0.95)) is passes


def test_a_pipeline_may_call_failed_what_would_be_enough():
    assert not check_result(result(OTHER, passed=False)).passed


def test_too_many_examples_are_refused_with_what_to_leave_out():
    many = (example(),) * (MAX_EXAMPLES + 1)

    with pytest.raises(TooLarge) as refused:
        check_result(result(OTHER, total=1000, examples=many))

    assert "Leave out" in refused.value.hint


def test_a_text_that_is_too_long_is_refused_with_its_place():
    examples = (example(), example(after="x" * (MAX_TEXT_CHARS + 1)))

    with pytest.raises(TooLarge, match="`after` of example 2"):
        check_result(result(OTHER, examples=examples))


def test_a_result_that_is_too_large_in_all_is_refused():
    long = example(input="x" * MAX_TEXT_CHARS, after="\x01" * MAX_TEXT_CHARS)

    with pytest.raises(TooLarge, match="bytes"):
        check_result(result(OTHER, examples=(long,) * 100))


def test_the_state_holds_no_examples(registry, change):
    """They are long, and the state is held in memory for ever."""
    long = example(input="long " * 500, after="answer " * 500)

    event = attach(registry, change, examples=(long,), link="https://example.org/7")

    assert event.payload.result.examples == (long,)
    assert "long long" not in repr(registry.change(change))
    assert "answer answer" not in repr(registry.change(change))


def test_a_change_takes_only_so_many_results(registry, change):
    for by in ("evaluator", "editor"):
        for _ in range(MAX_BY_ONE):
            attach(registry, change, by=by)

    with pytest.raises(Conflict, match=f"change 1 has {MAX_ATTACHED} results already"):
        attach(registry, change, by="product")


def test_nobody_attaches_so_much_to_a_change_that_others_cannot(registry, change):
    for _ in range(MAX_BY_ONE):
        attach(registry, change, by="editor")

    with pytest.raises(Conflict, match="25 results of editor already") as refused:
        attach(registry, change, by="editor")
    attach(registry, change)

    assert "have somebody else attach it" in refused.value.hint


def test_somebody_attaches_only_so_much_in_a_day(registry):
    for number in range(MAX_A_DAY // MAX_BY_ONE):
        other = registry.submit(make_prompt("1.0.0", name=f"acme/n{number}"))
        for _ in range(MAX_BY_ONE):
            attach(registry, other)
    change = registry.submit(make_prompt("1.0.0"))
    registry.wait(hours=23)

    with pytest.raises(Conflict, match="attached 200 results within a day") as refused:
        attach(registry, change)
    attach(registry, change, by="editor")

    assert "taken from 2026-05-04 12:00 UTC on" in refused.value.hint
    registry.wait(hours=2)
    attach(registry, change)


def test_the_state_keeps_a_day_of_when_somebody_attached(registry, change):
    attach(registry, change)
    registry.wait(days=1, seconds=1)

    last = attach(registry, change)

    assert registry.state.attached_at["evaluator"] == (last.at,)


@given(st.integers(1, 1000), st.integers(0, 1000), st.floats(0.01, 1))
def test_a_result_that_says_passed_reaches_its_threshold(total, failed, threshold):
    tried = result(OTHER, total=total, failed=failed, threshold=threshold, passed=True)

    try:
        check_result(tried)
    except Invalid:
        return

    assert reaches(tried)
