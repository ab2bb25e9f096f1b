"""Previews of resumptions: whom it would take to have a bot answer again.

* Asked of a bot that is stopped, and of one that somebody is about to stop: then of
  what would be once it is.
* What is told is what comes of the proposal (`registry.decide`), which is forgotten
  afterwards.  Whoever asks counts as its author if they may propose it, so that they
  are not asked to agree.
* A requirement that too few could ever meet says so: then the bot stays stopped until
  somebody is given the seat.
"""

from dataclasses import dataclass, replace

from registry import commands
from registry.authorization import Action, why_not
from registry.decide import decide
from registry.decisions import Situation
from registry.foreseen import foresee
from registry.names import Kind, ref
from registry.people import REGISTRY, SESSION, Actor, Role
from registry.quorums import Standing
from registry.resources import of_documents
from registry.revisions import next_change
from registry.standing import requirements


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumptionPreview:
    """What it would take to have a bot answer again.

    Attributes:
        requirements: Each, and who could agree.
        is_stalled: Whether one of them could not be met as things stand.
        why_not: Why whoever asks may not propose it; `None` if they may.
    """

    environment: str
    bot: str
    requirements: tuple[Standing, ...]
    is_stalled: bool
    why_not: str | None


def preview(situation: Situation, environment: str, bot: str) -> ResumptionPreview:
    """Raises:
    NotFound: The bot is not live there.
    RecalledContent: Something that it would say was recalled.
    """
    where = situation.state.environment(environment)
    about = of_documents(environment, (ref(Kind.BOT, bot),))
    refused = why_not(situation.actor, Action.PROPOSE_RESUMPTION, about)
    by = _proposer(REGISTRY if refused else situation.actor.handle)
    then = replace(situation, actor=by)
    held = where.bots.get(bot)
    if held is None or held.told.stopped is None:
        stop = commands.Stop(environment=environment, bot=bot, reason="A preview.")
        stopped = foresee(then, decide(then, stop))
        then = replace(then, state=stopped.state, now=stopped.at)
    resume = commands.Resume(environment=environment, bot=bot, title=f"Resume {bot}")
    proposed = foresee(then, decide(then, resume))
    change = proposed.state.changes[next_change(then.state)]
    asked = requirements(proposed.state, change, proposed.at)
    return ResumptionPreview(
        environment=environment,
        bot=bot,
        requirements=asked,
        is_stalled=any(one.stalled for one in asked),
        why_not=refused,
    )


def _proposer(handle: str) -> Actor:
    roles = (Role.AUTHOR, Role.OPERATOR)
    return Actor(handle=handle, roles=roles, seats=(), via=SESSION)
