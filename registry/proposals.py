"""Proposals: what may be put to people.

The rules:

 * An edit keeps the rules of `registry.edits`.
 * Whoever revises a change is an author of what it has already, and of what they
   put in its place.
 * A policy change asks for what the old and the new policy ask for, and never
   rides with content.
 * Resuming a stopped bot binds the bundle that will come back.
 * What is overdue for review is not proposed where that counts.
"""

from dataclasses import replace
from datetime import datetime

from registry import commands, resources
from registry.authorization import Action, Resource, authorize
from registry.changes import (
    Affected,
    Change,
    ChangeType,
    ProposedPolicy,
    Resumption,
    revisable,
)
from registry.composition import compose, compose_bundle
from registry.decisions import Decision, Situation, proposal_path, refuse_moved
from registry.edits import proposed
from registry.effects import Replacements, closure, overlay
from registry.errors import (
    Conflict,
    NotOpen,
    Stale,
)
from registry.names import Kind, Ref, digest_of, ref
from registry.policies import match, policy_subject, union
from registry.recalled_content import digests_of, refuse_recalled
from registry.review_payloads import Revised
from registry.revisions import (
    contributors_of,
    next_change,
    opened,
    proposal_files,
    requirements,
    revision,
    revision_of_documents,
    trailers,
)
from registry.state import Environment
from registry.times import said
from registry.upkeep import refuse_lapsed_reviews


def submit(situation: Situation, command: commands.Submit) -> Decision:
    environment = situation.state.environment(command.environment)
    touched = resources.of_proposal(environment.name, command.proposal)
    authorize(situation.actor, Action.SUBMIT, touched)
    replacements = proposed(situation, environment, command.proposal)
    return open_change(
        situation,
        environment,
        ChangeType.EDIT,
        command.proposal.title,
        replacements,
        earliest=command.proposal.earliest,
    )


def revise(situation: Situation, command: commands.Revise) -> Decision:
    change = open_one(situation, command.change)
    had = resources.of_change(change)
    touched = resources.of_proposal(change.environment, command.proposal)
    both = replace(had, names=had.names | touched.names)
    authorize(situation.actor, Action.REVISE, both)
    if not revisable(change.type):
        raise Conflict(
            f"change {change.id} is a {change.type}, which cannot be revised",
            hint="Withdraw it and make it again from what is live now.",
        )
    environment = situation.state.environment(change.environment)
    replacements = proposed(situation, environment, command.proposal)
    refuse_lapsed_reviews(situation, environment, replacements.values())
    revised = revision_of_documents(
        situation,
        environment,
        replacements,
        change=change.id,
        number=len(change.revisions) + 1,
        title=command.proposal.title,
        earliest=command.proposal.earliest,
    )
    return Decision(
        payload=Revised(
            change=change.id,
            environment=environment.name,
            revision=revised,
            contributors=contributors_of(situation, environment, change.type, revised),
        ),
        subject=f"Revise change {change.id} in {environment.name}: {revised.title}",
        trailers=trailers(change.id, revised),
        files=proposal_files(change.id, revised.number, replacements),
    )


def submit_policy(situation: Situation, command: commands.SubmitPolicy) -> Decision:
    new = command.text.policy
    environment = situation.state.environment(new.environment)
    authorize(
        situation.actor, Action.PROPOSE_POLICY, Resource(environment=environment.name)
    )
    digest = digest_of(command.text.source)
    if digest == environment.policy_digest:
        raise Conflict(
            f"that is the policy of {environment.name} already",
            hint="There is nothing to change.",
        )
    if command.edited_from not in {None, environment.policy_digest}:
        raise Stale(
            f"another policy is in force in {environment.name} than when editing began",
            hint="Read the one in force, and make the edit again.",
        )
    asked = [policy_subject(environment.name)]
    change = next_change(situation.state)
    proposed = revision(
        situation,
        environment,
        change=change,
        number=1,
        title=command.title,
        requirements=union(match(environment.policy, asked), match(new, asked)),
        strict=True,
        proposed_policy=ProposedPolicy(
            policy=new, source=command.text.source.decode(), digest=digest
        ),
        earliest=command.earliest,
    )
    path = proposal_path(change, 1, f"policy/{environment.name}")
    files = {path: command.text.source}
    return opened(situation, environment, ChangeType.POLICY, proposed, files)


def resume(situation: Situation, command: commands.Resume) -> Decision:
    environment = situation.state.environment(command.environment)
    bot = ref(Kind.BOT, command.bot)
    touched = resources.of_documents(environment.name, (bot,))
    authorize(situation.actor, Action.PROPOSE_RESUMPTION, touched)
    refuse_moved(environment, command.expected_seq)
    names = closure(environment, bot)
    stopped_at = environment.bots[command.bot].told.stopped_at
    if stopped_at is None:
        raise Conflict(
            f"{command.bot} is not stopped in {environment.name}",
            hint="There is nothing to resume.",
        )
    refuse_recalled(situation.state, digests_of(environment.live, names))
    get = overlay(environment, {}, situation.documents)
    bundle = compose_bundle(get(bot), lambda used: compose(used, get), stopped=None)
    affected = tuple(_unchanged(environment, name) for name in names)
    proposed = revision(
        situation,
        environment,
        change=next_change(situation.state),
        number=1,
        title=command.title,
        requirements=requirements(environment, affected, {}),
        strict=True,
        effect=affected,
        resumption=Resumption(
            bot=command.bot, stopped=stopped_at, bundle=bundle.digest
        ),
        earliest=command.earliest,
    )
    return opened(situation, environment, ChangeType.RESUME, proposed, {})


def open_change(
    situation: Situation,
    environment: Environment,
    type: ChangeType,
    title: str,
    replacements: Replacements,
    *,
    earliest: datetime | None = None,
) -> Decision:
    """Open a change that puts *replacements* in place."""
    if type is not ChangeType.ROLLBACK:
        refuse_lapsed_reviews(situation, environment, replacements.values())
    change = next_change(situation.state)
    first = revision_of_documents(
        situation,
        environment,
        replacements,
        change=change,
        number=1,
        title=title,
        earliest=earliest,
    )
    files = proposal_files(change, 1, replacements)
    return opened(situation, environment, type, first, files)


def open_one(situation: Situation, number: int) -> Change:
    """The change, if it is still open.

    Raises:
        NotFound: There is no such change.
        NotOpen: It was decided already, or has expired.
    """
    change = situation.state.change(number)
    if change.outcome is not None:
        raise NotOpen(f"change {number} was {change.outcome} already")
    expires = change.revision.expires
    if situation.now >= expires:
        raise NotOpen(f"change {number} expired at {said(expires)}")
    return change


def _unchanged(environment: Environment, name: Ref) -> Affected:
    live = environment.live[name]
    return Affected(
        document=name,
        tier=live.document.tier,
        owners=(live.document.owner,),
        before=live.reading,
        after=live.document.composed,
    )
