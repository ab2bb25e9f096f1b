"""Proposals: what may be put to people.

The rules:

 * An edit keeps the rules of `registry.edits`.
 * A promotion pins what the other environment has at that moment, a bot with
   everything it uses, and takes nothing older than what is live here unless it
   is named.
 * A policy change asks for what the old and the new policy ask for, and never
   rides with content.
 * Resuming a stopped bot binds the bundle that will come back.
"""

from registry import commands
from registry.changes import (
    Affected,
    Change,
    ChangeType,
    ProposedPolicy,
    Resumption,
)
from registry.composition import compose, compose_bundle
from registry.decisions import Decision, Situation, proposal_path
from registry.documents import Document
from registry.edits import proposed
from registry.effects import Replacements, closure, overlay
from registry.errors import (
    Conflict,
    Invalid,
    NotOpen,
)
from registry.names import Kind, Ref, digest_of, ref
from registry.payloads import Revised
from registry.people import Role
from registry.policies import match, policy_subject, union
from registry.revisions import (
    digests_of,
    next_change,
    of_documents,
    opened,
    people,
    proposal_files,
    refuse_recalled,
    requirements,
    revision,
    trailers,
)
from registry.state import Environment
from registry.versions import higher


def submit(situation: Situation, command: commands.Submit) -> Decision:
    situation.actor.require("submit a change", Role.AUTHOR)
    environment = situation.state.environment(command.environment)
    replacements = proposed(situation, environment, command.proposal)
    return open_change(
        situation, environment, ChangeType.EDIT, command.proposal.title, replacements
    )


def revise(situation: Situation, command: commands.Revise) -> Decision:
    situation.actor.require("revise a change", Role.AUTHOR)
    change = open_one(situation, command.change)
    if change.type is not ChangeType.EDIT:
        raise Conflict(
            f"change {change.id} is a {change.type}, which cannot be revised",
            hint="Withdraw it and make it again from what is live now.",
        )
    environment = situation.state.environment(change.environment)
    replacements = proposed(situation, environment, command.proposal)
    revised = of_documents(
        situation,
        environment,
        replacements,
        change=change.id,
        number=len(change.revisions) + 1,
        title=command.proposal.title,
    )
    return Decision(
        payload=Revised(
            change=change.id,
            environment=environment.name,
            revision=revised,
            contributors=people(situation, revised),
        ),
        subject=f"Revise change {change.id} in {environment.name}: {revised.title}",
        trailers=trailers(change.id, revised),
        files=proposal_files(change.id, revised.number, replacements),
    )


def promote(situation: Situation, command: commands.Promote) -> Decision:
    situation.actor.require("propose a promotion", Role.AUTHOR, Role.OPERATOR)
    source = situation.state.environment(command.source)
    target = situation.state.environment(command.target)
    if source.name == target.name:
        raise Invalid(
            "a promotion needs two environments",
            hint="Name the one to take from and the one to bring it to.",
        )
    replacements = _promoted(situation, source, target, command.documents)
    return open_change(
        situation, target, ChangeType.PROMOTION, command.title, replacements
    )


def submit_policy(situation: Situation, command: commands.SubmitPolicy) -> Decision:
    situation.actor.require("propose a policy", Role.AUTHOR)
    new = command.text.policy
    environment = situation.state.environment(new.environment)
    digest = digest_of(command.text.source)
    if digest == environment.policy_digest:
        raise Conflict(
            f"that is the policy of {environment.name} already",
            hint="There is nothing to change.",
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
    )
    path = proposal_path(change, 1, f"policy/{environment.name}")
    files = {path: command.text.source}
    return opened(situation, environment, ChangeType.POLICY, proposed, files)


def resume(situation: Situation, command: commands.Resume) -> Decision:
    situation.actor.require("propose to resume a bot", Role.AUTHOR, Role.OPERATOR)
    environment = situation.state.environment(command.environment)
    bot = ref(Kind.BOT, command.bot)
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
    )
    return opened(situation, environment, ChangeType.RESUME, proposed, {})


def open_change(
    situation: Situation,
    environment: Environment,
    type: ChangeType,
    title: str,
    replacements: Replacements,
) -> Decision:
    """Open a change that puts *replacements* in place."""
    change = next_change(situation.state)
    first = of_documents(
        situation, environment, replacements, change=change, number=1, title=title
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
        raise NotOpen(f"change {number} expired at {expires.isoformat()}")
    return change


def _promoted(
    situation: Situation,
    source: Environment,
    target: Environment,
    named: tuple[Ref, ...],
) -> dict[Ref, Document | None]:
    replacements: dict[Ref, Document | None] = {}
    for start in named:
        for name in closure(source, start):
            taken = source.live[name].document
            held = target.live.get(name)
            if held is None or (
                held.document.digest != taken.digest
                and (name in named or higher(taken.version, held.document.version))
            ):
                replacements[name] = situation.documents[taken.digest]
    return replacements


def _unchanged(environment: Environment, name: Ref) -> Affected:
    live = environment.live[name]
    return Affected(
        document=name,
        tier=live.document.tier,
        owners=(live.document.owner,),
        before=live.reading,
        after=live.document.composed,
    )
