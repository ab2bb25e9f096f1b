"""The command that each act of the story is."""

from datetime import datetime, timedelta
from functools import singledispatch

from registry import commands
from registry.changes import Verdict
from registry.check_results import CheckResult
from registry.cli.demo import acts
from registry.cli.demo.moments import When
from registry.cli.demo.stage import Stage
from registry.cli.demo.texts import Desk, moved, needed, swapped
from registry.conditions import Condition
from registry.evidence import content_of
from registry.names import Digest, Ref, parse_ref
from registry.people import Role, person
from registry.policy_text import parse_policy

RUNS = "https://ci.example.com/runs/"
"""Where the pipelines of the story would have their reports."""


@singledispatch
def command_of(does: object, stage: Stage) -> commands.Command:
    raise NotImplementedError(does)


@command_of.register
def _(does: acts.Start, stage: Stage) -> commands.Command:
    live = stage.state.environment(does.environment).live
    names = needed(stage.library, parse_ref(does.bot)) - set(live)
    proposal = commands.Proposal(
        title=does.title,
        documents=tuple(
            moved(stage.library.documents[ref], stage.now) for ref in sorted(names)
        ),
        deleted=(),
        edited_from=(),
    )
    return commands.Submit(environment=does.environment, proposal=proposal)


@command_of.register
def _(does: acts.Propose, stage: Stage) -> commands.Command:
    desk = _desk(stage, does.environment, {})
    earliest = _earliest(does.earliest, stage)
    proposal = desk.proposal(does.title, does.texts, stage.now, earliest)
    return commands.Submit(environment=does.environment, proposal=proposal)


@command_of.register
def _(does: acts.Revise, stage: Stage) -> commands.Command:
    change = stage.change(does.name)
    proposed = {
        edit.document: edit.digest
        for edit in change.revision.edits
        if edit.digest is not None
    }
    desk = _desk(stage, change.environment, proposed)
    proposal = desk.proposal(
        does.title, does.texts, stage.now, change.revision.earliest
    )
    return commands.Revise(change=change.id, proposal=proposal)


@command_of.register
def _(does: acts.Promote, stage: Stage) -> commands.Command:
    return commands.Promote(
        title=does.title,
        source=does.source,
        target=does.target,
        documents=tuple(parse_ref(one) for one in does.documents),
        earliest=_earliest(does.earliest, stage),
    )


@command_of.register
def _(does: acts.ProposePolicy, stage: Stage) -> commands.Command:
    begun, where = stage.policy(does.environment), f"the policy of {does.environment}"
    text = swapped(begun, where, does.swaps, stage.now)
    return commands.SubmitPolicy(title=does.title, text=parse_policy(text.encode()))


@command_of.register
def _(does: acts.Say, stage: Stage) -> commands.Command:
    return commands.Comment(change=stage.change(does.change).id, text=does.text)


@command_of.register
def _(does: acts.Vote, stage: Stage) -> commands.Command:
    return _vote(stage, does.change, does.seat, does.verdict, does.reason, None)


@command_of.register
def _(does: acts.ApproveIf, stage: Stage) -> commands.Command:
    condition = Condition(
        text=does.condition, owner=does.owner, due=does.due.moment(stage.now)
    )
    return _vote(stage, does.change, does.seat, Verdict.APPROVE, does.reason, condition)


