"""Stops: a bot answers with its fallback, at once, until it is resumed.

A stop needs no vote: owner, deputy, on-call, an operator or anybody who holds a
seat stops a bot with a reason.  Nothing stops being live; activations and
rollbacks go on beneath and do not resume it.  Conversations that began before
the stop have to end, so it raises the bot's floor.  It takes no seq to be decided
on, as a rollback does: whatever else has moved, whoever stops a bot means that.
"""

from registry import commands
from registry.authorization import Action, authorize
from registry.composition import compose, compose_bundle
from registry.decisions import Decision, Situation, activation_trailers, check_text
from registry.effects import overlay
from registry.errors import Conflict, NotFound
from registry.names import Kind, ref
from registry.payloads import BundleSet, Stopped
from registry.resources import of_bot


def stop(situation: Situation, command: commands.Stop) -> Decision:
    environment = situation.state.environment(command.environment)
    reason = check_text(command.reason, "a stop's reason")
    name = ref(Kind.BOT, command.bot)
    if name not in environment.live:
        raise NotFound(
            f"the bot {command.bot[:80]} is not live in {environment.name}",
            hint=f"`placet asof {environment.name}` shows what is.",
        )
    get = overlay(environment, {}, situation.documents)
    bot = get(name)
    authorize(situation.actor, Action.STOP, of_bot(environment.name, bot))
    held = environment.bots[command.bot].told
    if held.stopped is not None:
        raise Conflict(
            f"{command.bot} is stopped already: {held.stopped}",
            hint="Propose that it answers, once it may again: `placet resume`.",
        )
    seq = environment.seq + 1
    bundle = compose_bundle(bot, lambda used: compose(used, get), stopped=reason)
    return Decision(
        payload=Stopped(
            environment=environment.name,
            seq=seq,
            reason=reason,
            bundle=BundleSet(
                bot=command.bot,
                bundle=bundle.digest,
                floor=seq,
                stopped=reason,
                stopped_at=seq,
            ),
        ),
        subject=f"Stop {command.bot} in {environment.name}",
        trailers=activation_trailers(None, seq, None),
        files={},
    )
