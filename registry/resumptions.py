"""How a stopped bot answers again: exactly as it was agreed that it comes back."""

from registry.changes import Change
from registry.composition import compose, compose_bundle
from registry.decisions import Decision, Situation, activation_trailers
from registry.effects import overlay
from registry.errors import Stale
from registry.names import Kind, ref
from registry.payloads import BundleSet, Resumed
from registry.recalled_content import contents_of, refuse_recalled
from registry.state import Environment


def bring_back(
    situation: Situation, environment: Environment, change: Change
) -> Decision:
    """Raises:
    RecalledContent: Something that the bot is told was recalled.
    Stale: It would not come back as it was agreed to.
    """
    revision = change.revision
    resumption = revision.resumption
    if resumption is None:
        raise Stale(f"change {change.id} has no bot in it")
    bot = ref(Kind.BOT, resumption.bot)
    contents = contents_of(environment, change, situation.documents)
    refuse_recalled(situation.state, contents)
    get = overlay(environment, {}, situation.documents)
    bundle = compose_bundle(get(bot), lambda r: compose(r, get), stopped=None)
    if bundle.digest != resumption.bundle:
        raise Stale(f"{resumption.bot} would not come back as it was agreed to")
    seq = environment.seq + 1
    return Decision(
        payload=Resumed(
            change=change.id,
            environment=environment.name,
            seq=seq,
            bundle=BundleSet(
                bot=resumption.bot,
                bundle=bundle.digest,
                floor=environment.bots[resumption.bot].told.floor,
                stopped=None,
                stopped_at=None,
            ),
        ),
        subject=f"Resume {resumption.bot} in {environment.name}: {revision.title}",
        trailers=activation_trailers(change.id, seq, revision.review_digest),
        files={},
    )
