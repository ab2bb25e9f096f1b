"""The fingerprint of a command, which tells a repeated one from another."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import get_args

import pytest

from registry import commands
from registry.changes import Verdict
from registry.commands import Command
from registry.conditions import Condition
from registry.fingerprints import fingerprint
from registry.names import Digest, Ref, parse_digest
from registry.people import Role, person
from registry.policy_text import parse_policy
from registry.ratification import Judgement
from tests.rules.assembly import rollback
from tests.rules.bench import DEVELOPMENT, NOON, STAGING
from tests.rules.checking import example, result
from tests.rules.texts import make_fragment, make_prompt

PERSON = person("author", roles=(Role.AUTHOR,), seats=("board",), active=True)
POLICY = parse_policy(DEVELOPMENT.encode())
PROPOSAL = commands.Proposal(
    title="Say it better",
    documents=(make_prompt("1.0.0"),),
    deleted=(Ref("prompts/a"),),
    edited_from=((Ref("prompts/a"), None), (Ref("prompts/b"), Digest("x"))),
)
RESULT = result(Digest("x"), total=10, examples=(example(),))
CONDITION = Condition(text="Say who.", owner="author", due=NOON)
EACH: list[tuple[Command, dict[str, list]]] = [
    (
        commands.Create(repository="one", policies=(POLICY,), people=(PERSON,)),
        {
            "repository": ["two"],
            "policies": [(), (POLICY, POLICY), (parse_policy(STAGING.encode()),)],
            "people": [(), (PERSON, PERSON)],
        },
    ),
    (
        commands.SetPerson(person=PERSON),
        {
            "person": [
                replace(PERSON, handle="other"),
                replace(PERSON, roles=()),
                replace(PERSON, roles=(Role.ADMIN,)),
                replace(PERSON, seats=()),
                replace(PERSON, active=False),
            ],
            "expected": [Digest("x")],
        },
    ),
    (
        commands.ConfirmPerson(handle="one", proposed=7),
        {"handle": ["other"], "proposed": [8]},
    ),
    (
        commands.RefusePerson(handle="one", proposed=7, reason="Gone."),
        {"handle": ["other"], "proposed": [8], "reason": ["Here."]},
    ),
    (
        commands.Submit(environment="staging", proposal=PROPOSAL),
        {
            "environment": ["production"],
            "proposal": [
                replace(PROPOSAL, title="Other"),
                replace(PROPOSAL, documents=()),
                replace(PROPOSAL, documents=(make_prompt("1.0.0", "Be brief."),)),
                replace(PROPOSAL, documents=(make_fragment("1.0.0"),)),
                replace(
                    PROPOSAL, documents=(*PROPOSAL.documents, make_fragment("1.0.0"))
                ),
                replace(PROPOSAL, deleted=()),
                replace(PROPOSAL, deleted=(Ref("prompts/b"),)),
                replace(PROPOSAL, edited_from=()),
                replace(PROPOSAL, edited_from=PROPOSAL.edited_from[:1]),
                replace(PROPOSAL, earliest=NOON),
            ],
        },
    ),
    (
        commands.Revise(change=1, proposal=PROPOSAL),
        {
            "change": [2],
            "proposal": [replace(PROPOSAL, title="Other")],
        },
    ),
    (
        commands.SubmitPolicy(title="Ask", text=POLICY),
        {
            "title": ["Other"],
            "text": [parse_policy(DEVELOPMENT.encode() + b"# a remark\n")],
            "edited_from": [Digest("x"), Digest("y")],
            "earliest": [NOON],
        },
    ),
    (
        commands.Promote(title="Go", source="a", target="b", documents=(Ref("x"),)),
        {
            "title": ["Other"],
            "source": ["c"],
            "target": ["c"],
            "documents": [(), (Ref("y"),), (Ref("x"), Ref("y"))],
            "earliest": [NOON],
            "expected": [
                (),
                ((Ref("x"), Digest("x")),),
                ((Ref("x"), Digest("y")),),
            ],
        },
    ),
    (commands.Comment(change=1, text="Why?"), {"change": [2], "text": ["Why not?"]}),
    (
        commands.Vote(
            change=1,
            review_digest=Digest("x"),
            verdict=Verdict.APPROVE,
            seat="risk",
            reason="",
        ),
        {
            "change": [2],
            "review_digest": [Digest("y")],
            "verdict": [
                verdict for verdict in Verdict if verdict is not Verdict.APPROVE
            ],
            "seat": ["board"],
            "reason": ["Because."],
            "condition": [
                CONDITION,
                replace(CONDITION, text="Say when."),
                replace(CONDITION, owner="risk"),
                replace(CONDITION, due=NOON + timedelta(days=1)),
            ],
        },
    ),
    (
        commands.ClearVeto(change=1, veto_by="risk", reason="x"),
        {
            "change": [2],
            "veto_by": ["board"],
            "reason": ["y"],
        },
    ),
    (commands.Withdraw(change=1, reason="x"), {"change": [2], "reason": ["y"]}),
    (
        commands.Activate(change=1, review_digest=Digest("x")),
        {
            "change": [2],
            "review_digest": [Digest("y")],
        },
    ),
    (
        commands.ActivateInEmergency(
            change=1, review_digest=Digest("x"), seat="a", incident="b", reason="c"
        ),
        {
            "change": [2],
            "review_digest": [Digest("y")],
            "seat": ["b"],
            "incident": ["c"],
            "reason": ["d"],
        },
    ),
    (
        commands.Judge(
            ratification=1,
            activated=Digest("x"),
            judgement=Judgement.RATIFY,
            seat="a",
            reason="",
        ),
        {
            "ratification": [2],
            "activated": [Digest("y")],
            "judgement": [Judgement.REPUDIATE, Judgement.RETRACT],
            "seat": ["b"],
            "reason": ["Because."],
        },
    ),
    (
        rollback("prompts/a", seq=1),
        {
            "environment": ["staging"],
            "scope": [None, Ref("prompts/b")],
            "to_seq": [None, 2],
            "to_moment": [NOON, NOON + timedelta(microseconds=1)],
            "to_version": ["1.0.0", "1"],
            "propose": [True],
            "reason": ["Other."],
            "undo": [1],
            "expected_seq": [0, 1],
        },
    ),
    (
        commands.Stop(environment="staging", bot="a", reason="x"),
        {
            "environment": ["production"],
            "bot": ["b"],
            "reason": ["y"],
        },
    ),
    (
        commands.Resume(environment="staging", bot="a", title="x"),
        {
            "environment": ["production"],
            "bot": ["b"],
            "title": ["y"],
            "earliest": [NOON],
            "expected_seq": [0, 1],
        },
    ),
    (
        commands.Recall(digest=Digest("x"), reason="x"),
        {
            "digest": [Digest("y")],
            "reason": ["y"],
        },
    ),
    (
        commands.AttachCheck(change=1, result=RESULT),
        {
            "change": [2],
            "result": [
                replace(RESULT, name="other"),
                replace(RESULT, content=Digest("y")),
                replace(RESULT, passed=False),
                replace(RESULT, total=11),
                replace(RESULT, failed=1),
                replace(RESULT, threshold=0.5),
                replace(RESULT, production=1),
                replace(RESULT, examples=()),
                replace(RESULT, link="https://example.org/"),
            ],
        },
    ),
    (
        commands.WaiveCheck(
            change=1,
            review_digest=Digest("x"),
            check="answers",
            seat="risk",
            reason="x",
            expires=NOON,
        ),
        {
            "change": [2],
            "review_digest": [Digest("y")],
            "check": ["other"],
            "seat": ["legal"],
            "reason": ["y"],
            "expires": [NOON + timedelta(days=1)],
        },
    ),
    (
        commands.MeetCondition(change=1, voter="risk", note="x"),
        {"change": [2], "voter": ["legal"], "note": ["y"]},
    ),
    (
        commands.Certify(
            environment="staging",
            document=Ref("prompts/a"),
            digest=Digest("x"),
            until=NOON,
            seat=None,
            reason="x",
        ),
        {
            "environment": ["production"],
            "document": [Ref("prompts/b")],
            "digest": [Digest("y")],
            "until": [NOON + timedelta(days=1)],
            "seat": ["legal"],
            "reason": ["y"],
        },
    ),
    (
        commands.RaiseEpoch(taken=NOON, known=7, reason="x"),
        {
            "taken": [None, NOON + timedelta(days=1)],
            "known": [None, 8],
            "reason": ["y"],
        },
    ),
]
"""Every command, with other values for each of its fields."""


def name_of(value: object) -> str:
    return "" if isinstance(value, dict) else type(value).__name__


def test_every_command_and_every_field_is_tried():
    assert {type(command) for command, _ in EACH} == set(get_args(Command))
    for command, others in EACH:
        assert set(others) == {field.name for field in fields(command)}


@pytest.mark.parametrize(("command", "others"), EACH, ids=name_of)
def test_the_same_command_has_the_same_fingerprint(command, others):
    assert fingerprint(replace(command)) == fingerprint(command)
    assert parse_digest(fingerprint(command))


@pytest.mark.parametrize(("command", "others"), EACH, ids=name_of)
def test_any_difference_gives_another_fingerprint(command, others):
    variants = [
        replace(command, **{name: value})
        for name, values in others.items()
        for value in values
    ]

    found = {fingerprint(variant) for variant in [command, *variants]}

    assert len(found) == len(variants) + 1


def test_different_commands_with_the_same_fields_have_different_fingerprints():
    withdraw = commands.Withdraw(change=1, reason="x")
    comment = commands.Comment(change=1, text="x")

    assert len({fingerprint(command) for command, _ in EACH}) == len(EACH)
    assert fingerprint(withdraw) != fingerprint(comment)
