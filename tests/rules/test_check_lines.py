"""What the registry looks at in a change, and what it says of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry.check_lines import (
    Line,
    LineState,
    attached_lines,
    in_order,
    own_lines,
    shortened,
)
from registry.check_results import OwnCheck
from registry.documents import Document, accepted, dump, parse
from registry.evidence import UNTRIED
from registry.names import digest_of
from registry.people import Role
from registry.state import Certified
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.checking import attach
from tests.rules.texts import (
    BOT,
    PROMPT,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

BINDING = "bindings/acme/chat"


@pytest.fixture
def registry() -> Registry:
    people = PEOPLE | {"evaluator": ((Role.EVALUATOR,), ())}
    return Registry(people=people)


def lines(registry: Registry, change: int) -> list[Line]:
    today = registry.now.date()
    return list(
        own_lines(registry.state, registry.change(change), registry.documents, today)
    )


def of(registry: Registry, change: int, check: OwnCheck) -> list[Line]:
    return [line for line in lines(registry, change) if line.check == check]


def with_parts(document: Document, **parts) -> Document:
    return parse(dump({**document.value, **parts}))


def instead(registry: Registry, document: Document, source: bytes) -> int:
    """A change in which other bytes stand, as if they had been accepted once."""
    change = registry.submit(document)
    digest = digest_of(source)
    registry.documents[digest] = replace(accepted(source), digest=digest)
    (edit,) = registry.change(change).revision.edits
    registry.pretend(change, edits=(replace(edit, digest=digest),))
    return change


def make_binding(**lifecycle) -> Document:
    value = {
        "kind": "binding",
        "name": "acme/chat",
        "version": "1.0.0",
        "owner": "product",
        "description": "Answers.",
        "tier": "low",
        "platform": "openai",
        "model": "gpt-4o-2024-08-06",
        "pin": {"kind": "snapshot", "evidence": "https://example.org/models"},
        "limits": {
            "rpm": 60,
            "tpm": 60000,
            "budget": {"usd": 10, "per": "day"},
            "timeout_s": 30,
            "max_retries": 1,
        },
        "expect": {"response_model": "gpt-4o-2024-08-06"},
        "lifecycle": {
            "status": "active",
            "source": "https://example.org/models",
            "checked_on": "2026-05-01",
            **lifecycle,
        },
    }
    return parse(dump(value))


def test_every_check_has_a_line_that_says_what_was_looked_at(registry):
    change = registry.submit(
        make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")
    )

    told = {line.check: line for line in lines(registry, change)}

    assert set(told) == set(OwnCheck)
    assert (
        told["schema"].sentence == "The schema and the rules of the kind fit 3 texts."
    )
    assert (
        told["references"].sentence
        == "2 references of 3 documents lead to what is there, and fits."
    )
    assert told["bump"].sentence == (
        "0 versions say how much changed; 3 with none before."
    )


def test_failures_come_first(registry):
    lines_of = [
        Line(check=c, state=s, sentence="", document=None, line=0, hint="")
        for c, s in (
            ("schema", LineState.PASSED),
            ("zebra", LineState.FAILED),
            ("people", LineState.WARNED),
            ("cases", LineState.NOT_MEASURED),
            ("bump", LineState.FAILED),
        )
    ]

    found = [line.check for line in in_order(lines_of)]

    assert found == ["bump", "zebra", "people", "cases", "schema"]


def test_they_are_the_same_each_time(registry):
    change = registry.submit(make_prompt("1.0.0"), make_bot("1.0.0"))

    assert lines(registry, change) == lines(registry, change)


def test_a_text_that_breaks_a_newer_rule_fails(registry):
    document = make_prompt("1.0.0")
    change = instead(registry, document, document.source + b"newer: 1\n")

    (line,) = of(registry, change, OwnCheck.SCHEMA)

    assert (line.state, line.document) == (LineState.FAILED, PROMPT)
    assert line.line > 0
    assert line.hint


def test_hidden_text_fails_and_says_where(registry):
    document = make_prompt("1.0.0", "Be kind.")
    source = document.source.replace(b"Be kind.", "Be\u202e kind.".encode())
    change = instead(registry, document, source)

    (line,) = of(registry, change, OwnCheck.HIDDEN_TEXT)

    assert line.state is LineState.FAILED
    assert "U+202E" in line.sentence


def test_a_word_of_two_scripts_is_worth_a_look(registry):
    change = registry.submit(make_prompt("1.0.0", "Pay with p\u0430yp\u0430l."))

    (line,) = of(registry, change, OwnCheck.HIDDEN_TEXT)

    assert line.state is LineState.WARNED


def test_a_credential_fails_and_is_not_repeated(registry):
    document = make_prompt("1.0.0", "Be kind.")
    secret = "AKIA" + "QYLPMN5HFIQR7XYA"
    source = document.source.replace(b"Be kind.", secret.encode())
    change = instead(registry, document, source)

    (line,) = of(registry, change, OwnCheck.SECRETS)

    assert line.state is LineState.FAILED
    assert secret not in line.sentence


def test_a_version_that_says_too_little_fails(registry):
    registry.put(make_prompt("1.0.0"))
    change = registry.submit(make_prompt("1.0.1", "Be brief."))
    registry.put(make_prompt("1.1.0", "Be calm."))

    (line,) = of(registry, change, OwnCheck.BUMP)

    assert line.state is LineState.FAILED
    assert "1.0.1 says too little after 1.1.0" in line.sentence
    assert line.hint == "Give it 1.1.1 or higher."


def test_a_reference_to_what_has_gone_meanwhile_fails(registry):
    registry.put(make_fragment("1.0.0"))
    change = registry.submit(make_prompt("1.0.0", including()))
    registry.put(deleted=("fragments/acme/tone",))

    (line,) = of(registry, change, OwnCheck.REFERENCES)

    assert (line.state, line.document) == (LineState.FAILED, PROMPT)


def test_cases_that_pass_are_counted_and_a_prompt_without_one_is_told(registry):
    case = {"inputs": {}, "expect": {"contains": ["kind"]}}
    change = registry.submit(
        with_parts(make_prompt("1.0.0"), cases=[case, case]),
        make_prompt("1.0.0", name="acme/other"),
    )

    found = of(registry, change, OwnCheck.CASES)

    assert [(line.state, line.document, line.sentence) for line in found] == [
        (LineState.NOT_MEASURED, "prompts/acme/other", "it has no case"),
        (LineState.PASSED, None, "2 cases of 1 document come out as they say."),
    ]


def test_cases_that_do_not_come_out_any_more_fail(registry):
    case = {"inputs": {}, "expect": {"contains": ["kind"]}}
    registry.put(make_fragment("1.0.0", "Be kind."))
    prompt = with_parts(make_prompt("1.0.0", including(text="Please.")), cases=[case])
    change = registry.submit(prompt)
    registry.put(make_fragment("1.0.1", "Be brief."))

    found = of(registry, change, OwnCheck.CASES)

    assert [line.state for line in found] == [LineState.FAILED]


def test_a_model_that_stops_answering_soon_is_worth_a_look(registry):
    soon = registry.now.date() + timedelta(days=30)
    change = registry.submit(make_binding(shutdown_on=str(soon), firm=True))

    (line,) = of(registry, change, OwnCheck.RETIREMENT)
    registry.wait(days=31)
    (later,) = of(registry, change, OwnCheck.RETIREMENT)

    assert (line.state, line.document) == (LineState.WARNED, BINDING)
    assert str(soon) in line.sentence
    assert line.line > 0
    assert later.state is LineState.FAILED


def test_people_who_are_not_there_are_told(registry):
    bot = with_parts(make_bot("1.0.0"), deputy="nobody-here", risk_partner="risk")
    change = registry.submit(make_prompt("1.0.0"), bot)
    registry.set_person("promoter", active=False)

    found = of(registry, change, OwnCheck.PEOPLE)

    assert [(line.document, line.sentence) for line in found] == [
        (BOT, "the deputy nobody-here is nobody here"),
        (BOT, "the on-call promoter is not active any more"),
    ]


def test_a_review_that_is_overdue_is_told_until_it_is_certified(registry):
    bot = with_parts(make_bot("1.0.0"), risk_partner="risk", review_by="2026-05-02")
    change = registry.submit(make_prompt("1.0.0"), bot)
    overdue = of(registry, change, OwnCheck.PEOPLE)
    certified = Certified(
        digest=bot.digest,
        by="product",
        at=registry.now,
        until=registry.now + timedelta(days=90),
        seat=None,
        reason="Read again.",
    )
    key = ("production", bot.ref)
    registry.state = replace(
        registry.state, certified=registry.state.certified.insert(key, certified)
    )

    (after,) = of(registry, change, OwnCheck.PEOPLE)

    assert [line.sentence for line in overdue] == ["its review was due on 2026-05-02"]
    assert after.state is LineState.PASSED


def test_a_change_that_went_live_is_looked_at_beside_what_was_before(registry):
    registry.put(make_prompt("1.0.0"))
    change = registry.put(make_prompt("1.0.1", "Be brief."))
    registry.put(make_prompt("1.1.0", "Be calm."))

    (line,) = of(registry, change, OwnCheck.BUMP)

    assert line.sentence == "1 version says how much changed."


def test_a_policy_has_one_line(registry):
    text = "environment: production\nrequirements: [{name: all, open: true}]\n"
    change = registry.submit_policy(text)

    (line,) = lines(registry, change)

    assert (line.check, line.state) == ("schema", LineState.PASSED)


def test_many_lines_of_one_kind_are_cut_short(registry):
    many = [
        Line(
            check="people",
            state=LineState.WARNED,
            sentence=str(n),
            document=None,
            line=0,
            hint="",
        )
        for n in range(50)
    ]

    short = shortened(many)

    assert len(short) == 21
    assert short[-1].sentence == "and 30 more"


# What others attached.


def test_where_nothing_was_tried_it_is_said(registry):
    change = registry.submit(make_prompt("1.0.0"))

    (line,) = attached_lines(registry.change(change))

    assert (line.state, line.sentence) == (LineState.NOT_MEASURED, UNTRIED)


@pytest.mark.parametrize(
    ("by", "failed", "state"),
    [
        ("evaluator", 0, LineState.PASSED),
        ("evaluator", 1, LineState.FAILED),
        ("author", 0, LineState.WARNED),
        ("author", 1, LineState.FAILED),
    ],
)
def test_what_was_tried_has_a_line(registry, by, failed, state):
    change = registry.submit(make_prompt("1.0.0"))
    attach(registry, change, by=by, failed=failed)

    (line,) = attached_lines(registry.change(change))

    assert (line.check, line.state) == ("answers", state)
    assert f"{100 - failed} of 100 pass" in line.sentence


def test_what_was_tried_of_another_revision_is_not_measured(registry):
    change = registry.submit(make_prompt("1.0.0"))
    attach(registry, change)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))

    found = {line.sentence for line in attached_lines(registry.change(change))}

    assert any("of what revision 1 put in place" in said for said in found)
    assert UNTRIED in found