@command_of.register
def _(does: acts.MeetCondition, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.MeetCondition(change=change.id, voter=does.voter, note=does.note)


@command_of.register
def _(does: acts.ClearVeto, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.ClearVeto(
        change=change.id, veto_by=does.veto_by, reason=does.reason
    )


@command_of.register
def _(does: acts.Attach, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    needed_to_pass = does.threshold * does.total
    result = CheckResult(
        name=does.check,
        content=content_of(change.revision),
        passed=does.total - does.failed >= needed_to_pass,
        total=does.total,
        failed=does.failed,
        threshold=does.threshold,
        production=does.production,
        examples=does.examples,
        link=f"{RUNS}{does.run}",
    )
    return commands.AttachCheck(change=change.id, result=result)


@command_of.register
def _(does: acts.Waive, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.WaiveCheck(
        change=change.id,
        review_digest=change.revision.review_digest,
        check=does.check,
        seat=does.seat,
        reason=does.reason,
        expires=stage.clock() + timedelta(days=does.days),
    )


@command_of.register
def _(does: acts.Activate, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.Activate(
        change=change.id, review_digest=change.revision.review_digest
    )


@command_of.register
def _(does: acts.Emergency, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.ActivateInEmergency(
        change=change.id,
        review_digest=change.revision.review_digest,
        seat="incident",
        incident=does.incident,
        reason=does.reason,
    )


@command_of.register
def _(does: acts.Judge, stage: Stage) -> commands.Command:
    found = stage.state.ratifications[stage.event(does.of)]
    return commands.Judge(
        ratification=found.id,
        activated=found.activated,
        judgement=does.judgement,
        seat=does.seat,
        reason=does.reason,
    )


@command_of.register
def _(does: acts.RollBack, stage: Stage) -> commands.Command:
    undone = stage.event(does.undo)
    moments = stage.state.environment(does.environment).moments
    seq = next(seq for seq, one in moments.items() if one.number == undone)
    return commands.Rollback(
        environment=does.environment,
        scope=None,
        to_seq=None,
        to_moment=None,
        to_version=None,
        propose=False,
        reason=does.reason,
        undo=seq,
    )


@command_of.register
def _(does: acts.Withdraw, stage: Stage) -> commands.Command:
    change = stage.change(does.change)
    return commands.Withdraw(change=change.id, reason=does.reason)


@command_of.register
def _(does: acts.Stop, _: Stage) -> commands.Command:
    return commands.Stop(environment=does.environment, bot=does.bot, reason=does.reason)


@command_of.register
def _(does: acts.Resume, _: Stage) -> commands.Command:
    return commands.Resume(environment=does.environment, bot=does.bot, title=does.title)


@command_of.register
def _(does: acts.Recall, stage: Stage) -> commands.Command:
    ref = parse_ref(does.document)
    edits = stage.change(does.change).revision.edits
    digest = next(one.digest for one in edits if one.document == ref)
    if digest is None:
        raise NotImplementedError(does)
    return commands.Recall(digest=digest, reason=does.reason)


@command_of.register
def _(does: acts.Certify, stage: Stage) -> commands.Command:
    ref = parse_ref(does.document)
    live = stage.state.environment(does.environment).live[ref]
    return commands.Certify(
        environment=does.environment,
        document=ref,
        digest=live.document.digest,
        until=does.until.moment(stage.now),
        seat=does.seat,
        reason=does.reason,
    )


@command_of.register
def _(does: acts.Appoint, _: Stage) -> commands.Command:
    roles = tuple(Role(role) for role in does.roles)
    wanted = person(does.handle, roles=roles, seats=does.seats, active=does.active)
    return commands.SetPerson(person=wanted)


@command_of.register
def _(does: acts.Confirm, stage: Stage) -> commands.Command:
    asked = stage.state.asked_for[does.handle]
    return commands.ConfirmPerson(handle=does.handle, proposed=asked.number)


def _vote(
    stage: Stage,
    name: str,
    seat: str,
    verdict: Verdict,
    reason: str,
    condition: Condition | None,
) -> commands.Vote:
    change = stage.change(name)
    return commands.Vote(
        change=change.id,
        review_digest=change.revision.review_digest,
        verdict=verdict,
        seat=seat,
        reason=reason,
        condition=condition,
    )


def _desk(stage: Stage, environment: str, proposed: dict[Ref, Digest]) -> Desk:
    live = stage.state.environment(environment).live
    return Desk(
        get=stage.document,
        live={ref: one.document.digest for ref, one in live.items()},
        proposed=proposed,
    )


def _earliest(when: When | None, stage: Stage) -> datetime | None:
    return None if when is None else when.moment(stage.now)
